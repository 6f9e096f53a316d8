#pragma once
// Durable storage in files that people can read and edit: `settings.json` is what is in force, and beside it, in
// `settings.json.revisions`, stand the last revisions.

#include <stet/with/nlohmann_json/sentences.hpp>

#include <stet/open.hpp>
#include <stet/policy/clock.hpp>
#include <stet/with/nlohmann_json/durable.hpp>
#include <stet/with/nlohmann_json/file_log.hpp>

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace stet {
namespace detail {

/// A log that its storage and its policy both know. To be const is to be the same log.
template <class Layer>
class SharedFileLog {
    using Log = FileLog<Layer>;

public:
    explicit SharedFileLog(Log log) : log_(std::make_shared<Log>(std::move(log))) {}

    Result<LogState> open() { return log_->open(); }
    Result<LogState> state() { return log_->state(); }
    Result<LogState> lock() { return log_->lock(); }
    void unlock() noexcept { log_->unlock(); }
    Result<std::size_t> append(const LogEntry& entry) { return log_->append(entry); }
    Result<LogEntry> read(Number number) { return log_->read(number); }
    Result<void> pin(std::string_view name, Number number) { return log_->pin(name, number); }
    Result<void> unpin(std::string_view name) { return log_->unpin(name); }
    Result<std::vector<Pin>> pins() { return log_->pins(); }
    Result<void> revise(Number floor, const std::vector<LogEntry>& entries) { return log_->revise(floor, entries); }

    Log* operator->() const { return log_.get(); }
    Log* get() const { return log_.get(); }

private:
    std::shared_ptr<Log> log_;
};

/// What is written by hand: what is missing has its default, what nobody knows is an error.
template <class T>
Result<T> read_by_hand(const Json& json, const std::string& path) {
    auto value = FromJson<T>{}(json, {.missing = stet::Missing::keep_default, .depth = FileRecord::depth});
    if (!value) return Failure(FileRecord::inside(path, value.error()));
    return value;
}

}  // namespace detail

template <class T, class... Policies>
Result<Number> take_edit(Versioned<T, Policies...>& settings, Change change = {});

/// A settings file: `stet::open<Settings>(stet::JsonFile{"settings.json"}, stet::if_empty(Settings{}))`. When a commit
/// returns, it is safe; several processes may share the file. A file that is there before all revisions is the first
/// one; what is written into it later becomes a revision when it is opened, and by `take_edit`. Its folder must be
/// there; a symbolic link is replaced by a file.
template <class Layer>
class BasicJsonFile {
public:
    static constexpr bool names_storage = true;

    explicit BasicJsonFile(std::string path, FileOptions options = {}, Layer files = {})
        : path_(std::move(path)), options_(std::move(options)), files_(std::move(files)) {}

    /// The storage of `T` in it, for `open`. Error: `malformed` if there are no revisions yet, and the file is none of
    /// a `T`.
    template <class T, class Chain>
    Result<Durable<T, detail::SharedFileLog<Layer>, Chain>> storage() const {
        detail::SharedFileLog<Layer> log(FileLog<Layer>(path_, options_, files_));
        if (auto begun = begin<T>(*log.get()); !begun) return Failure(begun.error());
        return Durable<T, detail::SharedFileLog<Layer>, Chain>::open(std::move(log), options_.keep);
    }

    /// For `open`: was there an edit, and is it a revision now?
    template <class V>
    Result<bool> take_up(V& settings) const {
        const Number head = settings.head();
        const auto taken = stet::take_edit(settings);
        if (!taken) return Failure(taken.error());
        return settings.head() != head;
    }

private:
    // What somebody has written before there was a revision is the first one.
    template <class T>
    static Result<void> begin(FileLog<Layer>& log) {
        struct Unlock {
            FileLog<Layer>& log;
            ~Unlock() { log.unlock(); }
        } unlock{log};
        const auto state = log.lock();
        if (!state) return Failure(state.error());
        if (state->head != 0) return {};
        const auto edit = log.edited();
        if (!edit) return Failure(edit.error());
        if (!*edit) return {};
        const auto value = detail::read_by_hand<T>(**edit, log.path());
        if (!value) return Failure(value.error());
        LogEntry first;
        first.revision.number = 1;
        first.revision.time = SystemClock{}.now();
        first.revision.source = "file";
        first.revision.origin = {Origin::create};
        first.fingerprint = fingerprint<T>;
        detail::CborWriter{Secrets::keep, false}.write(first.data, *value);
        log.accept_edit();
        if (const auto done = log.append(first); !done) return Failure(done.error());
        return {};
    }

    std::string path_;
    FileOptions options_;
    Layer files_;
};

/// Commits what somebody has written by hand into the settings file since the last revision, with the source `file`.
/// Returns the head, which is the same if nobody has. Errors: `malformed` with line and column, or with all that is
/// wrong; `rule_broken`; and those of a commit. The file is left as it is then; the next commit puts it aside as
/// `settings.json.rejected` before it is replaced.
template <class T, class... Policies>
Result<Number> take_edit(Versioned<T, Policies...>& settings, Change change) {
    if (change.source.empty()) change.source = "file";
    if (const auto followed = settings.refresh(); !followed) return Failure(Error(followed.error()));
    if (change.expected == 0) change.expected = settings.head();  // the one that was edited
    const auto& log = settings.storage().log();
    auto edit = settings.exclusively([&] { return log->edited(); });
    if (!edit) return Failure(edit.error());
    if (!*edit) return settings.head();
    auto value = detail::read_by_hand<T>(**edit, log->path());
    if (!value) return Failure(value.error());
    settings.exclusively([&] { log->accept_edit(); });
    return settings.commit(*std::move(value), change);
}

/// A settings file on the file system.
using JsonFile = BasicJsonFile<Files>;

}  // namespace stet
