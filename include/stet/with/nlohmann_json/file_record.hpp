#pragma once
// How a file stands on the disk that the library keeps for itself: JSON that people can read, with a checksum.

#include <stet/with/nlohmann_json/sentences.hpp>

#include <stet/crc.hpp>
#include <stet/result.hpp>
#include <stet/schema/violations.hpp>
#include <stet/with/nlohmann_json/cbor.hpp>
#include <stet/with/nlohmann_json/log.hpp>
#include <stet/with/nlohmann_json/operation.hpp>
#include <stet/with/nlohmann_json/parse.hpp>
#include <stet/with/nlohmann_json/read.hpp>
#include <stet/with/nlohmann_json/write.hpp>

#include <charconv>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace stet {

/// How a settings file is kept.
struct FileOptions {
    /// How many revisions without a name stay beside it at least, the one in force included, and at most a quarter
    /// more; 0 for all.
    std::size_t keep = 50;
    /// The revisions beside the file are written through `seal` and read through `unseal`, which gives nothing where it
    /// was not sealed so: encryption. The settings file itself stays readable, and so do authors, reasons and times.
    std::function<std::string(std::string_view)> seal{};
    std::function<std::optional<std::string>(std::string_view)> unseal{};
};

namespace detail {

inline std::string json_file_text(const Json& json) {
    return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

/// `{"crc32": "89abcdef",` and the rest of an object, which the checksum is of.
class FileRecord {
public:
    template <class Content>
    static std::string write(const Content& content) {
        const std::string text = json_file_text(JsonWriter{Secrets::keep, false}.write(content));
        return std::string(before) + checksum(std::string_view(text).substr(1)) + std::string(behind) + text.substr(1);
    }
    template <class Content>
    static Result<Content> read(const std::string& path, std::string_view text) {
        constexpr std::size_t digits = 8;
        constexpr std::size_t head = before.size() + digits + behind.size();
        if (!text.starts_with(before) || text.size() < head ||
            checksum(text.substr(head)) != text.substr(before.size(), digits))
            return damaged(path, "checksum",
                           "does not have the checksum that it says; somebody, or the disk, changed it");
        const auto json = ParseJson<Json>{}(text, {.depth = depth});
        if (!json) return Failure(inside(path, json.error()));
        Violations found;
        Content content{};
        JsonReader reader(found, {.missing = stet::Missing::keep_default, .depth = depth}, true);
        Json rest = *json;
        if (auto* const object = rest.get_ptr<Json::object_t*>()) object->erase("crc32");
        if (!reader.read(rest, content, PathView{}, depth)) {
            if (content.version > Content::newest)
                return damaged(path, "version", "was written by a newer program; use that one");
            return Failure(inside(path, Error(Errc::storage_failed, std::move(found))));
        }
        return content;
    }

    static Failure<Error> damaged(const std::string& path, const char* rule, const char* why) {
        Violations found;
        found.add(Violation(path, {}, rule, why));
        return Failure(Error(Errc::storage_failed, std::move(found)));
    }
    /// The same, with the file before every place.
    static Error inside(const std::string& path, const Error& error) {
        Violations found;
        for (const Violation& one : error.violations())
            found.add(Violation(path + ": " + one.path(), one.value(), one.rule(), one.expected(), one.severity()));
        return Error(error.code(), std::move(found));
    }
    static constexpr std::size_t depth = 500;

private:
    static constexpr std::string_view before = R"({"crc32": ")";
    static constexpr std::string_view behind = R"(",)";

    static std::string checksum(std::string_view bytes) {
        Crc32 crc;
        crc.add(reinterpret_cast<const std::byte*>(bytes.data()), bytes.size());
        std::string text;
        for (int shift = 28; shift >= 0; shift -= 4) text += "0123456789abcdef"[(crc.value() >> shift) & 15U];
        return text;
    }
};

/// The operations of RFC 6902 that change a document; false if they do not fit it.
inline bool carry_out_patch(const Json& patch, Json& document) {
    const auto* const operations = patch.get_ptr<const Json::array_t*>();
    if (operations == nullptr) return false;
    for (const Json& one : *operations) {
        Violations found;
        StoredOperation operation;
        JsonReader reader(found, {.missing = stet::Missing::keep_default, .depth = FileRecord::depth}, true);
        if (!reader.read(one, operation, PathView{}, FileRecord::depth)) return false;
        if (operation.op != "remove" && !operation.value.json) return false;
        if (!JsonPatcher(document).carry_out(operation)) return false;
    }
    return true;
}

/// A revision. Its keys are in the order of the alphabet, as all objects here have them.
struct FileRevision {
    static constexpr int newest = 1;
    std::string format = "stet-revision";
    int version = newest;
    Revision revision{};
    std::string fingerprint{};
    bool sealed = false;  // then the data is a text
    StoredJson data{};

    static Result<FileRevision> of(const LogEntry& entry, const Json& data, const FileOptions& options) {
        FileRevision made{.revision = entry.revision};
        for (int shift = 60; shift >= 0; shift -= 4)
            made.fingerprint += "0123456789abcdef"[(entry.fingerprint >> shift) & 15U];
        made.sealed = static_cast<bool>(options.seal);
        if (made.sealed) made.data.json = Json(json_text(options.seal(json_file_text(data))));
        else made.data.json = data;
        return made;
    }
    Result<LogEntry> entry(const std::string& path, const FileOptions& options) && {
        LogEntry made;
        const char* const end = fingerprint.data() + fingerprint.size();
        if (std::from_chars(fingerprint.data(), end, made.fingerprint, 16).ptr != end)
            return FileRecord::damaged(path, "form", "has no fingerprint");
        made.revision = std::move(revision);
        const auto json = std::move(*this).document(path, options);
        if (!json) return Failure(json.error());
        made.data = to_cbor(*json);
        return made;
    }
    Result<Json> document(const std::string& path, const FileOptions& options) && {
        if (!data.json) return FileRecord::damaged(path, "form", "has no data");
        if (sealed) {
            const auto* const text = data.json->get_ptr<const std::string*>();
            std::string bytes;
            const bool is_text = text != nullptr && text_from_json(*text, bytes);
            const auto opened = is_text && options.unseal ? options.unseal(bytes) : std::optional<std::string>();
            if (!opened)
                return FileRecord::damaged(path, "seal", "is sealed; give FileOptions the unseal that opens it");
            auto json = ParseJson<Json>{}(*opened, {.depth = FileRecord::depth});
            if (!json) return Failure(FileRecord::inside(path, json.error()));
            data.json = *std::move(json);
        }
        return *std::move(data.json);
    }
};

/// What is true of all revisions.
struct FileState {
    static constexpr int newest = 1;
    std::string format = "stet-state-of-file";
    int version = newest;
    Number floor = 0;  // what is below it and has no name is forgotten
    std::vector<Pin> pins{};
    std::vector<FileRevision> revised{};  // goes in the place of what is in the files, which has not been done yet
};

}  // namespace detail
}  // namespace stet
