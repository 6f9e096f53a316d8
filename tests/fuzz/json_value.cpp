// A value from JSON text: what was read can be written, and what was written is read as the same.
#include <stet/patch/equal.hpp>
#include <stet/with/nlohmann_json/parse.hpp>
#include <stet/with/nlohmann_json/write.hpp>

#include "document.hpp"
#include "fuzz.hpp"

namespace {

// Comments are allowed, or what is missing keeps its default, as the first byte says.
void read_once(std::string_view text, stet::JsonInput input) {
    const auto read = stet::parse_json<fuzz::Document>(text, input);
    if (!read) {
        fuzz::require(!read.error().violations().empty(), "what is malformed has a reason");
        return fuzz::require_said(read.error());
    }
    const std::string written = stet::to_json(*read).dump();
    const auto again = stet::parse_json<fuzz::Document>(written);
    if (!again) fuzz::require_said(again.error());
    fuzz::require(again.has_value(), "what is written can be read");
    fuzz::require(stet::equal(*again, *read), "what is written is what was read");
    fuzz::require(stet::to_json(*again).dump() == written, "it is written as before");
    const auto json = stet::parse_json<>(text, input);
    fuzz::require(json.has_value(), "what is a value is JSON");
    const auto from = stet::from_json<fuzz::Document>(*json, input);
    fuzz::require(from && stet::equal(*from, *read), "from JSON it is the same as from text");
    const std::string redacted = stet::to_json(*read, {.secrets = stet::Secrets::redact}).dump();
    const auto dots = stet::parse_json<fuzz::Document>(redacted);
    fuzz::require(!dots, "dots are no secret");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) return 0;
    const bool comments = (data[0] & 1U) != 0;
    const auto missing = (data[0] & 2U) != 0 ? stet::Missing::keep_default : stet::Missing::report;
    read_once(fuzz::text_of(data + 1, size - 1), {.comments = comments, .missing = missing});
    return 0;
}
