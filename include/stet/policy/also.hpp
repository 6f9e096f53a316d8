#pragma once
// An audit and who else wants to hear of it: further audits, metrics, a log.

#include <stet/policy/audit.hpp>

#include <cstddef>
#include <tuple>
#include <type_traits>
#include <utility>

namespace stet {

/// Hears of every operation, once it is decided, and can do nothing about it: a function of yours that does not throw,
/// `stet::Prometheus`, `stet::Spdlog`.
template <class L>
concept audit_listener = !audit_policy<L> && std::is_invocable_v<L&, const AuditRecord&> && std::move_constructible<L>;

namespace detail {

// What `also` makes of the first that it is given: the audit whose find(), verify() and digests the whole one has.
template <class First>
inline constexpr bool leads = audit_policy<First> || std::is_same_v<First, NoAudit>;

}  // namespace detail

/// What `stet::also` makes: the first audit, with others behind it.
template <class Audit, class... Others>
class Also : public Audit {
    static constexpr std::size_t count = sizeof...(Others);

public:
    explicit Also(Audit audit, Others... others) : Audit(std::move(audit)), others_(std::move(others)...) {}

    /// Any audit may refuse; those that had begun hear that it did not happen.
    Result<void> begin(AuditRecord record) {
        heard_ = std::move(record);
        if constexpr (audit_policy<Audit>)
            if (auto begun = Audit::begin(heard_); !begun) return begun;
        return begin_others<0>();
    }
    void confirm() noexcept {
        if constexpr (audit_policy<Audit>) Audit::confirm();
        std::apply([&](auto&... other) { (tell(other), ...); }, others_);
    }
    void cancel() noexcept { cancel_first(count); }
    /// Each that can is told how far the storage has come. Returns how many records did not happen.
    Result<std::size_t> reconcile(Number head)
        requires(detail::reconciles<Audit> || (detail::reconciles<Others> || ...))
    {
        Number unmade = 0;
        if (auto done = reconcile_one(static_cast<Audit&>(*this), head, unmade); !done) return Failure(done.error());
        if (auto done = reconcile_others<0>(head, unmade); !done) return Failure(done.error());
        return static_cast<std::size_t>(unmade);
    }

    /// One of the others, by its type: `settings.audit().other<stet::AuditLog>()`
    template <class Other>
    const Other& other() const {
        return std::get<Other>(others_);
    }
    template <class Other>
    Other& other() {
        return std::get<Other>(others_);
    }

private:
    template <class One>
    static Result<void> reconcile_one([[maybe_unused]] One& one, [[maybe_unused]] Number head,
                                      [[maybe_unused]] Number& unmade) {
        if constexpr (detail::reconciles<One>) {
            const auto done = one.reconcile(head);
            if (!done) return Failure(done.error());
            unmade += Number{*done};
        }
        return {};
    }
    template <std::size_t I>
    Result<void> reconcile_others(Number head, Number& unmade) {
        if constexpr (I == count) return {};
        else {
            if (auto done = reconcile_one(std::get<I>(others_), head, unmade); !done) return done;
            return reconcile_others<I + 1>(head, unmade);
        }
    }
    template <std::size_t I>
    Result<void> begin_others() {
        if constexpr (I == count) return {};
        else {
            if constexpr (audit_policy<std::tuple_element_t<I, std::tuple<Others...>>>)
                if (auto begun = std::get<I>(others_).begin(heard_); !begun) {
                    cancel_first(I);
                    return begun;
                }
            return begin_others<I + 1>();
        }
    }
    void cancel_first(std::size_t begun) noexcept {
        if constexpr (audit_policy<Audit>) Audit::cancel();
        std::size_t at = 0;
        const auto cancel = [&](auto& other) {
            if constexpr (audit_policy<std::remove_cvref_t<decltype(other)>>)
                if (at < begun) other.cancel();
            ++at;
        };
        std::apply([&](auto&... other) { (cancel(other), ...); }, others_);
    }
    template <class Other>
    void tell(Other& other) noexcept {
        if constexpr (audit_policy<Other>) other.confirm();
        else other(std::as_const(heard_));
    }

    std::tuple<Others...> others_;
    AuditRecord heard_;
};

namespace detail {

struct MakeAlso {
    /// An audit, and what else hears of each operation, in this order: `also(JsonLines{"audit.jsonl"}, AuditLog{100},
    /// Prometheus{registry})`; without an audit in front nothing is kept: `also(Prometheus{registry})`. The whole has
    /// the find() and the digests of the first.
    template <class First, class... Others>
    auto operator()(First first, Others... others) const {
        static_assert(leads<First> || audit_listener<First>,
                      "stet: also: the first is no audit (stet::AuditLog) and no listener: a function that takes a "
                      "const stet::AuditRecord&");
        static_assert(((audit_policy<Others> || audit_listener<Others>) && ...),
                      "stet: also: one of the others is no audit (stet::AuditLog) and no listener: a function that "
                      "takes a const stet::AuditRecord&");
        static_assert(!std::is_final_v<First> || !leads<First>, "stet: also: the audit is final; leave that out");
        if constexpr (leads<First>) return Also<First, Others...>(std::move(first), std::move(others)...);
        else return Also<NoAudit, First, Others...>(NoAudit{}, std::move(first), std::move(others)...);
    }
};

}  // namespace detail

inline constexpr detail::MakeAlso also{};

}  // namespace stet
