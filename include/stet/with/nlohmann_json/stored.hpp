#pragma once
// What stands at the head of all that is written to be read again: which form it has, and for which struct it is.

#include <stet/with/nlohmann_json/sentences.hpp>

#include <stet/reflect/fingerprint.hpp>
#include <stet/with/nlohmann_json/read.hpp>

#include <string>
#include <string_view>

namespace stet::detail {

template <class T>
std::string fingerprint_text() {
    std::string text;
    for (int shift = 60; shift >= 0; shift -= 4) text += "0123456789abcdef"[(fingerprint<T> >> shift) & 15U];
    return text;
}

/// Asked before all else, because otherwise everything else would be wrong, too. `format` is "stet-" and what it is.
template <class T>
bool made_for(const Json& json, JsonReader& reader, std::string_view format, int version) {
    const auto* const object = json.get_ptr<const Json::object_t*>();
    if (object == nullptr) return true;
    const PathView root{};
    const std::string what(format.substr(5));
    if (const auto at = object->find("format"); at != object->end() && at->second.is_string() && at->second != format)
        return reader.wrong(at->second, root.named("format", 0), "not a " + what,
                            "must be '" + std::string(format) + "'");
    if (const auto at = object->find("version"); at != object->end() && at->second.is_number() && at->second != version)
        return reader.wrong(at->second, root.named("version", 0), "unknown version",
                            "must be " + std::to_string(version));
    if (const auto at = object->find("fingerprint");
        at != object->end() && at->second.is_string() && at->second != fingerprint_text<T>())
        return reader.refuse(root.named("fingerprint", 0), {}, "other struct",
                             "must be " + fingerprint_text<T>() + ": the " + what +
                                 " was written for another struct, or another version of it");
    return true;
}

}  // namespace stet::detail
