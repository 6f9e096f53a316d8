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

/// A log of revisions of `T`. What changes it either happens whole or not at all, an exception included.
///
/// - `append(revision, patch, value)`: one more; `patch` leads to it from the one before. May take both out of their
///   places if it succeeds, and drop the oldest.
/// - `head()`, `floor()`: the newest and the oldest number of the unbroken run that is kept; 0 if there is none.
/// - `find(number)`: what is known of a revision that is kept, or nullptr.
/// - `patch(number)`: what led to it, or nullptr.
/// - `read(number, head_value)`: its value; only for numbers that `find` finds.
/// - `pin(name, revision, value)`, `unpin(name)`, `pins()`: pinned revisions are kept and do not count.
/// - `prune(keep)`: drops all but the newest `keep`; says how many went.
/// - `take_head()`, `give_head(value)`: the value of the head, for who opens the storage and who leaves it.
template <class S, class T>
concept storage_policy = requires(S& storage, const S& constant, Revision& revision, Patch<T>& patch, const T& value,
                                  Number number, std::string_view name, std::size_t keep) {
    { storage.append(revision, patch, value) } -> std::same_as<Result<void>>;
    { constant.head() } -> std::same_as<Number>;
    { constant.floor() } -> std::same_as<Number>;
    { constant.find(number) } -> std::same_as<const Revision*>;
    { constant.patch(number) } -> std::same_as<const Patch<T>*>;
    { constant.read(number, value) } -> std::same_as<T>;
    { storage.pin(name, revision, value) } -> std::same_as<Result<void>>;
    { storage.unpin(name) } -> std::same_as<bool>;
    { constant.pins() } -> std::same_as<std::vector<Pin>>;
    { storage.prune(keep) } -> std::same_as<std::size_t>;
};

}  // namespace stet
