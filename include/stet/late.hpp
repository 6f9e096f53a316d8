#pragma once
// A header that is included and not used should cost next to nothing: what a template names through here is looked at
// when the template is used, not before.

namespace stet::detail {

template <class X, class>
struct Late {
    using type = X;
};
/// `X`, as a type that depends on `T`: a `std::vector<X>` is compiled by inclusion, a `std::vector<late<X, T>>` by use.
template <class X, class T>
using late = typename Late<X, T>::type;

}  // namespace stet::detail
