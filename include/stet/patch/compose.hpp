#pragma once
// Two changes that were written, one after the other, as one patch with records.

#include <stet/patch/then_records.hpp>

namespace stet::detail {

/// Neither of them is empty.
template <class T, class P, class First, class Second>
P compose_changes(const First& first, const Second& second) {
    return P(rewritten, [&](RecordNode& root) {
        compose_structure<T>(read_edits<T>(first.changes()), read_edits<T>(second.changes()), root);
    });
}

}  // namespace stet::detail
