#pragma once
// The log of revisions beside a settings file: `settings.json` shows the head, `settings.json.revisions/` holds one
// file for each revision.
//
// A commit of revision 7: (1) `settings.json.7.new` is written, and its name made safe; (2) so is `00000007.json` in
// the folder of revisions; (3) the former becomes `settings.json`. As long as `settings.json.7.new` is there, revision
// 7 is not: whoever comes next takes it back. So the newest file of the folder says what the head is, and
// `settings.json` is what the head says, or somebody has edited it.

#include <stet/with/nlohmann_json/sentences.hpp>

#include <stet/policy/files.hpp>
#include <stet/with/nlohmann_json/cbor.hpp>
#include <stet/with/nlohmann_json/file_folder.hpp>
#include <stet/with/nlohmann_json/file_record.hpp>
#include <stet/with/nlohmann_json/log.hpp>
#include <stet/with/nlohmann_json/parse.hpp>

#include <algorithm>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace stet {

/// A `revision_log` in files; several processes may share it.
template <file_layer Layer = Files>
class FileLog {
    using Json = detail::Json;
    using Record = detail::FileRecord;

public:
    explicit FileLog(std::string path, FileOptions options = {}, Layer files = {})
        : place_(std::move(path), std::move(options), std::move(files)) {}

    Result<LogState> open() {
        recovered_ = false;
        Guard guard(*this);
        if (!guard.ready) return Failure(guard.ready.error());
        LogState state = *guard.ready;
        state.recovered = recovered_;
        return state;
    }
    /// Waits for nobody; what another process is just about to commit is not there yet.
    Result<LogState> state() {
        if (lock_) return locked_state();
        if (failed_ || failed_state_ || !state_.revised.empty()) {  // which is not to be seen
            const Guard guard(*this);
            return guard.ready;
        }
        auto seen = place_.look();
        if (seen && take(*std::move(seen))) return now();
        const Guard guard(*this);  // another process may have been at work
        return guard.ready;
    }
    Result<LogState> lock() {
        if (lock_) return locked_state();
        auto lock = place_.files().lock(place_.path() + ".lock");
        if (!lock) return Failure(lock.error());
        struct Unlock {  // unless all goes well
            FileLog* log;
            ~Unlock() {
                if (log != nullptr) log->unlock();
            }
        } unlock{this};
        lock_.emplace(*std::move(lock));
        dirty_ = true;
        auto state = locked_state();
        if (state) unlock.log = nullptr;
        return state;
    }
    void unlock() noexcept {
        lock_.reset();
        accepted_ = false;
    }

    /// Patches are carried out: every file holds a whole value.
    Result<std::size_t> append(const LogEntry& entry) {
        Guard guard(*this);
        if (!guard.ready) return Failure(guard.ready.error());
        const Number number = entry.revision.number;
        if (entry.revision.previous != head_ || number <= head_)
            return Failure(Error(Errc::revision_conflict, entry.revision.previous, head_));
        Json document;
        const detail::TakenApart after(document);
        if (auto there = read_data(entry, document); !there) return Failure(there.error());
        std::optional<Json> patched;
        if (entry.form == Form::patch && !detail::carry_out_patch(document, patched.emplace(parsed(text_))))
            return Failure(Error(Errc::patch_conflict));
        const Json& data = patched ? *patched : document;
        std::string content = detail::json_file_text(data);
        auto record = detail::FileRevision::of(entry, data, place_.options());
        if (!record) return Failure(record.error());
        auto before = place_.content();
        if (!before) return Failure(before.error());
        if (auto kept = keep_edit(*before, content); !kept) return Failure(kept.error());
        numbers_.reserve(numbers_.size() + 1);
        const Failed& made = failed_.emplace(Failed{number, *std::move(before), Record::write(*record)});  // so far
        const std::size_t bytes = made.record.size();
        dirty_ = true;
        if (auto done = place_.publish(number, content, made.record); !done) {
            static_cast<void>(undo_failed());
            return Failure(done.error());
        }
        failed_.reset();
        dirty_ = accepted_ = false;
        head_ = number;
        text_ = std::move(content);
        head_known_ = true;
        numbers_.push_back(number);
        seen_.reset();
        return bytes;
    }
    Result<LogEntry> read(Number number) {
        for (const detail::FileRevision& revised : state_.revised)
            if (revised.revision.number == number)
                return detail::FileRevision(revised).entry(place_.file_of(number), place_.options());
        if (!is_kept(number)) return Failure(Error(Errc::no_such_revision, number, head_));
        return place_.load(number);
    }

