#pragma once
// Changes of a value in place, one after the other, each written into records; and back again, without anything that
// could throw.

#include <stet/late.hpp>
#include <stet/patch/check_records.hpp>
#include <stet/patch/net.hpp>
#include <stet/patch/record_patch.hpp>
#include <stet/patch/then_records.hpp>
#include <stet/patch/transaction.hpp>
#include <stet/patch/ways.hpp>
#include <stet/schema/check.hpp>
#include <stet/vector.hpp>

#include <cstddef>
#include <cstdint>
#include <new>
#include <type_traits>
#include <utility>

namespace stet::detail {

template <class V>
inline constexpr bool appends_in_place = false;
template <sequence_like V>
inline constexpr bool appends_in_place<V> = keeps_promises<V> && moves<typename V::value_type>;
// Inside, too, where there is room again for what was erased.
template <class V>
inline constexpr bool inserts_in_place = appends_in_place<V> && requires(V& sequence) { sequence.capacity(); };

template <class T>
class EditLog {
public:
    using E = ErrorOf<T>;
    /// A draft is changed where leaves cannot be exchanged without throwing. A flat struct is one for whoever asks for
    /// no records.
    static constexpr bool in_place = !flat<T> && leaves_swap<T>();

    explicit EditLog(T& value) : value_(value), records_(flat<T> ? nullptr : &rare().own) {}
    /// Writes what changes behind what is in `records`, and takes it out again when it is taken back.
    EditLog(T& value, Records& records) : value_(value), records_(&records) {}
    EditLog(const EditLog&) = delete;
    EditLog& operator=(const EditLog&) = delete;
    ~EditLog() {
        if (unfinished_) finish();
    }

    T& value() { return value_; }
    bool failed() const { return failed_; }
    const E& error() const { return rare_->error; }
    STET_NO_INLINE void fail(E error) {
        if (!failed_) rare().error = std::move(error);
        failed_ = true;
    }

    /// How many changes were written, each by itself.
    std::size_t size() const { return written_; }
    /// Is it one change of bytes, of which `breaks_rules` knows enough?
    bool plain() const { return plain_; }
    bool breaks_rules() const { return breaks_(value_, around_); }
    /// The leaves that they touch.
    const LeafMask<T>& leaves() const { return mask_; }
    /// The first of them.
    STET_ALWAYS_INLINE WrittenChange<T> first() const { return change(steps_ == 1 ? 0 : next_written(0)); }

    /// All changes as one patch, which belongs to the log.
    Patch<T>& patch()
        requires(!flat<T>)
    {
        Rare& all = rare();
        if (!all.is_composed) {
            if (written_ == 1 && records_ == &all.own) all.composed = Patch<T>(std::move(all.own), mask_);
            else all.composed = compose<Patch<T>>();
            all.is_composed = true;
        }
        return all.composed;
    }
    /// The same for whoever has what was there before; a flat struct's patch is made of the two.
    Patch<T> patch_from([[maybe_unused]] const T& before) {
        if constexpr (flat<T>) return Patch<T>(before, std::as_const(value_));
        else return std::move(patch());
    }
    /// The same as a patch with records, whatever T is.
    template <class P>
    P compose() const {
        HeapVector<late<P, T>> all;
        all.reserve(written_ / 2 + 1);
        // in pairs, and the pairs in pairs: each record is read as often as the number of steps can be halved
        for (std::size_t one = next_written(0); one < steps_;) {
            const std::size_t two = next_written(one + 1);
            if (two < steps_) all.push_back(compose_changes<T, P>(change(one), change(two)));
            else all.push_back(P(rewritten, [&](RecordNode& root) { change(one).write(root); }));
            one = next_written(two + 1);
        }
        if (all.empty()) return P(rewritten, [](RecordNode&) {});
        for (std::size_t size = all.size(); size > 1; size = (size + 1) / 2) {
            for (std::size_t i = 0; i < size; i += 2) {
                if (i + 1 < size) all[i / 2] = both(all[i], all[i + 1]);
                else all[i / 2] = std::move(all[i]);
            }
        }
        return net<T>(std::move(all[0]), std::as_const(value_));
    }

    /// The changes stay; and so does their patch as long as the log.
    void publish() noexcept {
        published_ = true;
        unfinished_ = has_back_ || rare_ != nullptr;
    }
    /// The same where it is plain.
    STET_ALWAYS_INLINE void publish_plain() noexcept {
        published_ = true;
        unfinished_ = false;
    }
    void take_back() noexcept {
        if (!published_ && steps_ > 0) bring_back();
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
        } else {
            if constexpr (bytes<Way> && is_plain<Value> && checked_by_way<T, Way>())
                if (steps_ == 0 && records_ != nullptr) return exchange_bytes(way, next);
            exchange(way, *way.find(value_), next);
        }
    }
    /// Changes a copy of what a way leads to, which exists, and puts it there; unless `f` says false.
    template <class Way, class F>
    bool modify(const Way& way, const F& f) {
        typename Way::Value next(*way.find(value_));
        if (!f(next)) return false;
        replace(way, std::move(next));
        return true;
    }

