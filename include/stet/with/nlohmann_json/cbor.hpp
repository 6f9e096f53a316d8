#pragma once
// CBOR, the form in which documents are stored: smaller than JSON text, and quicker both ways (bench/limits.md).

#include <stet/with/nlohmann_json/sentences.hpp>

#include <stet/with/nlohmann_json/format.hpp>
#include <stet/with/nlohmann_json/parse.hpp>

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

namespace stet::detail {

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
