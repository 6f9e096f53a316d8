#pragma once
// A change that has been thought through and not been made: it shows exactly what executing it does.

#include <stet/late.hpp>
#include <stet/patch/merge.hpp>
#include <stet/patch/merge_records.hpp>
#include <stet/patch/patch.hpp>
#include <stet/patch/record_patch.hpp>
#include <stet/policy/audit.hpp>
#include <stet/revision.hpp>
#include <stet/schema/violations.hpp>

#include <type_traits>
#include <utility>
#include <vector>

namespace stet {

namespace detail {

// What a merge lists and is given, named without looking at T.
template <class T>
using ConflictsOf = std::conditional_t<flat<T>, FlatConflicts<T>, std::vector<late<Conflict, T>>>;
template <class T>
using SidesOf = std::conditional_t<flat<T>, FlatSidesOf<T>, std::vector<late<Side, T>>>;

}  // namespace detail

/// Made by the `plan_` verbs, carried out by `execute`; expires when the head moves.
template <class T>
class Plan {
public:
    using Conflicts = detail::ConflictsOf<T>;

    Plan(Patch<T> patch, Number base, Operation operation, Origin origin, Violations violations, Conflicts conflicts)
        : patch_(std::move(patch)),
          violations_(std::move(violations)),
          conflicts_(std::move(conflicts)),
          base_(base),
          origin_(origin),
          operation_(operation) {}
    Plan(const Patch<T>& patch, Number base, Operation operation, Origin origin, Violations violations)
        : Plan(patch, base, operation, origin, std::move(violations), Merge<T>::none(patch)) {}

    /// What would change.
    const Patch<T>& patch() const { return patch_; }
    /// The rules that the result breaks; with an error among them, executing is refused.
    const Violations& violations() const { return violations_; }
    /// Where later changes stand in the way; with an open one among them, executing is refused.
    const Conflicts& conflicts() const { return conflicts_; }
    /// The head that it was made for.
    Number base() const { return base_; }
    Operation operation() const { return operation_; }
    Origin origin() const { return origin_; }

private:
    Patch<T> patch_;
    Violations violations_;
    Conflicts conflicts_;
    Number base_;
    Origin origin_;
    Operation operation_;
};

}  // namespace stet