    Result<void> pin(std::string_view name, Number number) {
        Guard guard(*this);
        if (!guard.ready) return Failure(guard.ready.error());
        if (!is_kept(number)) return Failure(Error(Errc::no_such_revision, number, head_));
        detail::FileState next = state_;
        for (const Pin& pin : next.pins)
            if (pin.name == name) return Failure(Error(Errc::snapshot_exists, name));
        next.pins.push_back({std::string(name), number});
        return write_state(std::move(next));
    }
    Result<void> unpin(std::string_view name) {
        Guard guard(*this);
        if (!guard.ready) return Failure(guard.ready.error());
        detail::FileState next = state_;
        if (std::erase_if(next.pins, [&](const Pin& pin) { return pin.name == name; }) == 0)
            return Failure(Error(Errc::no_such_snapshot, name));
        const auto leaving = forgotten(next);
        if (auto done = write_state(std::move(next)); !done) return done;
        remove(leaving);
        return {};
    }
    Result<std::vector<Pin>> pins() { return state_.pins; }

    Result<void> revise(Number floor, const std::vector<LogEntry>& entries) {
        Guard guard(*this);
        if (!guard.ready) return Failure(guard.ready.error());
        detail::FileState next = state_;
        next.floor = (std::max)(next.floor, (std::min)(floor, head_));
        for (const LogEntry& entry : entries) {
            if (!is_kept(entry.revision.number) || entry.form != Form::whole)
                return Failure(Error(Errc::no_such_revision, entry.revision.number, head_));
            Json document;
            const detail::TakenApart after(document);
            if (auto there = read_data(entry, document); !there) return there;
            auto record = detail::FileRevision::of(entry, document, place_.options());
            if (!record) return Failure(record.error());
            next.revised.push_back(*std::move(record));
        }
        if (entries.empty() && next.floor == state_.floor) return {};
        const auto leaving = forgotten(next);
        if (auto done = write_state(std::move(next)); !done) return done;
        // It has happened. What cannot be done now is done by whoever has the lock next.
        remove(leaving);
        if (!finish_revising()) dirty_ = true;
        return {};
    }

    /// What somebody has written into the settings file, if it is not what the head says. Error: `malformed` with line
    /// and column where it is no JSON.
    Result<std::optional<Json>> edited() {
        Guard guard(*this);
        if (!guard.ready) return Failure(guard.ready.error());
        auto there = place_.content();
        if (!there) return Failure(there.error());
        seen_.reset();
        if (!*there || is_head(**there)) return std::optional<Json>();
        seen_ = **there;
        auto json = detail::ParseJson<Json>{}(*seen_, {.depth = Record::depth});
        if (!json) return Failure(Record::inside(place_.path(), json.error()));
        return std::optional<Json>(*std::move(json));
    }
    /// What `edited` gave is what is appended next. Otherwise it is put aside, as `settings.json.rejected`, before it
    /// is replaced. Holds until `unlock`.
    void accept_edit() { accepted_ = true; }
    /// Where edits are put that were not accepted.
    std::string rejected_path() const { return place_.rejected_path(); }
    const std::string& path() const { return place_.path(); }

    Layer& files() { return place_.files(); }

private:
    // A commit that is under way, or failed and could not be taken back yet.
    struct Failed {
        Number number;
        std::optional<std::string> before;  // what was in the settings file
        std::string record;
    };
    // The same of what is true of all revisions.
    struct FailedState {
        std::string before;
        std::string text;
    };
    // The lock, unless the caller has it, and the state as it is under it.
    struct Guard {
        FileLog& log;
        bool had;
        Result<LogState> ready;
        explicit Guard(FileLog& of) : log(of), had(of.lock_.has_value()), ready(of.lock()) {}
        Guard(const Guard&) = delete;
        Guard& operator=(const Guard&) = delete;
        ~Guard() {
            if (!had) log.unlock();
        }
    };

    static constexpr std::string_view was = "before:\n";  // no JSON begins so

    // ---- what is there

