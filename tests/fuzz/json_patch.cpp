// Patches as RFC 6902. [document, operations]: they are carried out as nlohmann's library does it, or refused by both.
// [value, value]: the operations that json_patch writes lead from one to the other.
#include <stet/patch/equal.hpp>
#include <stet/with/nlohmann_json/operation.hpp>
#include <stet/with/nlohmann_json/parse.hpp>
#include <stet/with/nlohmann_json/patch.hpp>

#include "document.hpp"
#include "fuzz.hpp"

#include <vector>

namespace {

using fuzz::Document;
using fuzz::require;
using Json = nlohmann::json;
using Operations = std::vector<stet::detail::StoredOperation>;

bool read(const Json& json, Operations& to) {
    stet::Violations found;
    return stet::detail::JsonReader(found, {}, true).read(json, to, stet::PathView{}, 100);
}
bool carry_out(Json& document, Operations operations) {
    for (auto& operation : operations)
        if (!stet::detail::JsonPatcher(document).carry_out(operation)) return false;
    return true;
}

void as_others_do(const Json& before, const Json& patch) {
    Operations operations;
    if (!read(patch, operations)) return;
    for (const auto& operation : operations) {
        const bool removes = operation.op == "remove";
        if (removes == operation.value.json.has_value()) return;  // which load_session refuses before
        if (!removes && operation.op != "add" && operation.op != "replace") return;
        if (operation.path.find("/-") != std::string::npos) return;  // "behind the last", which nobody writes here
    }
    Json ours = before;
    const bool done = carry_out(ours, operations);
    Json theirs = before;
    bool done_by_others = true;
    try {
        theirs.patch_inplace(patch);
    } catch (const Json::exception&) {
        done_by_others = false;
    }
    require(done == done_by_others, "what others carry out is carried out, and nothing else");
    require(!done || ours == theirs, "it is carried out as others do it");
}

void from_one_to_the_other(const Document& before, const Document& after) {
    const auto patch = stet::diff(before, after);
    const auto json = stet::json_patch(patch, before);
    require(json.has_value(), "a patch fits what it was made from");
    Operations operations;
    require(read(*json, operations), "what is written can be read");
    Json document = stet::to_json(before);
    require(carry_out(document, std::move(operations)), "what is written can be carried out");
    require(document == stet::to_json(*stet::apply(patch, before)), "it leads to what the patch leads to");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto json = stet::parse_json<>(fuzz::text_of(data, size));
    if (!json || !json->is_array() || json->size() != 2) return 0;
    const auto before = stet::from_json<Document>((*json)[0], {.missing = stet::Missing::keep_default});
    const auto after = stet::from_json<Document>((*json)[1], {.missing = stet::Missing::keep_default});
    if (before && after) from_one_to_the_other(*before, *after);
    else as_others_do((*json)[0], (*json)[1]);
    return 0;
}
