#pragma once
// The storage policy: a log of revisions. It appends, finds, prunes and pins; numbers, rules and plans are not its
// business.

#include <stet/patch/patch.hpp>
#include <stet/result.hpp>
#include <stet/revision.hpp>
#include <stet/schema/violations.hpp>

#include <concepts>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace stet {

/// A name that pins a revision.
struct Pin {
    std::string name;
    Number number = 0;
    bool operator==(const Pin&) const = default;
};

namespace detail {

// One concept for each function, so that a storage that lacks one can be told which.
template <class S, class T>
concept stores_append = requires(S& storage, Revision& revision, Patch<T>& patch, const T& value) {
    { storage.append(revision, patch, value) } -> std::same_as<Result<void>>;
};
template <class S>
concept stores_head = requires(const S& storage) {
    { storage.head() } -> std::same_as<Number>;
};
template <class S>
concept stores_floor = requires(const S& storage) {
    { storage.floor() } -> std::same_as<Number>;
};
template <class S>
concept stores_size = requires(const S& storage) {
    { storage.size() } -> std::same_as<std::size_t>;
};
template <class S>
concept stores_find = requires(const S& storage, Number number) {
    { storage.find(number) } -> std::same_as<const Revision*>;
};
template <class S, class T>
concept stores_patch = requires(const S& storage, Number number) {
    { storage.patch(number) } -> std::same_as<const Patch<T>*>;
};
template <class S, class T>
concept stores_read = requires(const S& storage, Number number, const T& head_value) {
    requires std::same_as<decltype(storage.read(number, head_value)), T> ||
                 std::same_as<decltype(storage.read(number, head_value)), Result<T>>;
};
template <class S, class T>
concept stores_pin = requires(S& storage, std::string_view name, const Revision& revision, const T& value) {
    { storage.pin(name, revision, value) } -> std::same_as<Result<void>>;
};
template <class S>
concept stores_unpin = requires(S& storage, std::string_view name) {
    requires std::same_as<decltype(storage.unpin(name)), bool> ||
                 std::same_as<decltype(storage.unpin(name)), Result<void>>;
};
template <class S>
concept stores_pins = requires(const S& storage) {
    { storage.pins() } -> std::same_as<std::vector<Pin>>;
};
template <class S>
concept stores_prune = requires(S& storage, std::size_t keep) {
    requires std::same_as<decltype(storage.prune(keep)), std::size_t> ||
                 std::same_as<decltype(storage.prune(keep)), Result<std::size_t>>;
};
template <class S, class T>
concept stores_take_head = requires(S& storage) {
    requires std::same_as<decltype(storage.take_head()), T> || std::same_as<decltype(storage.take_head()), Result<T>>;
};
template <class S, class T>
concept stores_give_head = requires(S& storage, T value) { storage.give_head(static_cast<T&&>(value)); };
// Others may append to it, too.
template <class S>
concept stores_for_many = requires(S& storage) {
    { storage.lock() } -> std::same_as<Result<Number>>;
    { storage.newest() } -> std::same_as<Result<Number>>;
    { storage.unlock() } noexcept;
};

}  // namespace detail

/// A log of revisions of `T`. What changes it either happens whole or not at all, an exception included.
///
/// - `append(revision, patch, value)`: one more; `patch` leads to it from the one before. May take both out of their
///   places if it succeeds, and drop the oldest.
/// - `head()`, `floor()`: the newest and the oldest number of the unbroken run that is kept; 0 if there is none.
/// - `size()`: how many revisions are kept, each once, whether it is in that run or only pinned; without a walk over
/// them.
/// - `find(number)`: what is known of a revision that is kept, or nullptr.
/// - `patch(number)`: what led to it, or nullptr; for those of the run it is there.
/// - `read(number, head_value)`: its value; only for numbers that `find` finds.
/// - `pin(name, revision, value)`, `unpin(name)`, `pins()`: pinned revisions are kept and do not count. One that loses
///   its last name counts again if it is in the run, and goes if it is older.
/// - `prune(keep)`: drops all but the head, the newest `keep` that no name pins, and the pinned; says how many went.
/// - `take_head()`, `give_head(value)`: the value of the head, for who opens the storage and who leaves it.
///
/// Where reading and writing may fail, `read` and `take_head` return a `Result<T>`, `unpin` a `Result<void>`, `prune` a
/// `Result<std::size_t>`. Where others may append, too, there are
/// - `lock()`, `unlock()`: between them nobody else appends; `lock` says what the head is now.
/// - `newest()`: the same without keeping anybody from anything.
template <class S, class T>
concept storage_policy =
    std::move_constructible<S> && detail::stores_head<S> && detail::stores_floor<S> && detail::stores_size<S> &&
    detail::stores_find<S> && detail::stores_pins<S> && detail::stores_unpin<S> && detail::stores_prune<S> &&
    detail::stores_append<S, T> && detail::stores_patch<S, T> && detail::stores_read<S, T> &&
    detail::stores_pin<S, T> && detail::stores_take_head<S, T> && detail::stores_give_head<S, T>;

}  // namespace stet
