#pragma once
// The files of a FileLog: where they are, how they are read, and how they are replaced.

#include <stet/with/nlohmann_json/sentences.hpp>

#include <stet/policy/files.hpp>
#include <stet/with/nlohmann_json/file_record.hpp>
#include <stet/with/nlohmann_json/log.hpp>

#include <algorithm>
#include <charconv>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace stet::detail {

/// Which revisions there are.
struct FileFound {
    std::vector<Number> numbers{};  // ascending
    Number unfinished = 0;          // the one after these that was begun
    FileState state{};
};

/// `settings.json`, and `settings.json.revisions/` beside it.
template <class Layer>
class FileFolder {
    using Record = FileRecord;

public:
    FileFolder(std::string path, FileOptions options, Layer files)
        : files_(std::move(files)),
          path_(std::move(path)),
          folder_(folder_of(path_)),
          revisions_(path_ + ".revisions"),
          options_(std::move(options)) {}

    const std::string& path() const { return path_; }
    const FileOptions& options() const { return options_; }
    Layer& files() { return files_; }
    std::string file_of(Number number) const { return revisions_ + "/" + digits(number) + ".json"; }
    /// As long as this is there, the revision is not. Of a number that was never given out it is a place to write to.
    std::string unfinished_of(Number number) const { return path_ + "." + std::to_string(number) + ".new"; }
    std::string rejected_path() const { return path_ + ".rejected"; }
    std::string state_path() const { return revisions_ + "/state.json"; }

    /// Without waiting for anybody.
    Result<FileFound> look() {
        FileFound seen;
        const auto there = files_.exists(revisions_);
        if (!there) return Failure(there.error());
        if (!*there) return seen;
        auto names = files_.list(revisions_);
        if (!names) return Failure(names.error());
        for (const std::string& name : *names) {
            Number number = 0;
            if (!name.ends_with(".json")) continue;
            const char* const end = name.data() + name.size() - 5;
            if (std::from_chars(name.data(), end, number).ptr == end && number != 0 && name == digits(number) + ".json")
                seen.numbers.push_back(number);
        }
        std::sort(seen.numbers.begin(), seen.numbers.end());
        if (!seen.numbers.empty()) {
            const auto unfinished = files_.exists(unfinished_of(seen.numbers.back()));
            if (!unfinished) return Failure(unfinished.error());
            if (*unfinished) {
                seen.unfinished = seen.numbers.back();
                seen.numbers.pop_back();
            }
        }
        const auto has_state = files_.exists(state_path());
        if (!has_state) return Failure(has_state.error());
        if (*has_state) {
            const auto text = files_.read(state_path());
            if (!text) return Failure(text.error());
            auto state = Record::read<FileState>(state_path(), *text);
            if (!state) return Failure(state.error());
            seen.state = *std::move(state);
        }
        return seen;
    }
    /// A revision from its file.
    Result<LogEntry> load(Number number) {
        const std::string path = file_of(number);
        const auto there = files_.exists(path);
        if (!there) return Failure(there.error());
        if (!*there) return Failure(Error(Errc::no_such_revision, number, number));  // another process forgot it
        const auto text = files_.read(path);
        if (!text) return Failure(text.error());
        auto record = record_of(number, *text);
        if (!record) return Failure(record.error());
        auto entry = (*std::move(record)).entry(path, options_);
        if (entry) entry->bytes = text->size();
        return entry;
    }
    Result<FileRevision> record_of(Number number, const std::string& text) const {
        const std::string path = file_of(number);
        auto record = Record::read<FileRevision>(path, text);
        if (record && record->revision.number != number)
            return Record::damaged(path, "number", "is a file of another revision");
        return record;
    }
    /// What the settings file shows of a revision; none if its file is damaged. Error: it cannot be read now.
    Result<std::optional<std::string>> text_of(Number number) {
        const auto text = files_.read(file_of(number));
        if (!text) return Failure(text.error());
        auto record = record_of(number, *text);
        if (!record) return std::optional<std::string>();
        const auto document = (*std::move(record)).document(file_of(number), options_);
        if (!document) return std::optional<std::string>();
        return std::optional<std::string>(json_file_text(*document));
    }
    /// What is in the settings file; none if it is not there.
    Result<std::optional<std::string>> content() {
        const auto there = files_.exists(path_);
        if (!there) return Failure(there.error());
        if (!*there) return std::optional<std::string>();
        auto text = files_.read(path_);
        if (!text) return Failure(text.error());
        return std::optional<std::string>(*std::move(text));
    }
    /// A new file, safe as soon as its folder is.
    Result<void> write(const std::string& path, std::string_view text) {
        auto file = files_.create(path);
        if (!file) return Failure(file.error());
        if (auto done = files_.write(*file, text); !done) return done;
        return files_.sync(*file);
    }
    /// Puts a file in the place of another at once. After an error it may be there, and not be safe.
    Result<void> replace(const std::string& scratch, const std::string& path, std::string_view text) {
        const std::string folder = folder_of(path);  // before it is there: nothing may be thrown then
        if (auto done = write(scratch, text); !done) return done;
        if (auto done = files_.rename(scratch, path); !done) return done;
        return files_.sync_folder(folder);
    }
    /// The three steps of a commit; see FileLog.
    Result<void> publish(Number number, const std::string& text, const std::string& record) {
        const std::string unfinished = unfinished_of(number);
        if (auto done = files_.make_folder(revisions_); !done) return done;
        if (auto done = write(unfinished, text); !done) return done;
        if (auto done = files_.sync_folder(folder_); !done) return done;
        if (auto done = replace(file_of(number) + ".new", file_of(number), record); !done) return done;
        if (auto done = files_.rename(unfinished, path_); !done) return done;
        return files_.sync_folder(folder_);
    }
    /// What was begun is no revision: its record goes, and when that is safe, the mark that it was begun.
    Result<void> forget(Number number) {
        if (auto done = files_.remove(file_of(number)); !done) return done;
        return files_.sync_folder(revisions_);
    }
    Result<void> remove_settings() {
        if (auto done = files_.remove(path_); !done) return done;
        return files_.sync_folder(folder_);
    }

private:
    static std::string digits(Number number) {
        std::string text = std::to_string(number);
        if (text.size() < 8) text.insert(0, 8 - text.size(), '0');
        return text;
    }

    Layer files_;
    std::string path_, folder_, revisions_;
    FileOptions options_;
};

}  // namespace stet::detail
