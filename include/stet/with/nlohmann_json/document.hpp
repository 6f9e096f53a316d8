#pragma once
// Any value as a document, and no JSON in between: what is common is written as it comes, the rest is left to
// nlohmann's library, part by part. The form of the document, JSON text or CBOR, says how each part stands there.

#include <stet/with/nlohmann_json/sentences.hpp>

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

template <class V>
concept sorted_by_text = std::same_as<typename V::key_type, std::string> && sorted_keys<V> &&
                         (std::same_as<typename V::key_compare, std::less<std::string>> ||
                          std::same_as<typename V::key_compare, std::less<>>);

// --- values

/// Appends what `JsonWriter{secrets, with_transient}.write(value)` is in that form.
template <class Form>
struct DocumentWriter {
    Secrets secrets = Secrets::keep;
    bool with_transient = true;

    template <class V>
    void write(std::string& out, const V& value) const {
        constexpr Kind kind = kind_v<V>;
        if constexpr (has_json_format<V>) tree(out, writer().write(value));
        else if constexpr (std::is_same_v<V, char>) {
            if (static_cast<unsigned char>(value) < 0x80) Form::text(out, {&value, 1});
            else Form::number(out, static_cast<unsigned char>(value));
        } else if constexpr (kind == Kind::number) Form::number(out, value);
        else if constexpr (kind == Kind::enumeration) {
            if (const std::string_view name = enum_name(value); !name.empty()) Form::text(out, name);
            else Form::number(out, +static_cast<std::underlying_type_t<V>>(value));
        } else if constexpr (kind == Kind::text) Form::text(out, value);
        else if constexpr (kind == Kind::optional) {
            using Content = std::remove_cv_t<typename V::value_type>;
            if (!value.has_value()) Form::null(out);
            else if constexpr (is_boxed<Content>) {
                Form::begin_list(out, 1);
                write<Content>(out, *value);
                Form::end_list(out);
            } else write<Content>(out, *value);
        } else if constexpr (kind == Kind::variant) variant(out, value);
        else if constexpr (kind == Kind::map) map(out, value);
        else if constexpr (is_json_object<V>) structure<V, IndexPath{}>(out, value);
        else list(out, value);
    }

private:
    JsonWriter writer() const { return {secrets, with_transient}; }
    static void tree(std::string& out, Json json) {
        const TakenApart after(json);
        Form::tree(out, json);
    }

    template <class Root, IndexPath At, class T>
    std::size_t members() const {
        std::size_t count = 0;
        for_each_field<T>([&]<std::size_t I>() {
            constexpr IndexPath path = At.then(I);
            if constexpr (is_in_json<Root, path, false, field_type<T, I>>()) {
                constexpr bool transient = marks_at<Root, path>().transient;
                if (with_transient || !transient) ++count;
            }
        });
        return count;
    }
    template <class Root, IndexPath At, class T>
    void structure(std::string& out, const T& value) const {
        if constexpr (!fields_by_name<T>.distinct) tree(out, writer().template structure<Root, At>(value));
        else {
            Form::begin_members(out, members<Root, At, T>());
            bool first = true;
            for_each_field<T>([&]<std::size_t N>() {
                constexpr std::size_t I = fields_by_name<T>.field[N];
                constexpr IndexPath path = At.then(I);
                if constexpr (is_in_json<Root, path, false, field_type<T, I>>()) {
                    if (marks_at<Root, path>().transient && !with_transient) return;
                    Form::template member<T, I>(out, std::exchange(first, false));
                    field<Root, path>(out, get_field<I>(value));
                }
            });
            Form::end_members(out);
        }
    }
    template <class Root, IndexPath Path, class V>
    void field(std::string& out, const V& value) const {
        if constexpr (is_json_object<V> && !has_json_format<V>) structure<Root, Path>(out, value);
        else if (marks_at<Root, Path>().secret && secrets == Secrets::redact) Form::plain(out, secret_dots);
        else write(out, value);
    }

    template <class V>
    void variant(std::string& out, const V& value) const {
        if (value.valueless_by_exception()) Form::null(out);
        alternatives<V>::for_each_index([&]<std::size_t I, class A>() {
            if (value.index() != I) return;
            Form::begin_members(out, 2);
            Form::key(out, "alternative", true);
            Form::number(out, I);
            Form::key(out, "value", false);
            write<A>(out, *get_if<I>(&value));
            Form::end_members(out);
        });
    }
    template <class V>
    void list(std::string& out, const V& value) const {
        using E = std::remove_cv_t<typename V::value_type>;
        constexpr bool to_sort = kind_v<V> == Kind::set && !sorted_keys<V>;
        if constexpr (to_sort || std::is_floating_point_v<E>)
            tree(out, writer().write(value));  // numbers are cheaper all at once
        else {
            Form::begin_list(out, value.size());
            bool first = true;
            for (const auto& element : value) {
                Form::next(out, std::exchange(first, false));
                write<E>(out, element);
            }
            Form::end_list(out);
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
                tree(out, writer().write(value));
                return;
            }
            Form::begin_members(out, value.size());
            bool first = true;
            for (const auto& [key, mapped] : value) {
                Form::key(out, key, std::exchange(first, false));
                write<M>(out, mapped);
            }
            Form::end_members(out);
        } else tree(out, writer().write(value));
    }
};

}  // namespace stet::detail
