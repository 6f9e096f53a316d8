#pragma once
// Who may read while somebody commits: nobody else, unless a sharing policy says otherwise (stet::Shared, in
// <stet/shared.hpp>).

#include <stet/patch/transaction.hpp>

#include <type_traits>

namespace stet {

/// One thread: no lock, no atomic, no byte.
struct NotShared {
    template <class T>
    using home = detail::Slot<T>;
};

/// A sharing policy says where the live value of a `T` is at home.
template <class P>
concept sharing_policy = requires { typename P::template home<detail::NoDrafts>; };

namespace detail {

struct [[maybe_unused]] NoGuard {};

template <bool Shared>
constexpr bool require_sharing() {
    static_assert(
        Shared,
        "stet: reader, watch and wait_for are for several threads: give the Versioned the policy stet::Shared "
        "of <stet/shared.hpp>");
    return Shared;
}

struct IsSharing {
    template <class P>
    static constexpr bool of = sharing_policy<P>;
};

}  // namespace detail
}  // namespace stet
