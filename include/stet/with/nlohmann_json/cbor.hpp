#pragma once
// CBOR, the form in which documents are stored: smaller than JSON text, and quicker both ways (bench/limits.md).

#include <stet/with/nlohmann_json/sentences.hpp>

#include <stet/with/nlohmann_json/document.hpp>
#include <stet/with/nlohmann_json/parse.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

namespace stet::detail {

/// What a part is, and a number or how many bytes, elements or members follow, in as few bytes as it takes.
struct CborHead {
    enum Part : unsigned { whole = 0x00, negative = 0x20, text = 0x60, list = 0x80, members = 0xa0 };
    char bytes[9]{};
    std::size_t size = 1;

    constexpr CborHead(Part part, std::uint64_t number) {
        if (number < 24) {
            bytes[0] = to_char(part + number);
            return;
        }
        const unsigned width = number <= 0xff ? 0 : number <= 0xffff ? 1 : number <= 0xffffffff ? 2 : 3;
        bytes[0] = to_char(part + 24U + width);
        for (unsigned left = 1U << width; left-- > 0;) bytes[size++] = to_char(number >> (8 * left) & 0xff);
    }
    constexpr std::string_view view() const { return {bytes, size}; }

private:
    static constexpr char to_char(std::uint64_t byte) { return static_cast<char>(static_cast<unsigned char>(byte)); }
};

// The name of a field, as a text.
template <class T, std::size_t I>
inline constexpr auto cbor_member = [] {
    constexpr std::string_view name = field_name<T, I>();
    constexpr CborHead head(CborHead::text, name.size());
    StaticText<head.size + name.size()> text;
    for (std::size_t i = 0; i < head.size; ++i) text.chars[i] = head.bytes[i];
    for (std::size_t i = 0; i < name.size(); ++i) text.chars[head.size + i] = name[i];
    return text;
}();

struct CborForm {
    static void begin_list(std::string& out, std::size_t size) { out += CborHead(CborHead::list, size).view(); }
    static void next(std::string&, bool) {}
    static void end_list(std::string&) {}

    static void begin_members(std::string& out, std::size_t size) { out += CborHead(CborHead::members, size).view(); }
    template <class T, std::size_t I>
    static void member(std::string& out, bool) {
        out += cbor_member<T, I>.view();
    }
    static void key(std::string& out, std::string_view chars, bool) { text(out, chars); }
    static void end_members(std::string&) {}

    static void null(std::string& out) { out += '\xf6'; }
    template <class N>
    static void number(std::string& out, N value) {
        if constexpr (std::is_same_v<N, bool>) out += value ? '\xf5' : '\xf4';
        else if constexpr (std::is_floating_point_v<N>) tree(out, number_to_json(value));
        else {
            const auto wide = widened(value);
            const auto bits = static_cast<std::uint64_t>(wide);
            bool below = false;
            if constexpr (std::is_signed_v<N>) below = wide < 0;
            out += CborHead(below ? CborHead::negative : CborHead::whole, below ? ~bits : bits).view();
        }
    }
    static void text(std::string& out, std::string_view chars) {
        if (is_json_text(chars)) plain(out, chars);
        else plain(out, json_text(chars));
    }
    // That stands in JSON as it is.
    static void plain(std::string& out, std::string_view chars) {
        (out += CborHead(CborHead::text, chars.size()).view()) += chars;
    }
    static void tree(std::string& out, const Json& json) { Json::to_cbor(json, out); }
};
using CborWriter = DocumentWriter<CborForm>;

/// The operations of a `JsonPatch`.
class CborOperations {
public:
    explicit CborOperations(CborWriter writer) : writer_(writer) { list_.reserve(100); }  // of one, mostly

    void remove(const std::string& pointer) { operation(2, "remove", pointer); }
    template <class V>
    void put(const char* name, const std::string& pointer, const V& value) {
        operation(3, name, pointer);
        CborForm::plain(list_, "value");
        writer_.write(list_, value);
    }
    bool empty() const { return count_ == 0; }
    std::string take() {
        list_.insert(0, CborHead(CborHead::list, count_).view());
        return std::move(list_);
    }

private:
    void operation(std::size_t members, const char* name, const std::string& pointer) {
        ++count_;
        CborForm::begin_members(list_, members);
        CborForm::plain(list_, "op");
        CborForm::plain(list_, name);
        CborForm::plain(list_, "path");
        CborForm::plain(list_, pointer);
    }

    CborWriter writer_;
    std::string list_;
    std::size_t count_ = 0;
};

inline std::string to_cbor(const Json& document) {
    std::string bytes;
    Json::to_cbor(document, bytes);
    return bytes;
}

/// False where it is none, or nested deeper than anything that was written. nlohmann's own function copies what it has
/// read, throws where a length is out of all bounds, and has no limit to nesting.
inline bool from_cbor(std::string_view bytes, Json& document) {
    constexpr std::size_t depth = 2000;
    Violations found;
    JsonBuilder builder({}, found, depth);
    const TakenApart after(builder.document());
    if (!Json::sax_parse(bytes.begin(), bytes.end(), &builder, Json::input_format_t::cbor, true) || !found.empty())
        return false;
    document = std::move(builder.document());
    return true;
}

}  // namespace stet::detail
