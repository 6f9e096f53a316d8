#pragma once
// How values stand in JSON, and which types have a form there at all.

#include <stet/with/nlohmann_json/sentences.hpp>

#include <stet/schema/leaves.hpp>
#include <stet/schema/versionable.hpp>

#include <nlohmann/json.hpp>

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <type_traits>

namespace stet {

/// Are secrets written, or dots in their place?
enum class Secrets : std::uint8_t { keep, redact };

/// For `to_json` and `json_patch`.
struct JsonOptions {
    Secrets secrets = Secrets::keep;
};

/// The form in JSON of a type that the library does not know: specialise it with
/// `static nlohmann::json write(const T&)` and `static bool read(const nlohmann::json&, T&)`, which returns false, and
/// does not throw, where the JSON is none; `static constexpr std::string_view expected = "must be a date"` is optional.
/// It goes before the library's own form of a type.
template <class T>
struct JsonFormat;

namespace detail {

using Json = nlohmann::json;

/// What a document consists of is given back. Its own destructor asks for memory to do that, and ends the program where
/// there is none.
inline void take_apart(Json& json) noexcept {
    if (auto* const array = json.get_ptr<Json::array_t*>()) {
        for (Json& element : *array) take_apart(element);
        array->clear();
    } else if (auto* const object = json.get_ptr<Json::object_t*>()) {
        for (auto& member : *object) take_apart(member.second);
        object->clear();
    }
}
/// The same when a function ends.
class TakenApart {
public:
    explicit TakenApart(Json& json) : json_(json) {}
    TakenApart(const TakenApart&) = delete;
    TakenApart& operator=(const TakenApart&) = delete;
    ~TakenApart() { take_apart(json_); }

private:
    Json& json_;
};

template <class T>
concept has_json_format = requires(const T& value, T& target, const Json& json) {
    { JsonFormat<T>::write(value) } -> std::convertible_to<Json>;
    { JsonFormat<T>::read(json, target) } -> std::same_as<bool>;
};

// --- text: always a string. What is not UTF-8 is a marker and hexadecimal digits, so that it is neither lost nor
// refused.

inline constexpr std::string_view bytes_marker = "\uFFFDhex:";

// As RFC 3629 has it: no overlong forms, no surrogates, nothing past U+10FFFF.
constexpr bool is_utf8(std::string_view text) {
    const auto byte = [&](std::size_t at) { return at < text.size() ? static_cast<unsigned char>(text[at]) : 0U; };
    const auto follows = [&](std::size_t at) { return (byte(at) & 0xC0U) == 0x80U; };
    for (std::size_t i = 0; i < text.size();) {
        const unsigned first = byte(i);
        if (first < 0x80) {
            i += 1;
            continue;
        }
        const unsigned second = byte(i + 1);
        if (first >= 0xC2 && first <= 0xDF && follows(i + 1)) {
            i += 2;
        } else if ((first & 0xF0U) == 0xE0 && follows(i + 1) && follows(i + 2) && !(first == 0xE0 && second < 0xA0) &&
                   !(first == 0xED && second > 0x9F)) {
            i += 3;
        } else if (first >= 0xF0 && first <= 0xF4 && follows(i + 1) && follows(i + 2) && follows(i + 3) &&
                   !(first == 0xF0 && second < 0x90) && !(first == 0xF4 && second > 0x8F)) {
            i += 4;
        } else return false;
    }
    return true;
}

/// Does a text stand in JSON as it is?
constexpr bool is_json_text(std::string_view text) { return is_utf8(text) && !text.starts_with(bytes_marker); }
inline std::string json_text(std::string_view text) {
    if (is_json_text(text)) return std::string(text);
    constexpr char digits[] = "0123456789abcdef";
    std::string out(bytes_marker);
    for (const char c : text) {
        out += digits[(static_cast<unsigned char>(c) >> 4U) & 15U];
        out += digits[static_cast<unsigned char>(c) & 15U];
    }
    return out;
}

/// False where hexadecimal digits should follow and do not.
inline bool text_from_json(std::string_view json, std::string& text) {
    if (!json.starts_with(bytes_marker)) {
        text = json;
        return true;
    }
    json.remove_prefix(bytes_marker.size());
    const auto digit = [](char c) { return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1; };
    text.clear();
    for (std::size_t i = 0; i < json.size(); i += 2) {
        const int high = digit(json[i]);
        const int low = i + 1 < json.size() ? digit(json[i + 1]) : -1;
        if (high < 0 || low < 0) return false;
        text += static_cast<char>(high * 16 + low);
    }
    return true;
}

template <class V>
concept text_from_view = requires(V& text, std::string_view view) { text = view; };
template <class V>
concept text_from_chars = std::is_constructible_v<V, const char*, std::size_t>;
template <class V>
concept text_can_be_set = (text_from_view<V> || text_from_chars<V> || std::is_constructible_v<V, const char*>) &&
                          !std::is_same_v<V, std::string_view>;

/// False where the text does not fit.
template <class V>
bool set_text(V& target, const std::string& text) {
    if constexpr (text_from_view<V>) target = std::string_view(text);
    else if constexpr (text_from_chars<V>) target = V(text.data(), text.size());
    else target = V(text.c_str());
    return std::string_view(target) == text;
}

// --- maps: an object where the keys have a text, else pairs

template <class K>
inline constexpr bool is_key_number =
    std::is_integral_v<K> && !std::is_same_v<K, bool> && !std::is_same_v<K, char> && !std::is_same_v<K, wchar_t> &&
    !std::is_same_v<K, char8_t> && !std::is_same_v<K, char16_t> && !std::is_same_v<K, char32_t>;
template <class K>
inline constexpr bool is_json_key =
    !has_json_format<K> && (kind_v<K> == Kind::text || kind_v<K> == Kind::enumeration || is_key_number<K>);

/// Where `null` could also mean what is inside, an optional is `[content]` when it holds something.
template <class Content>
inline constexpr bool is_boxed =
    has_json_format<Content> || kind_v<Content> == Kind::optional || kind_v<Content> == Kind::variant;

template <class V>
concept is_json_object = kind_v<V> == Kind::structure && reflectable<V>;

// --- which types have a form; the first that has none is named

template <bool Reading, class V, class... Seen>
constexpr auto judge_json();

template <bool Reading, class V, class... Seen>
constexpr auto judge_json_element() {
    if constexpr (Reading && !std::is_default_constructible_v<V>) return JsonVerdict<V, NoJson::no_default>{};
    else return judge_json<Reading, V, Seen...>();
}

// A transient field that has no form is left out.
template <class Root, IndexPath Path, bool Reading, class V, class... Seen>
constexpr bool is_in_json() {
    if constexpr (marks_at<Root, Path>().transient) return decltype(judge_json<Reading, V, Seen...>())::ok;
    else return true;
}

template <bool Reading, class Root, IndexPath At, class T, class... Seen, std::size_t... I>
constexpr auto judge_json_fields(std::index_sequence<I...>);
template <bool Reading, class Root, IndexPath Path, class V, class... Seen>
constexpr auto judge_json_field() {
    if constexpr (!is_in_json<Root, Path, Reading, V, Seen...>()) return JsonVerdict<V, NoJson::no>{};
    else if constexpr (is_json_object<V> && !has_json_format<V> && !is_among<V, Seen...>)
        return judge_json_fields<Reading, Root, Path, V, Seen...>(std::make_index_sequence<field_count<V>>{});
    else return judge_json<Reading, V, Seen...>();
}
template <bool Reading, class Root, IndexPath At, class T, class... Seen, std::size_t... I>
constexpr auto judge_json_fields(std::index_sequence<I...>) {
    return first_refusal(JsonVerdict<T, NoJson::no>{},
                         judge_json_field<Reading, Root, At.then(I), field_type<T, I>, T, Seen...>()...);
}
template <bool Reading, class T, class... Seen, template <class...> class V, class... A>
constexpr auto judge_json_alternatives(std::type_identity<V<A...>>) {
    return first_refusal(judge_json_element<Reading, A, T, Seen...>()...);
}

template <bool Reading, class V, class... Seen>
constexpr auto judge_json() {
    constexpr Kind kind = kind_v<V>;
    if constexpr (has_json_format<V> || is_among<V, Seen...>) return JsonVerdict<V, NoJson::no>{};
    else if constexpr (std::is_same_v<V, long double>) return JsonVerdict<V, NoJson::long_double>{};
    else if constexpr (kind == Kind::number || kind == Kind::enumeration) return JsonVerdict<V, NoJson::no>{};
    else if constexpr (kind == Kind::text)
        return JsonVerdict<V, (Reading && !text_can_be_set<V>) ? NoJson::not_to_be_set : NoJson::no>{};
    else if constexpr (kind == Kind::map)
        return first_refusal(judge_json_element<Reading, typename V::key_type, V, Seen...>(),
                             judge_json_element<Reading, typename V::mapped_type, V, Seen...>());
    else if constexpr (kind == Kind::array)
        return judge_json<Reading, std::remove_cv_t<typename V::value_type>, V, Seen...>();
    else if constexpr (kind == Kind::optional || kind == Kind::sequence || kind == Kind::set)
        return judge_json_element<Reading, std::remove_cv_t<typename V::value_type>, V, Seen...>();
    else if constexpr (kind == Kind::variant)
        return judge_json_alternatives<Reading, V, Seen...>(std::type_identity<V>{});
    else if constexpr (is_json_object<V>)
        return judge_json_fields<Reading, V, IndexPath{}, V, Seen...>(std::make_index_sequence<field_count<V>>{});
    else return JsonVerdict<V, kind == Kind::structure ? NoJson::unreadable : NoJson::opaque>{};
}

template <class T>
constexpr bool require_json_out() {
    return require_json<decltype(judge_json<false, std::remove_cv_t<T>>())>();
}
template <class T>
constexpr bool require_json_in() {
    return require_json<decltype(judge_json_element<true, std::remove_cv_t<T>>())>();
}

}  // namespace detail
}  // namespace stet