    /// A step: what `write` writes into the node of the place, what brings it back (nullptr where the records can do
    /// that without throwing), and `change`, which has no effect if it throws.
    template <class Way, class Write, class MakeBack, class Do>
    void step(const Way& way, const Write& write, const MakeBack& make_back, const Do& change) {
        write_step(
            way,
            [&] {
                RecordNode root(*records_);
                way.node(root, write);
            },
            make_back, change);
    }

    struct Back : OnHeap {
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
    auto* make_back_by(const Way& way, Saved&& saved, F f) {
        using By = BackBy<Way, Saved, F>;
        if constexpr (sizeof(By) <= sizeof back_room_ && alignof(By) <= alignof(std::max_align_t))
            if (steps_ == 0) return ::new (back_room_) By(way, std::forward<Saved>(saved), f);
        return new By(way, std::forward<Saved>(saved), f);
    }
    static constexpr auto by_patch = []() -> Back* { return nullptr; };

private:
    template <class P>
    static P both(P& first, P& second) {
        if (first.empty()) return std::move(second);
        if (second.empty()) return std::move(first);
        return compose_changes<T, P>(first, second);
    }
    struct Step {
        Records::Place begin;
        Back* back;
        bool written;
    };
    // Whoever catches what was thrown can go on, but not on a draft, where nothing is brought back.
    struct NotDone {
        EditLog& log;
        Records::Mark begin;
        Back* back = nullptr;
        bool changing = false;
        bool done = false;
        ~NotDone() {
            if (done) return;
            log.forget(back);
            log.records_->rewind(begin);
            if constexpr (!undoable)
                if (changing) log.fail(E(Errc::gave_up));
        }
    };
    static constexpr bool undoable = leaves_swap<T>();

    template <class Way, class Write, class MakeBack, class Do>
    STET_ALWAYS_INLINE void write_step(const Way&, const Write& write, const MakeBack& make_back, const Do& change) {
        if constexpr (flat<T>)
            if (records_ == nullptr) return change();
        plain_ = false;
        NotDone now{*this, records_->mark()};
        if constexpr (Way::written == Written::here) write();
        if (steps_ > 0) make_room();
        if constexpr (undoable) now.back = make_back();
        now.changing = true;
        change();
        now.done = true;
        if (now.back != nullptr) has_back_ = true;
        // word by word: to copy what has just been written would wait for it
        Records::Chunk* const chunk = now.begin.place.chunk;
        const std::uint32_t used = now.begin.place.used;
        Step& step = steps_++ == 0 ? first_ : rare_->more.emplace_back();
        step.begin.chunk = chunk != nullptr ? chunk : records_->begin().chunk;
        step.begin.used = used;
        step.back = now.back;
        step.written = false;
        if constexpr (Way::written == Written::here) {
            const Records::Place end = records_->end();
            if (end.chunk != chunk || end.used != used) {
                step.written = true;
                ++written_;
                mask_.set(Way::root_leaf);
            }
        }
    }
    STET_ALWAYS_INLINE const Step& step_at(std::size_t at) const { return at == 0 ? first_ : rare_->more[at - 1]; }
    std::size_t next_written(std::size_t at) const {
        while (at < steps_ && !step_at(at).written) ++at;
        return at;
    }
    STET_ALWAYS_INLINE WrittenChange<T> change(std::size_t at) const {
        return {step_at(at).begin, records_->may_throw()};
    }
    STET_NO_INLINE void bring_back() noexcept {
        published_ = true;
        if constexpr (undoable) {
            for (std::size_t at = steps_; at-- > 0;) {
                const Step& step = step_at(at);
                if (step.back != nullptr) step.back->run(value_);
                else if (step.written) carry_out_changes<Trust::known>(step.begin.chunk, step.begin.used, true, value_);
            }
        }
    }
    void forget(Back* back) noexcept {
        if (back == nullptr) return;
        if (static_cast<void*>(back) == static_cast<void*>(back_room_)) back->~Back();
        else delete back;
    }

    // Is a change of what a way leads to only bytes, whatever else is on the way?
    template <class Way>
    static constexpr bool bytes =
        Way::written == Written::here && Way::one_value && Way::words != not_found &&
        std::is_same_v<typename Way::Identity, NotKeyed> && std::is_trivially_copyable_v<typename Way::Value> &&
        alignof(typename Way::Value) <= alignof(std::max_align_t);
    // And in one piece, wherever it stands?
    template <class Way>
    static constexpr bool words = bytes<Way> && alignof(typename Way::Value) <= Records::word;

