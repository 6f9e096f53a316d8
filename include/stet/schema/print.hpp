#pragma once
// Any value as text, secrets as dots.

#include <stet/reflect/enums.hpp>
#include <stet/schema/leaves.hpp>
#include <stet/schema/path_view.hpp>

#include <cstddef>
#include <string_view>
#include <type_traits>

namespace stet {

/// What stands in the place of a secret.
inline constexpr std::string_view secret_dots = "\u2022\u2022\u2022";

namespace detail {

inline void write_quoted(const Writer& out, std::string_view text) {
    constexpr char digits[] = "0123456789abcdef";
    out << '"';
    std::size_t plain = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        if (c != '"' && c != '\\' && (static_cast<unsigned char>(c) >= 0x20 && c != 0x7f)) continue;
        out << text.substr(plain, i - plain);
        plain = i + 1;
        if (c == '"' || c == '\\') out << '\\' << c;
        else if (c == '\n') out << "\\n";
        else if (c == '\t') out << "\\t";
        else out << "\\x" << digits[(c >> 4) & 15] << digits[c & 15];
    }
    out << text.substr(plain) << '"';
}

template <class V>
concept writes_itself = requires(const Writer& out, const V& value) { stet_write(out, value); };

template <class V>
void write_value(const Writer& out, const V& value);

template <class V>
void write_list(const Writer& out, const V& value, char open, char close) {
    out << open;
    bool first = true;
    for (const auto& element : value) {
        if (!first) out << ", ";
        first = false;
        write_value<std::remove_cvref_t<decltype(element)>>(out, element);
    }
    out << close;
}

template <class V>
void write_structure(const Writer& out, const V& value) {
    out << '{';
    for_each_leaf<V>([&]<std::size_t L>() {
        if (L > 0) out << ", ";
        out << leaf_path<V, L>() << ": ";
        if (leaf_marks<V, L>.secret) out << secret_dots;
        else write_value(out, get_leaf<L>(value));
    });
    out << '}';
}

/// Writes a value as it stands in messages. A type of yours says how with `void stet_write(const stet::Writer&, const
/// T&)` in its own namespace.
template <class V>
void write_value(const Writer& out, const V& value) {
    constexpr Kind kind = kind_v<V>;
    if constexpr (writes_itself<V>) stet_write(out, value);
    else if constexpr (std::is_same_v<V, bool>) out << (value ? "true" : "false");
    else if constexpr (std::is_same_v<V, char>) write_quoted(out, {&value, 1});
    else if constexpr (kind == Kind::number) {
        if constexpr (requires { out << value; }) out << value;
        else out << static_cast<std::uint32_t>(value);  // char8_t, char16_t, char32_t, wchar_t
    } else if constexpr (kind == Kind::enumeration) {
        std::string_view name;
        if constexpr (keeps_names) name = enum_name(value);
        if (!name.empty()) out << name;
        else out << +static_cast<std::underlying_type_t<V>>(value);
    } else if constexpr (kind == Kind::text) write_quoted(out, value);
    else if constexpr (kind == Kind::array || kind == Kind::sequence) write_list(out, value, '[', ']');
    else if constexpr (kind == Kind::set) write_list(out, value, '{', '}');
    else if constexpr (kind == Kind::map) {
        out << '{';
        bool first = true;
        for (const auto& [key, mapped] : value) {
            if (!first) out << ", ";
            first = false;
            write_value(out, key);
            out << ": ";
            write_value(out, mapped);
        }
        out << '}';
    } else if constexpr (kind == Kind::optional) {
        if (value.has_value()) write_value<std::remove_cvref_t<decltype(*value)>>(out, *value);
        else out << "none";
    } else if constexpr (kind == Kind::variant) {
        alternatives<V>::for_each_index([&]<std::size_t I, class A>() {
            if (value.index() == I) write_value<A>(out, *get_if<I>(&value));
        });
    } else if constexpr (kind == Kind::structure) write_structure(out, value);
    else if constexpr (std::is_convertible_v<const V&, std::string_view>) write_quoted(out, value);
    else if constexpr (requires { out << value.count(); }) out << value.count();  // durations
    else out << "(value)";
}

template <class Key>
void write_path_key(const Writer& out, const Key& key) {
    write_value(out, key);
}

/// The path of a map's value, and of a set's member.
template <class Key>
constexpr PathView entry_at(const PathView& map, const Key& key) {
    return map.template keyed<write_path_key<Key>>(key, PathView::Step::key);
}
template <class Key>
constexpr PathView member_at(const PathView& set, const Key& key) {
    return set.template keyed<write_path_key<Key>>(key, PathView::Step::member);
}
template <class Key>
constexpr Spot entry_at(const Spot& map, const Key&) {
    return map;
}
template <class Key>
constexpr Spot member_at(const Spot& set, const Key&) {
    return set;
}
template <class Key>
constexpr Nowhere entry_at(Nowhere, const Key&) {
    return {};
}
template <class Key>
constexpr Nowhere member_at(Nowhere, const Key&) {
    return {};
}

}  // namespace detail
}  // namespace stet
