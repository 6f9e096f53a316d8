#pragma once
// Any value as the text of its JSON, and no JSON in between: what is common is written as it comes, the rest is left to
// nlohmann's library, part by part.

#include <stet/with/nlohmann_json/sentences.hpp>

#include <stet/text.hpp>
#include <stet/with/nlohmann_json/write.hpp>

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

namespace stet::detail {

// --- members of objects: in the order of their names, byte by byte, and of one name only the first

constexpr void sort_by_name(std::size_t* first, std::size_t count, const std::string_view* names) {
    std::sort(first, first + count, [&](std::size_t a, std::size_t b) { return names[a] < names[b]; });
}
template <std::size_t Count>
struct FieldOrder {
    std::size_t field[Count > 0 ? Count : 1]{};
    bool distinct = true;  // has each field a name of its own?
};
template <class T>
inline constexpr auto fields_by_name = [] {
    std::string_view names[field_count<T> > 0 ? field_count<T> : 1];
    FieldOrder<field_count<T>> order;
    for_each_field<T>([&]<std::size_t I>() {
        names[I] = field_name<T, I>();
        order.field[I] = I;
    });
    sort_by_name(order.field, field_count<T>, names);
    for (std::size_t i = 1; i < field_count<T>; ++i)
        if (names[order.field[i - 1]] == names[order.field[i]]) order.distinct = false;
    return order;
}();

// A field as it begins behind another.
template <class T, std::size_t I>
inline constexpr auto member_begin = [] {
    constexpr std::string_view name = field_name<T, I>();
    StaticText<name.size() + 4> text{{',', '"'}};
    for (std::size_t i = 0; i < name.size(); ++i) text.chars[i + 2] = name[i];
    text.chars[name.size() + 2] = '"';
    text.chars[name.size() + 3] = ':';
    return text;
}();

template <class V>
concept sorted_by_text = std::same_as<typename V::key_type, std::string> && sorted_keys<V> &&
                         (std::same_as<typename V::key_compare, std::less<std::string>> ||
                          std::same_as<typename V::key_compare, std::less<>>);

// --- values

/// Appends what `JsonWriter{secrets, with_transient}.write(value).dump()` is.
struct JsonText {
    Secrets secrets = Secrets::keep;
    bool with_transient = true;

    template <class V>
    void write(std::string& out, const V& value) const {
        constexpr Kind kind = kind_v<V>;
        if constexpr (has_json_format<V>) tree(out, value);
        else if constexpr (std::is_same_v<V, char>) {
            if (static_cast<unsigned char>(value) < 0x80) text(out, {&value, 1});
            else number(out, static_cast<unsigned char>(value));
        } else if constexpr (kind == Kind::number) number(out, value);
        else if constexpr (kind == Kind::enumeration) {
            if (const std::string_view name = enum_name(value); !name.empty()) text(out, name);
            else number(out, +static_cast<std::underlying_type_t<V>>(value));
        } else if constexpr (kind == Kind::text) text(out, value);
        else if constexpr (kind == Kind::optional) {
            using Content = std::remove_cv_t<typename V::value_type>;
            if (!value.has_value()) out += "null";
            else if constexpr (is_boxed<Content>) {
                out += '[';
                write<Content>(out, *value);
                out += ']';
            } else write<Content>(out, *value);
        } else if constexpr (kind == Kind::variant) variant(out, value);
        else if constexpr (kind == Kind::map) map(out, value);
        else if constexpr (is_json_object<V>) structure<V, IndexPath{}>(out, value);
        else list(out, value);
    }

private:
    JsonWriter writer() const { return {secrets, with_transient}; }
    static void append(std::string& out, Json json) {
        const TakenApart after(json);
        out += json.dump();
    }
    template <class V>
    void tree(std::string& out, const V& value) const {
        append(out, writer().write(value));
    }

    template <class N>
    static void number(std::string& out, N value) {
        if constexpr (std::is_same_v<N, bool>) out += value ? "true" : "false";
        else if constexpr (std::is_floating_point_v<N>) append(out, number_to_json(value));
        else Writer(out) << widened(value);
    }
    static void text(std::string& out, std::string_view chars) {
        const std::size_t begin = out.size();
        std::size_t written = 0;
        out += '"';
        for (std::size_t i = 0; i < chars.size(); ++i) {
            const char c = chars[i];
            if (c == '"' || c == '\\') {
                (out += chars.substr(written, i - written)) += '\\';
                written = i;
            } else if (c < 0x20 || c > 0x7e) {  // whether char has a sign or not
                out.resize(begin);
                append(out, Json(json_text(chars)));
                return;
            }
        }
        (out += chars.substr(written)) += '"';
    }

    template <class Root, IndexPath At, class T>
    void structure(std::string& out, const T& value) const {
        if constexpr (!fields_by_name<T>.distinct) append(out, writer().template structure<Root, At>(value));
        else {
            std::size_t first = 1;
            out += '{';
            for_each_field<T>([&]<std::size_t N>() {
                constexpr std::size_t I = fields_by_name<T>.field[N];
                constexpr IndexPath path = At.then(I);
                if constexpr (is_in_json<Root, path, false, field_type<T, I>>()) {
                    if (marks_at<Root, path>().transient && !with_transient) return;
                    out += member_begin<T, I>.view().substr(std::exchange(first, 0));
                    field<Root, path>(out, get_field<I>(value));
                }
            });
            out += '}';
        }
    }
    template <class Root, IndexPath Path, class V>
    void field(std::string& out, const V& value) const {
        if constexpr (is_json_object<V> && !has_json_format<V>) structure<Root, Path>(out, value);
        else if (marks_at<Root, Path>().secret && secrets == Secrets::redact) ((out += '"') += secret_dots) += '"';
        else write(out, value);
    }

    template <class V>
    void variant(std::string& out, const V& value) const {
        if (value.valueless_by_exception()) out += "null";
        alternatives<V>::for_each_index([&]<std::size_t I, class A>() {
            if (value.index() != I) return;
            out += R"({"alternative":)";
            number(out, I);
            out += R"(,"value":)";
            write<A>(out, *get_if<I>(&value));
            out += '}';
        });
    }
    template <class V>
    void list(std::string& out, const V& value) const {
        using E = std::remove_cv_t<typename V::value_type>;
        constexpr bool to_sort = kind_v<V> == Kind::set && !sorted_keys<V>;
        if constexpr (to_sort || std::is_floating_point_v<E>) tree(out, value);  // numbers are cheaper all at once
        else {
            char before = '[';
            for (const auto& element : value) {
                out += std::exchange(before, ',');
                write<E>(out, element);
            }
            out += before == '[' ? "[]" : "]";
        }
    }
    // A key that does not stand in JSON as it is has another place there.
    template <class V>
    void map(std::string& out, const V& value) const {
        using M = typename V::mapped_type;
        if constexpr (sorted_by_text<V>) {
            bool as_it_is = true;
            for (const auto& [key, mapped] : value) as_it_is = as_it_is && is_json_text(key);
            if (!as_it_is) {
                tree(out, value);
                return;
            }
            char before = '{';
            for (const auto& [key, mapped] : value) {
                out += std::exchange(before, ',');
                text(out, key);
                out += ':';
                write<M>(out, mapped);
            }
            out += before == '{' ? "{}" : "}";
        } else tree(out, value);
    }
};

}  // namespace stet::detail