    // Believes it.
    Result<void> take(detail::FileFound seen) {
        const Number head = seen.numbers.empty() ? 0 : seen.numbers.back();
        const bool other = head != head_ || !head_known_ || !seen.state.revised.empty() || !state_.revised.empty();
        std::optional<std::string> content;
        if (head != 0 && other) {
            auto stored = place_.text_of(head);
            if (!stored) return Failure(stored.error());
            content = *std::move(stored);
            for (const detail::FileRevision& revised : seen.state.revised)
                if (revised.revision.number == head)
                    if (const auto json =
                            detail::FileRevision(revised).document(place_.file_of(head), place_.options()))
                        content = detail::json_file_text(*json);
        }
        numbers_ = std::move(seen.numbers);
        state_ = std::move(seen.state);
        head_ = head;
        if (!other) return {};
        head_known_ = head == 0 || content.has_value();  // else who reads it is told so
        text_ = content.value_or(std::string());
        return {};
    }
    LogState now() const {
        LogState state;
        state.head = state.floor = head_;
        for (auto at = numbers_.rbegin(); at != numbers_.rend(); ++at) {
            if (*at + 1 < state.floor || *at < state_.floor) break;  // the run ends there
            state.floor = *at;
        }
        for (const Number number : numbers_)
            state.size += number >= state.floor || is_pinned_by(state_, number) ? 1 : 0;
        return state;
    }
    Result<LogState> locked_state() {
        if (!dirty_) return now();
        if (auto done = undo_failed(); !done) return Failure(done.error());
        auto seen = place_.look();
        if (!seen) return Failure(seen.error());
        const Number unfinished = seen->unfinished;
        if (auto taken = take(*std::move(seen)); !taken) return Failure(taken.error());
        if (unfinished != 0) {
            recovered_ = true;
            if (auto done = take_back(unfinished, nullptr); !done) return Failure(done.error());
        }
        if (!state_.revised.empty()) {
            recovered_ = true;
            if (auto done = finish_revising(); !done) return Failure(done.error());
        }
        if (auto shown = show_head(); !shown) return Failure(shown.error());
        remove(forgotten(state_));
        dirty_ = false;
        return now();
    }

    static bool is_pinned_by(const detail::FileState& state, Number number) {
        return std::any_of(state.pins.begin(), state.pins.end(), [&](const Pin& pin) { return pin.number == number; });
    }
    static bool is_kept_by(const detail::FileState& state, Number number) {
        return number >= state.floor || is_pinned_by(state, number);
    }
    bool is_kept(Number number) const {
        return std::binary_search(numbers_.begin(), numbers_.end(), number) && is_kept_by(state_, number);
    }
    static Result<void> read_data(const LogEntry& entry, Json& document) {
        if (detail::from_cbor(entry.data, document)) return {};
        return Failure(Error(Errc::unreadable, entry.revision.number, 0, "its data is no CBOR"));
    }
    static Json parsed(std::string_view content) {
        auto json = detail::ParseJson<Json>{}(content, {.depth = Record::depth});
        return json ? *std::move(json) : Json();
    }
    // The same value, maybe laid out in another way.
    bool is_head(const std::string& content) const {
        if (head_ == 0 || !head_known_) return false;
        if (content == text_) return true;
        const auto json = detail::ParseJson<Json>{}(content, {.depth = Record::depth});
        return json && *json == parsed(text_);
    }
    // ---- what is written

    // What failed is not to be found later, unless another process has seen it and done something else since.
    Result<void> undo_failed() {
        if (failed_state_) {
            const auto there = place_.files().exists(place_.state_path());
            if (!there) return Failure(there.error());
            if (*there) {
                const auto content = place_.files().read(place_.state_path());
                if (!content) return Failure(content.error());
                if (*content == failed_state_->text)
                    if (auto done =
                            place_.replace(place_.state_path() + ".new", place_.state_path(), failed_state_->before);
                        !done)
                        return done;
            }
            failed_state_.reset();
        }
        if (failed_) {
            auto seen = place_.look();
            if (!seen) return Failure(seen.error());
            const bool is_newest = seen->unfinished != 0
                                       ? seen->unfinished == failed_->number
                                       : seen->numbers.empty() || seen->numbers.back() <= failed_->number;
            bool is_ours = true;
            if (const std::string record = place_.file_of(failed_->number); is_newest) {
                const auto there = place_.files().exists(record);
                if (!there) return Failure(there.error());
                if (*there) {
                    const auto content = place_.files().read(record);
                    if (!content) return Failure(content.error());
                    is_ours = *content == failed_->record;
                }
            }
            if (is_newest && is_ours)
                if (auto done = take_back(failed_->number, &failed_->before); !done) return done;
            failed_.reset();
        }
        return {};
    }
    // A revision that never was, from the last step to the first. `before`: what was in the settings file, if known.
    Result<void> take_back(Number number, const std::optional<std::string>* before) {
        const std::string unfinished = place_.unfinished_of(number);
        const std::string record = place_.file_of(number);
        const auto there = place_.files().exists(record);
        if (!there) return Failure(there.error());
        if (*there) {
            const auto marked = place_.files().exists(unfinished);
            if (!marked) return Failure(marked.error());
            if (!*marked && before != nullptr) {  // it had become the settings file, which could not be made safe
                std::string old_text(was);
                if (*before) old_text += **before;
                if (auto done = place_.replace(place_.unfinished_of(number + 1), unfinished, old_text); !done)
                    return done;
            }
            if (auto done = unshow(number); !done) return done;
            if (auto done = place_.forget(number); !done) return done;
        }
        static_cast<void>(place_.files().remove(record + ".new"));
        return place_.files().remove(unfinished);
    }
    // If the settings file came to show this revision, it shows again what it did before. (It may also show the same
    // because somebody has written that by hand, and it was accepted.)
    Result<void> unshow(Number number) {
        auto old_text = place_.files().read(place_.unfinished_of(number));
        if (!old_text) return Failure(old_text.error());
        if (!old_text->starts_with(was)) return {};
        old_text->erase(0, was.size());
        const auto there = place_.content();
        if (!there) return Failure(there.error());
        const auto content = place_.text_of(number);
        if (!content) return Failure(content.error());
        if (!*there || !*content || **there != **content) return {};
        if (!old_text->empty()) return place_.replace(place_.unfinished_of(number + 1), place_.path(), *old_text);
        return place_.remove_settings();
    }
    // The settings file is written again if it is gone.
    Result<void> show_head() {
        if (head_ == 0 || !head_known_) return {};
        const auto there = place_.files().exists(place_.path());
        if (!there) return Failure(there.error());
        if (*there) return {};
        recovered_ = true;
        return place_.replace(place_.unfinished_of(head_ + 1), place_.path(), text_);
    }
    // What nobody has accepted is put aside before it is replaced.
    Result<void> keep_edit(const std::optional<std::string>& there, const std::string& next) {
        if (!there || *there == next || is_head(*there)) return {};
        if (accepted_ && seen_ && *seen_ == *there) return {};
        return place_.replace(place_.rejected_path() + ".new", place_.rejected_path(), *there);
    }

