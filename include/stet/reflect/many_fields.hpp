#pragma once
// Structs of 51 to 100 fields: what <stet/reflect/bindings.hpp> asks of smaller ones. Apart, because who has none need
// not compile it. To be included before the struct is used with the library, wherever it is.

#include <stet/reflect/sentences.hpp>

#include <stet/reflect/bindings.hpp>

namespace stet::detail {

// clang-format off
template <std::size_t Count>
struct ManyBindings {
    template <class T>
    static constexpr Binding ask([[maybe_unused]] T& value) {
        STET_BINDINGS_ASK_TEN(5) STET_BINDINGS_ASK_TEN(6) STET_BINDINGS_ASK_TEN(7) STET_BINDINGS_ASK_TEN(8) STET_BINDINGS_ASK_TEN(9)
        return Binding::bit_field;
    }
};
// clang-format on

}  // namespace stet::detail
