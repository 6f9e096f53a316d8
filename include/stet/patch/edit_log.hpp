#pragma once
// Changes of a value in place, one after the other, each with its patch; and back again, without anything that could
// throw.

#include <stet/patch/then_records.hpp>
#include <stet/patch/transaction.hpp>
#include <stet/patch/ways.hpp>
#include <stet/schema/check.hpp>

#include <cstddef>
#include <type_traits>
#include <utility>
#include <vector>

namespace stet::detail {

// Containers with an allocator keep what the standard asks of its own: inserting one element, at the end of a sequence
// or anywhere in a map or set, has no effect if it throws; and erasing throws nothing. Of others a copy is changed.
template <class V>
concept keeps_promises = requires { typename V::allocator_type; };
template <class E>
inline constexpr bool moves = std::is_nothrow_move_constructible_v<E> && std::is_nothrow_move_assignable_v<E>;
template <class V>
inline constexpr bool appends_in_place = false;
template <sequence_like V>
inline constexpr bool appends_in_place<V> = keeps_promises<V> && moves<typename V::value_type>;
// Inside, too, where there is room again for what was erased.
template <class V>
inline constexpr bool inserts_in_place = appends_in_place<V> && requires(V& sequence) { sequence.capacity(); };
// An entry or member is taken out as a node, and put back.
template <class V>
inline constexpr bool extracts =
    keeps_promises<V> && requires(V& container) { container.insert(container.extract(container.begin())); };

template <class T>
class EditLog {
public:
    using E = ErrorOf<T>;
    /// A flat struct is changed as a copy, and so is one whose leaves cannot be exchanged without throwing.
    static constexpr bool records = !flat<T>;
    static constexpr bool in_place = records && leaves_swap<T>();

    explicit EditLog(T& value) : value_(value) {}
    EditLog(const EditLog&) = delete;
    EditLog& operator=(const EditLog&) = delete;
    ~EditLog() { take_back(); }

    T& value() { return value_; }
    bool failed() const { return failed_; }
    const E& error() const { return error_; }
    void fail(E error) {
        if (!failed_) error_ = std::move(error);
        failed_ = true;
    }

    /// All changes as one patch, which belongs to the log.
    Patch<T>& patch() {
        if (steps_.size() == 1) return steps_[0].patch;
        composed_.clear();
        composed_.reserve(steps_.size() / 2 + 1);
        // in pairs, and the pairs in pairs: each record is read as often as the number of steps can be halved
        for (std::size_t i = 0; i + 1 < steps_.size(); i += 2)
            composed_.push_back(then_records(steps_[i].patch, steps_[i + 1].patch));
        if (steps_.size() % 2 == 1) composed_.push_back(steps_.back().patch);
        if (steps_.empty()) composed_.push_back(Patch<T>(rewritten, [](RecordNode&) {}));
        for (std::size_t size = composed_.size(); size > 1; size = (size + 1) / 2) {
            for (std::size_t i = 0; i < size; i += 2) {
                if (i + 1 < size) composed_[i / 2] = then_records(composed_[i], composed_[i + 1]);
                else composed_[i / 2] = std::move(composed_[i]);
            }
        }
        return composed_[0];
    }
    /// The same for whoever has what was there before; a flat struct's patch is made of the two.
    Patch<T> patch_from([[maybe_unused]] const T& before) {
        if constexpr (records) return std::move(patch());
        else return Patch<T>(before, std::as_const(value_));
    }
    /// The changes stay; and so does their patch as long as the log.
    void publish() noexcept { published_ = true; }
    void take_back() noexcept {
        if (published_) return;
        for (; !steps_.empty(); steps_.pop_back()) {
            const Step& last = steps_.back();
            if constexpr (in_place) {
                if (last.back != nullptr) last.back->run(value_);
                else Apply::undo(last.patch, value_);
            }
        }
    }

    /// Puts a value where a way leads, which exists.
    template <class Way, class V>
    void replace(const Way& way, V&& next) {
        using Value = typename Way::Value;
        if constexpr (around<Way>()) {
            auto& outer = *way.up.find(value_);
            std::remove_reference_t<decltype(outer)> copy(outer);
            *way.step(copy) = std::forward<V>(next);
            replace(way.up, std::move(copy));
        } else if constexpr (Way::several && Way::written == Written::here) {
            for_each_leaf<Value>([&]<std::size_t L>() {
                constexpr IndexPath path = leaf_table<Value>.path[L];
                replace(Further<path, Way>::from(way), get_leaf<L>(next));
            });
        } else exchange(way, *way.find(value_), next);
    }
    /// Changes a copy of what a way leads to, which exists, and puts it there; unless `f` says false.
    template <class Way, class F>
    bool modify(const Way& way, const F& f) {
        typename Way::Value next(*way.find(value_));
        if (!f(next)) return false;
        replace(way, std::move(next));
        return true;
    }

