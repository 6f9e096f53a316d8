#pragma once
// A handle on a revision that owns its value and never changes.

#include <stet/revision.hpp>

#include <utility>

namespace stet {

/// A revision with its value; stays valid and unchanged whatever becomes of the `Versioned` that it came from.
template <class T>
class Snapshot {
public:
    Snapshot(Revision revision, T value) : revision_(std::move(revision)), value_(std::move(value)) {}

    Number revision() const { return revision_.number; }
    /// Who, when, why, from where.
    const Revision& info() const { return revision_; }
    const T& value() const& { return value_; }
    T value() && { return std::move(value_); }
    const T& operator*() const { return value_; }
    const T* operator->() const { return &value_; }

private:
    Revision revision_;
    T value_;
};

}  // namespace stet
