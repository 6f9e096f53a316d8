#pragma once
// `to_json`: any value as JSON.

#include <stet/with/nlohmann_json/sentences.hpp>

#include <stet/schema/print.hpp>
#include <stet/with/nlohmann_json/standard.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

namespace stet {
namespace detail {

template <class E>
std::string enum_text(E value) {
    if (const std::string_view name = enum_name(value); !name.empty()) return std::string(name);
    return std::to_string(+static_cast<std::underlying_type_t<E>>(value));
}

template <class K>
std::string json_key(const K& key) {
    if constexpr (kind_v<K> == Kind::text) return json_text(key);
    else if constexpr (kind_v<K> == Kind::enumeration) return enum_text(key);
    else return std::to_string(key);
}

struct JsonWriter {
    Secrets secrets = Secrets::keep;
    bool with_transient = true;

    template <class V>
    Json write(const V& value) const {
        constexpr Kind kind = kind_v<V>;
        if constexpr (has_json_format<V>) return JsonFormat<V>::write(value);
        else if constexpr (std::is_same_v<V, char>) {
            if (static_cast<unsigned char>(value) < 0x80) return Json(std::string(1, value));
            return Json(static_cast<int>(static_cast<unsigned char>(value)));
        } else if constexpr (kind == Kind::number) return number_to_json(value);
        else if constexpr (kind == Kind::enumeration) {
            if (const std::string_view name = enum_name(value); !name.empty()) return Json(std::string(name));
            return number_to_json(+static_cast<std::underlying_type_t<V>>(value));
        } else if constexpr (kind == Kind::text) return Json(json_text(value));
        else if constexpr (kind == Kind::optional) {
            using Content = std::remove_cv_t<typename V::value_type>;
            if (!value.has_value()) return Json(nullptr);
            if constexpr (is_boxed<Content>) return Json(Json::array_t{write<Content>(*value)});
            else return write<Content>(*value);
        } else if constexpr (kind == Kind::variant) {
            Json out;  // null where there is no value, after an exception
            alternatives<V>::for_each_index([&]<std::size_t I, class A>() {
                if (value.index() != I) return;
                out = Json::object_t{{"alternative", Json(static_cast<std::uint64_t>(I))},
                                     {"value", write<A>(*get_if<I>(&value))}};
            });
            return out;
        } else if constexpr (kind == Kind::map) return map(value);
        else if constexpr (is_json_object<V>) return structure<V, IndexPath{}>(value);
        else return list(value);
    }

    template <class Root, IndexPath At, class T>
    Json structure(const T& value) const {
        Json::object_t out;
        for_each_field<T>([&]<std::size_t I>() {
            constexpr IndexPath path = At.then(I);
            if constexpr (is_in_json<Root, path, false, field_type<T, I>>()) {
                if (marks_at<Root, path>().transient && !with_transient) return;
                out.emplace(std::string(field_name<T, I>()), field<Root, path>(get_field<I>(value)));
            }
        });
        return Json(std::move(out));
    }
    template <class Root, IndexPath Path, class V>
    Json field(const V& value) const {
        if constexpr (is_json_object<V> && !has_json_format<V>) return structure<Root, Path>(value);
        else {
            if (marks_at<Root, Path>().secret && secrets == Secrets::redact) return Json(std::string(secret_dots));
            return write(value);
        }
    }

private:
    template <class V>
    Json list(const V& value) const {
        using E = std::remove_cv_t<typename V::value_type>;
        Json::array_t out;
        out.reserve(value.size());
        for (const auto& element : value) out.push_back(write<E>(element));
        if constexpr (kind_v<V> == Kind::set && !sorted_keys<V>) std::sort(out.begin(), out.end());
        return Json(std::move(out));
    }
    template <class V>
    Json map(const V& value) const {
        using K = typename V::key_type;
        using M = typename V::mapped_type;
        if constexpr (is_json_key<K>) {
            Json::object_t out;
            for (const auto& [key, mapped] : value) out.emplace(json_key<K>(key), write<M>(mapped));
            return Json(std::move(out));
        } else {
            Json::array_t out;
            out.reserve(value.size());
            for (const auto& [key, mapped] : value) out.push_back(Json(Json::array_t{write<K>(key), write<M>(mapped)}));
            if constexpr (!sorted_keys<V>) std::sort(out.begin(), out.end());
            return Json(std::move(out));
        }
    }
};

struct ToJson {
    /// A value as JSON: structs as objects, text, numbers and bools as they are, enumerators by name (by number where
    /// they have none), an optional as its content or null, sequences and sets as arrays (sets without an order
    /// sorted), maps as objects if their keys are texts, whole numbers or enumerators, else as arrays of pairs, a
    /// variant as
    /// {"alternative": index, "value": ...}. NaN and infinities are the strings "NaN", "Infinity", "-Infinity"; text
    /// that is not UTF-8 is U+FFFD, "hex:" and its bytes. An optional of an optional or variant holds its content in an
    /// array.
    template <class T>
    Json operator()(const T& value, JsonOptions options = {}) const {
        if constexpr (require_json_out<T>()) return JsonWriter{options.secrets}.write(value);
        else return {};
    }
};

}  // namespace detail

/// `to_json(value)`, `to_json(value, {.secrets = Secrets::redact})`
inline constexpr detail::ToJson to_json{};

}  // namespace stet