    // The first change, where nothing can fail and there is nothing to be brought back but by its records.
    template <class Way, class V>
    STET_NO_INLINE void exchange_bytes(const Way& way, V& next) {
        auto& around = *way.up.find(value_);
        V& target = *way.step(around);
        if (detail::same(target, next)) return;
        records_->open();
        const Records::Place begin = records_->end();
        const Records::Room room = records_->room_at_hand<Way::words, Replaced<V>>();
        if (room.words == nullptr) return exchange(way, target, next);
        way.leads(*records_, room.words);
        ::new (room.object) Replaced<V>{target, next};
        target = next;
        steps_ = written_ = 1;
        mask_.set(Way::root_leaf);
        first_.begin.chunk = begin.chunk;
        first_.begin.used = begin.used;
        first_.back = nullptr;
        first_.written = true;
        plain_ = true;
        breaks_ = detail::breaks_rules<T, Way>;
        around_ = &around;
    }

    // Is a change of what a way leads to made as one of the value around it?
    template <class Way>
    static constexpr bool around() {
        if constexpr (Way::several && Way::written == Written::here) return false;
        else if constexpr (Way::written == Written::around) return true;
        else return undoable && !nothrow_swappable<typename Way::Value>;
    }
    template <class Way, class V>
    void exchange(const Way& way, V& target, V& next) {
        constexpr bool written = Way::written == Written::here;
        constexpr bool identified = !std::is_same_v<typename Way::Identity, NotKeyed>;
        if constexpr (written && is_whole<V>)
            if (detail::same(target, next)) return;
        V* other = &next;
        write_step(
            way,
            [&] {
                if constexpr (identified)
                    if (write_another(way, target, next)) return;
                if constexpr (!written) {
                } else if constexpr (words<Way>) {
                    if constexpr (!is_whole<V>)
                        if (detail::same(target, next)) return;
                    constexpr std::size_t leads = Way::words * Records::word;
                    std::byte* const place = records_->words(leads + Records::whole_words(sizeof(Replaced<V>)));
                    way.leads(*records_, place);
                    ::new (place + leads) Replaced<V>{target, next};
                } else {
                    RecordNode root(*records_);
                    way.node(root, [&](RecordNode& node) {
                        if constexpr (!Way::one_value) {
                            walk<typename Way::Key>(std::as_const(target), std::as_const(next), node);
                        } else if (!detail::same(target, next)) node.value(target, next);
                    });
                }
            },
            [&]() -> Back* {
                if constexpr (written && is_plain<V> && std::is_trivially_copyable_v<V> && !identified) return nullptr;
                else {
                    auto* const back = make_back_by(way, std::move(next), swap_values<V>);
                    other = &back->saved;
                    return back;
                }
            },
            [&] { swap_values<V>(target, *other); });
    }
    // An element that has another key is another element: one goes, one comes.
    template <class Way, class V>
    bool write_another(const Way& way, const V& was, const V& now) {
        using Key = typename Way::Identity;
        if (detail::same(Key::key(was), Key::key(now))) return false;
        RecordNode root(*records_);
        way.up.node(root, [&](RecordNode& elements) {
            elements.erased(way.index, way.index, was);
            elements.inserted(way.index, way.index, now);
        });
        return true;
    }
    template <class V>
    static constexpr auto swap_values = [](V& a, V& b) {
        using std::swap;
        swap(a, b);
    };

    // What most edits do not need.
    struct NoComposed {
        NoComposed(Records&&, const LeafMask<T>&) {}
    };
    struct Rare {
        Records own;
        bool is_composed = false;
        std::conditional_t<flat<T>, NoComposed, Patch<T>> composed{Records(), LeafMask<T>()};
        HeapVector<late<Step, T>> more;
        E error{Errc::gave_up};
    };
    STET_NO_INLINE Rare& rare() {
        unfinished_ = true;
        if (rare_ == nullptr) rare_ = ::new (rare_room_) Rare;
        return *rare_;
    }
    STET_NO_INLINE void make_room() {
        auto& more = rare().more;
        if (more.size() == more.capacity()) more.reserve(2 * more.size() + 1);
    }
    STET_NO_INLINE void finish() noexcept {
        take_back();
        for (std::size_t at = 0; at < steps_; ++at) forget(step_at(at).back);
        if (rare_ != nullptr) rare_->~Rare();
    }

    T& value_;
    Rare* rare_ = nullptr;
    Records* records_;  // nullptr: nobody asks
    std::uint32_t steps_ = 0;
    std::uint32_t written_ = 0;
    LeafMask<T> mask_;
    bool published_ = false;
    bool failed_ = false;
    bool has_back_ = false;
    bool plain_ = false;
    bool unfinished_ = true;
    bool (*breaks_)(const T&, const void*);  // where it is plain
    const void* around_;
    Step first_;  // where there is one
    alignas(std::max_align_t) std::byte back_room_[112];
    alignas(Rare) std::byte rare_room_[sizeof(Rare)];
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
