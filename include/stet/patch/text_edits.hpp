#pragma once
// Texts that change in parts: what typing costs is what was typed, not the text.

#include <stet/reflect/kinds.hpp>
#include <stet/schema/print.hpp>

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <type_traits>

namespace stet {

/// A part of a text, which begins at `position`: what a visitor is given, before and after, of a text that was edited
/// with insert and erase and not set as a whole.
struct TextPart {
    std::size_t position;
    std::string_view text;

    friend void stet_write(const Writer& out, const TextPart& part) {
        out << '[' << part.position << "] ";
        detail::write_quoted(out, part.text);
    }
};

namespace detail {

/// Can parts of it be replaced in place?
template <class V>
concept splices =
    text_like<V> && !std::is_trivially_copyable_v<V> && requires(V& text, std::size_t at, const char* chars) {
        text.replace(at, at, chars, at);
        text.reserve(at);
        text.capacity();
        { text.data() } -> std::convertible_to<const char*>;
    };

/// The heads of a written splice; the characters stand behind it.
struct SpliceSizes {
    std::uint32_t erased;
    std::uint32_t inserted;
};

/// One part that became another: where it stands before and after all splices.
struct Splice {
    std::size_t before;
    std::size_t after;
    std::string_view erased;
    std::string_view inserted;
};

}  // namespace detail
}  // namespace stet