    Result<void> write_state(detail::FileState next) {
        const FailedState& made = failed_state_.emplace(FailedState{Record::write(state_), Record::write(next)});
        const bool was_dirty = std::exchange(dirty_, true);
        if (auto done = place_.replace(place_.state_path() + ".new", place_.state_path(), made.text); !done) {
            static_cast<void>(undo_failed());  // seen by others, maybe, but not safe: it must not have happened
            return done;
        }
        failed_state_.reset();
        dirty_ = was_dirty;
        state_ = std::move(next);
        return {};
    }
    // Files get what the state says of them; doing it twice is doing it once.
    Result<void> finish_revising() {
        if (state_.revised.empty()) return {};
        for (const detail::FileRevision& revised : state_.revised) {
            const Number number = revised.revision.number;
            const auto document = detail::FileRevision(revised).document(place_.file_of(number), place_.options());
            if (!document) return Failure(document.error());
            if (number == head_) {
                const auto old_text = place_.text_of(number);
                if (!old_text) return Failure(old_text.error());
                const auto there = place_.content();
                if (!there) return Failure(there.error());
                const std::string content = detail::json_file_text(*document);
                if (*old_text && *there && **there == **old_text)
                    if (auto done = place_.replace(place_.unfinished_of(head_ + 1), place_.path(), content); !done)
                        return done;
                text_ = content;
                head_known_ = true;
            }
            if (auto done =
                    place_.replace(place_.file_of(number) + ".new", place_.file_of(number), Record::write(revised));
                !done)
                return done;
        }
        detail::FileState next = state_;
        next.revised.clear();
        return write_state(std::move(next));
    }
    // The files of what is forgotten when `next` is true.
    std::vector<std::string> forgotten(const detail::FileState& next) const {
        std::vector<std::string> files;
        for (const Number number : numbers_)
            if (!is_kept_by(next, number)) files.push_back(place_.file_of(number));
        return files;
    }
    // It is true; what cannot be removed now is found by who has the lock next.
    void remove(const std::vector<std::string>& files) {
        for (const std::string& file : files) static_cast<void>(place_.files().remove(file));
        std::erase_if(numbers_, [&](Number number) { return !is_kept_by(state_, number); });
    }

    detail::FileFolder<Layer> place_;
    std::optional<typename Layer::Lock> lock_;
    std::vector<Number> numbers_;  // of the files, ascending
    detail::FileState state_;
    Number head_ = 0;
    std::string text_;  // of the head, as the settings file shows it
    bool head_known_ = true;
    bool dirty_ = true;  // look again
    bool recovered_ = false;
    std::optional<std::string> seen_;  // the edit that was handed out
    bool accepted_ = false;
    std::optional<Failed> failed_;
    std::optional<FailedState> failed_state_;
};

static_assert(revision_log<FileLog<>>);

}  // namespace stet