    /// A step: what `write` writes into the node of the place, what brings it back (nullptr where the patch can do
    /// that without throwing), and `change`, which has no effect if it throws.
    template <class Way, class Write, class MakeBack, class Do>
    void step(const Way& way, const Write& write, const MakeBack& make_back, const Do& change) {
        if constexpr (!records) change();
        else {
            Step next(Patch<T>(rewritten, [&](RecordNode& root) {
                if constexpr (Way::written == Written::here) way.node(root, write);
            }));
            if (steps_.size() == steps_.capacity()) steps_.reserve(2 * steps_.size() + 1);
            if constexpr (in_place) next.back = make_back();
            steps_.push_back(std::move(next));
            NotDone guard{this};
            change();
            guard.log = nullptr;
        }
    }

    struct Back {
        Back() = default;
        Back(const Back&) = delete;
        Back& operator=(const Back&) = delete;
        virtual ~Back() = default;
        virtual void run(T& value) noexcept = 0;
    };
    /// Calls `f(place, saved)` with what a way leads to and what was saved.
    template <class Way, class Saved, class F>
    struct BackBy final : Back {
        BackBy(const Way& to, Saved&& what, F how) : way(to), saved(std::move(what)), f(how) {}
        void run(T& value) noexcept override { f(*way.find(value), saved); }
        Way way;
        Saved saved;
        F f;
    };
    template <class Way, class Saved, class F>
    static auto* make_back_by(const Way& way, Saved&& saved, F f) {
        return new BackBy<Way, Saved, F>(way, std::forward<Saved>(saved), f);
    }
    static constexpr auto by_patch = []() -> Back* { return nullptr; };

private:
    struct Step {
        explicit Step(Patch<T>&& made) : patch(std::move(made)) {}
        Step(Step&& other) noexcept : patch(std::move(other.patch)), back(std::exchange(other.back, nullptr)) {}
        Step& operator=(const Step&) = delete;
        ~Step() { delete back; }
        Patch<T> patch;
        Back* back = nullptr;
    };
    // Whoever catches what was thrown can go on, but not on a draft, where nothing is brought back.
    struct NotDone {
        EditLog* log;
        ~NotDone() {
            if (log == nullptr) return;
            log->steps_.pop_back();
            if constexpr (!in_place) log->fail(E(Errc::gave_up));
        }
    };

    // Is a change of what a way leads to made as one of the value around it?
    template <class Way>
    static constexpr bool around() {
        if constexpr (Way::several && Way::written == Written::here) return false;
        else if constexpr (records && Way::written == Written::around) return true;
        else return in_place && !nothrow_swappable<typename Way::Value>;
    }
    template <class Way, class V>
    void exchange(const Way& way, V& target, V& next) {
        constexpr bool written = Way::written == Written::here;
        if constexpr (!records) target = std::move(next);
        else {
            if constexpr (written && is_plain<V>)
                if (detail::same(target, next)) return;
            V* other = &next;
            step(
                way,
                [&](RecordNode& node) {
                    if constexpr (!Way::one_value) {
                        walk<typename Way::Key>(std::as_const(target), std::as_const(next), node);
                    } else if (!detail::same(target, next)) node.value(target, next);
                },
                [&]() -> Back* {
                    if constexpr (written && is_plain<V> && std::is_trivially_copyable_v<V>) return nullptr;
                    else {
                        auto* const back = make_back_by(way, std::move(next), swap_values<V>);
                        other = &back->saved;
                        return back;
                    }
                },
                [&] { swap_values<V>(target, *other); });
        }
    }
    template <class V>
    static constexpr auto swap_values = [](V& a, V& b) {
        using std::swap;
        swap(a, b);
    };

    T& value_;
    std::vector<Step> steps_;
    std::vector<Patch<T>> composed_;
    E error_{Errc::gave_up};
    bool failed_ = false;
    bool published_ = false;
};

/// What was edited, until it is in force or taken back.
template <class T>
class Edited {
public:
    explicit Edited(EditLog<T>& log) : log_(log) {}
    const T& value() const { return log_.value(); }
    void publish() noexcept { log_.publish(); }
    void withdraw() noexcept { log_.take_back(); }

private:
    EditLog<T>& log_;
};

}  // namespace stet::detail
