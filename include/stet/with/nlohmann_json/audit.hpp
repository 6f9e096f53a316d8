#pragma once
// `JsonLines`: an audit trail in a file, one record a line, which nothing is ever taken from but by retention.

#include <stet/with/nlohmann_json/sentences.hpp>

#include <stet/policy/files.hpp>
#include <stet/with/nlohmann_json/audit_line.hpp>

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace stet {

/// An audit trail in a file: `stet::JsonLines{"audit.jsonl", stet::Hmac{key}}`. A record is written, and safe, before
/// what it tells of takes effect; where that fails, the operation is refused, unless `stet::fail_open` says otherwise.
/// Several processes may append to one file; beside it stands FILE.lock. Changed fields are there with what was before
/// and after, secrets as digests that only the key of the chain can make, or as dots. A line that was half written as
/// the power went is cut off, and a note says so. What was cancelled keeps its number: numbers ascend, with gaps.
template <class Chain = NoChain, class Layer = Files>
class JsonLines : public detail::ChainedAudit<Chain> {
    using Base = detail::ChainedAudit<Chain>;
    using Base::linked;
    static_assert(file_layer<Layer>, "stet: JsonLines: the file layer is none; see stet::file_layer");

public:
    explicit JsonLines(std::string path, Chain chain = {}, OnAuditFailure on_failure = fail_closed, Layer layer = {})
        : Base(std::move(chain)), path_(std::move(path)), layer_(std::move(layer)), on_failure_(on_failure) {}
    JsonLines(std::string path, OnAuditFailure on_failure)
        requires std::default_initializable<Chain>
        : JsonLines(std::move(path), Chain{}, on_failure) {}

    Result<void> begin(AuditRecord record) {
        if (pending_ != 0) cancel();  // an exception came out of the last begin()
        auto written = write(record);
        if (written || on_failure_ == fail_closed) return written;
        ++missing_;
        return {};
    }
    void confirm() noexcept { pending_ = 0; }
    /// The next record brings a note with it, so that this needs nothing that could fail. Should there be none,
    /// `reconcile` finds a revision that was not made.
    void cancel() noexcept {
        if (pending_ == 0) return;  // it was not written
        owed_ = std::exchange(pending_, 0);
        made_ = std::move(made_before_);
    }

    /// Records of revisions that the storage does not have did not happen: a note says so of each. Returns how many
    /// there were. Nobody may be appending a revision meanwhile. Where the storage has none at all, only the first one
    /// can have been under way; a trail of more is that of another storage.
    Result<std::size_t> reconcile(Number head) {
        const auto lock = layer_.lock(path_ + ".lock");
        if (!lock) return Failure(lock.error());
        if (auto ready = catch_up(); !ready) return Failure(ready.error());
        if (made_.revision <= head || (head == 0 && made_.revision != 1)) return std::size_t{0};
        const auto content = layer_.read(path_);
        if (!content) return Failure(content.error());
        std::string lines;
        Tail tail = tail_;
        std::size_t count = 0;
        bool hashed = true;
        Made made;
        each_made_backwards(*content, [&](const AuditRecord& record) {
            if (record.after > head) {
                ++count;
                return hashed = add_note(lines, tail, {.time = tail.time, .cancelled = record.sequence});
            }
            made = {record.after, record.digest_after};
            return false;
        });
        if (!hashed) return this->no_hash();
        if (auto put = put_lines(std::move(lines), tail); !put) return Failure(put.error());
        made_ = std::move(made);
        note_stamp();
        return count;
    }

    /// The records that match, oldest first. O(size of the file).
    Result<std::vector<AuditRecord>> find(const AuditQuery& query) const {
        const auto content = read_file();
        if (!content) return Failure(content.error());
        std::vector<AuditRecord> found;
        for (auto& entry : happened(*content))
            if (matches(entry, query)) found.push_back(std::move(entry));
        detail::limit_records(found, query.limit);
        return found;
    }

    /// Forgets the oldest records, up to the first that is not older than `time`. A checkpoint takes their place.
    /// Returns how many entries were forgotten. Errors: what cannot be verified is not forgotten.
    Result<std::size_t> prune_before(Time time) {
        return prune([&](const std::vector<detail::AuditEntry>& entries) {
            std::size_t first = 0;
            while (first < entries.size() && entries[first].time() < time) ++first;
            return first;
        });
    }
    /// Forgets all but the newest `count` records.
    Result<std::size_t> prune_to(std::size_t count) {
        return prune([&](const std::vector<detail::AuditEntry>& entries) {
            const std::vector<Number> cancelled = cancelled_in(entries);
            std::size_t first = entries.size();
            for (std::size_t kept = 0; first > 0 && kept < count; --first)
                if (happened(entries[first - 1], cancelled)) ++kept;
            return first;
        });
    }

    /// The newest entry if every one is what was written; else the error `audit_tampered` names the first that was
    /// altered, removed or put elsewhere. With an anchor of earlier, an end that was cut off is found, too. It reads,
    /// and repairs nothing. O(size of the file).
    Result<AuditAnchor> verify(const AuditAnchor& known = {}) const {
        if constexpr (detail::require_chain<Chain>()) {
            const auto content = read_file();
            if (!content) return Failure(content.error());
            return verify_lines(*content, known);
        }
    }
    /// Where the trail stands.
    Result<AuditAnchor> anchor() {
        if constexpr (detail::require_chain<Chain>()) {
            const auto lock = layer_.lock(path_ + ".lock");
            if (!lock) return Failure(lock.error());
            if (auto ready = catch_up(); !ready) return Failure(ready.error());
            return AuditAnchor{tail_.sequence, tail_.hash};
        }
    }

    const std::string& path() const { return path_; }
    /// How many bytes of half written lines were cut off here.
    std::uint64_t cut_off() const { return cut_off_; }
    /// How many records could not be written since the last that could, which fail_open allows.
    std::uint64_t missing() const { return missing_; }

private:
    using Entry = detail::AuditEntry;
    using Note = detail::AuditNote;
    struct Tail {  // the last entry
        Number sequence = 0;
        Time time = 0;
        std::string hash{};
        std::uint64_t size = 0;  // of the file
    };
    struct Made {  // the newest revision that a record tells of
        Number revision = 0;
        std::string digest{};
    };

    // --- writing, which has the lock

    Result<void> write(AuditRecord& record) {
        const auto lock = layer_.lock(path_ + ".lock");
        if (!lock) return Failure(lock.error());
        if (auto ready = catch_up(); !ready) return ready;
        std::string lines;
        Tail tail = tail_;
        bool hashed = true;
        record.clock_back = record.clock_back || record.time < tail.time;
        if (noted_cut_ != 0) hashed = add_note(lines, tail, {.time = record.time, .cut_off = noted_cut_});
        if (owed_ != 0) hashed = hashed && add_note(lines, tail, {.time = record.time, .cancelled = owed_});
        if (missing_ != 0) hashed = hashed && add_note(lines, tail, {.time = record.time, .missing = missing_});
        record.sequence = tail.sequence + 1;
        if (detail::made_revision(record) && record.before == made_.revision) record.digest_before = made_.digest;
        hashed = hashed && add_line(lines, tail, detail::audit_text(record), record.time);
        if (!hashed) return this->no_hash();
        Made before = made_;
        if (auto put = put_lines(std::move(lines), tail, record.sequence); !put) return put;
        noted_cut_ = 0;
        owed_ = 0;
        missing_ = 0;
        pending_ = record.sequence;
        made_before_ = std::move(before);
        if (detail::made_revision(record)) made_ = {record.after, std::move(record.digest_after)};
        note_stamp();
        return {};
    }

    bool add_note(std::string& lines, Tail& tail, Note note) const {
        note.sequence = tail.sequence + 1;
        return add_line(lines, tail, detail::audit_text(note), note.time);
    }
    // False where no hash can be computed.
    bool add_line(std::string& lines, Tail& tail, std::string content, Time time) const {
        tail.hash = this->link(tail.hash, content);
        lines += detail::audit_line(std::move(content), tail.hash);
        ++tail.sequence;
        tail.time = time;
        return !linked || !tail.hash.empty();
    }

    // Whole and safe, or not at all. Where even that fails, catch_up() looks for the record that should not be there.
    Result<void> put_lines(std::string lines, Tail& tail, Number record = 0) {
        if (lines.empty()) return {};
        if (auto opened = open_file(); !opened) return opened;
        stamp_.reset();
        failed_.swap(lines);
        failed_record_ = record;
        auto done = write_safely();
        if (done) {
            tail.size = tail_.size + failed_.size();
            tail_ = std::move(tail);
            failed_.clear();
        } else if (layer_.truncate(*file_, tail_.size)) failed_.clear();
        if (!done || !detail::replaces_open_files) file_.reset();  // another process may prune it
        return done;
    }
    // The record that should not be there, or 0.
    Number failed_in(std::string_view content) const {
        return !failed_.empty() && content.find(failed_) != std::string_view::npos ? failed_record_ : 0;
    }
    // One line is safe before the next one is begun: only the last one can be half written.
    Result<void> write_safely() {
        for (std::string_view rest = failed_; !rest.empty();) {
            const std::size_t end = rest.find('\n') + 1;
            if (auto written = layer_.write(*file_, rest.substr(0, end)); !written) return written;
            if (auto synced = layer_.sync(*file_); !synced) return synced;
            rest.remove_prefix(end);
        }
        if (named_) return {};
        auto synced = layer_.sync_folder(detail::folder_of(path_));
        named_ = synced.has_value();
        return synced;
    }
    Result<void> cut_file(std::size_t size) {
        if (auto opened = open_file(); !opened) return opened;
        if (auto cut = layer_.truncate(*file_, size); !cut) return cut;
        auto synced = layer_.sync(*file_);
        if (!detail::replaces_open_files) file_.reset();
        return synced;
    }
    Result<void> open_file() {
        if (file_) return {};
        auto file = layer_.append_to(path_);
        if (!file) return Failure(file.error());
        file_.emplace(std::move(*file));
        return {};
    }
    void note_stamp() {
        stamp_.reset();
        if (const auto stamp = layer_.stamp(path_)) stamp_ = *stamp;
    }

    // The file as it is now, where others may have written; a line that is half written is cut off.
    Result<void> catch_up() {
        const auto stamp = layer_.stamp(path_);
        if (!stamp) return Failure(stamp.error());
        if (stamp_ == *stamp) return {};
        file_.reset();
        std::string content;
        if (*stamp != 0) {
            auto read = layer_.read(path_);
            if (!read) return Failure(read.error());
            content = *std::move(read);
        }
        // Of lines that could not be made safe nobody knows what is on the disk: nothing is written behind them.
        if (const auto before = static_cast<std::size_t>(tail_.size);
            content.size() > before && failed_.starts_with(std::string_view(content).substr(before))) {
            if (auto cut = cut_file(before); !cut) return cut;
            content.resize(before);
        }
        const std::size_t whole = end_of_whole(content);
        if (whole != content.size()) {
            if (auto cut = cut_file(whole); !cut) return cut;
            noted_cut_ += content.size() - whole;
            cut_off_ += content.size() - whole;
            content.resize(whole);
        }
        // A record that should not be there, because begin() has said that it failed.
        if (const Number record = failed_in(content); record != 0) owed_ = record;
        failed_.clear();
        auto tail = last_entry(content);
        if (!tail) return Failure(tail.error());
        tail_ = *std::move(tail);
        made_ = {};
        each_made_backwards(content, [&](const AuditRecord& record) {
            if (record.sequence == owed_) return true;  // it did not happen
            made_ = {record.after, record.digest_after};
            return false;
        });
        note_stamp();
        return {};
    }
    static Result<Tail> last_entry(std::string_view content) {
        Tail tail;
        tail.size = content.size();
        if (content.empty() || read_last(content, tail)) return tail;
        Tail before;
        const bool known = content.empty() || read_last(content, before);
        return Failure(detail::tampered(known ? before.sequence + 1 : 0, "altered"));
    }
    // Takes the last line from the content; false where that cannot be gone on with.
    static bool read_last(std::string_view& content, Tail& tail) {
        const std::size_t begin = content.size() < 2 ? 0 : content.rfind('\n', content.size() - 2) + 1;
        const detail::ChainEntry parts = detail::split_line(content.substr(begin, content.size() - begin - 1));
        content = content.substr(0, begin);
        Entry entry;
        if (!detail::read_audit_text(parts.text, entry) || (linked && parts.hash.empty())) return false;
        tail.sequence = entry.sequence();
        tail.time = entry.time();
        tail.hash = entry.is_note && entry.note.pruned != 0 ? entry.note.previous : std::string(parts.hash);
        return tail.sequence != static_cast<Number>(-1);  // behind the last number there is none
    }

    template <class Choose>
    Result<std::size_t> prune(Choose choose) {
        const auto lock = layer_.lock(path_ + ".lock");
        if (!lock) return Failure(lock.error());
        if (auto ready = catch_up(); !ready) return Failure(ready.error());
        const auto content = read_file();
        if (!content) return Failure(content.error());
        if constexpr (linked)
            if (const auto verified = verify_lines(*content, {}); !verified) return Failure(verified.error());

        std::vector<std::string_view> lines;
        std::vector<Entry> entries;
        Note checkpoint;
        each_line(*content, [&](std::string_view line) {
            Entry entry;
            if (!detail::read_audit_text(detail::split_line(line).text, entry)) return;
            if (entry.is_note && entry.note.pruned != 0) checkpoint = std::move(entry.note);
            else {
                lines.push_back(line);
                entries.push_back(std::move(entry));
            }
        });
        const std::size_t first = choose(std::as_const(entries));
        if (first == 0) return std::size_t{0};
        checkpoint.sequence = entries[first - 1].sequence();
        checkpoint.time = entries[first - 1].time();
        checkpoint.pruned += first;
        checkpoint.previous = detail::split_line(lines[first - 1]).hash;
        std::string kept = detail::audit_text(checkpoint);
        kept = detail::audit_line(kept, this->seal(kept));
        for (std::size_t i = first; i < lines.size(); ++i) (kept += lines[i]) += '\n';
        if (auto put = put_file(kept); !put) return Failure(put.error());
        tail_.size = kept.size();
        return first;
    }
    // Another file in the place of this one.
    Result<void> put_file(const std::string& content) {
        const std::string draft = path_ + ".new";
        file_.reset();
        stamp_.reset();
        auto file = layer_.create(draft);
        if (!file) return Failure(file.error());
        if (auto written = layer_.write(*file, content); !written) return written;
        if (auto synced = layer_.sync(*file); !synced) return synced;
        named_ = false;
        if (auto renamed = layer_.rename(draft, path_); !renamed) return renamed;
        if (auto synced = layer_.sync_folder(detail::folder_of(path_)); !synced) return synced;
        named_ = true;
        note_stamp();
        return {};
    }

    // --- reading

    Result<std::string> read_file() const {
        const auto there = layer_.exists(path_);
        if (!there) return Failure(there.error());
        if (!*there) return std::string();
        return layer_.read(path_);
    }
    // Where the last whole line ends. Of one that was being written as the power went there may be any blocks, and
    // zeros in the place of the others.
    static std::size_t end_of_whole(std::string_view content) {
        constexpr std::size_t block = 512;
        const std::size_t end = content.rfind('\n') + 1;  // npos + 1 is 0
        const std::size_t begin = end < 2 ? 0 : content.rfind('\n', end - 2) + 1;
        for (std::size_t from = begin, to = 0; (to = (from / block + 1) * block) <= end; from = to)
            if (content.substr(from, to - from).find_first_not_of('\0') == std::string_view::npos) return begin;
        return end;
    }
    // Whole lines, without their ends.
    template <class F>
    static void each_line(std::string_view content, F&& f) {
        for (std::size_t end = content.find('\n'); end != std::string_view::npos; end = content.find('\n')) {
            f(content.substr(0, end));
            content.remove_prefix(end + 1);
        }
    }
    static std::vector<Number> cancelled_in(const std::vector<Entry>& entries) {
        std::vector<Number> cancelled;
        for (const Entry& entry : entries)
            if (entry.is_note && entry.note.cancelled != 0) cancelled.push_back(entry.note.cancelled);
        std::sort(cancelled.begin(), cancelled.end());
        return cancelled;
    }
    static bool happened(const Entry& entry, const std::vector<Number>& cancelled) {
        return !entry.is_note && !std::binary_search(cancelled.begin(), cancelled.end(), entry.record.sequence);
    }
    // All records but those that did not happen. What cannot be read is left out: verify() names it.
    std::vector<AuditRecord> happened(std::string_view content) const {
        std::vector<Entry> entries;
        each_line(content, [&](std::string_view line) {
            Entry entry;
            if (detail::read_audit_text(detail::split_line(line).text, entry)) entries.push_back(std::move(entry));
        });
        const std::vector<Number> cancelled = cancelled_in(entries);
        const Number failed = failed_in(content);
        std::vector<AuditRecord> records;
        for (Entry& entry : entries)
            if (happened(entry, cancelled) && entry.record.sequence != owed_ && entry.record.sequence != failed)
                records.push_back(std::move(entry.record));
        return records;
    }
    // Records of revisions that were made, the newest first, as long as `f` says so.
    template <class F>
    void each_made_backwards(std::string_view content, F&& f) const {
        std::vector<Number> cancelled;
        while (!content.empty()) {
            const std::size_t begin = content.size() < 2 ? 0 : content.rfind('\n', content.size() - 2) + 1;
            Entry entry;
            const bool read = detail::read_audit_text(
                detail::split_line(content.substr(begin, content.size() - begin - 1)).text, entry);
            content = content.substr(0, begin);
            if (!read) continue;
            if (entry.is_note && entry.note.cancelled != 0) cancelled.push_back(entry.note.cancelled);
            if (entry.is_note || !detail::made_revision(entry.record)) continue;
            if (std::find(cancelled.begin(), cancelled.end(), entry.record.sequence) != cancelled.end()) continue;
            if (!f(std::as_const(entry.record))) return;
        }
    }

    Result<AuditAnchor> verify_lines(std::string_view content, const AuditAnchor& known) const {
        const std::size_t whole = end_of_whole(content);
        AuditAnchor from;
        std::vector<detail::ChainEntry> entries;
        bool sealed = true;
        bool first = true;
        each_line(content.substr(0, whole), [&](std::string_view line) {
            detail::ChainEntry parts = detail::split_line(line);
            Entry entry;
            if (detail::read_audit_text(parts.text, entry)) parts.sequence = entry.sequence();
            if (std::exchange(first, false) && entry.is_note && entry.note.pruned != 0) {
                sealed = parts.hash == this->seal(parts.text);
                from = {entry.note.sequence, entry.note.previous};
            } else entries.push_back(parts);
        });
        if (!sealed) return Failure(detail::tampered(from.sequence, "altered"));
        auto verified = detail::verify_chain(this->chain(), from, entries, known);
        // Behind the last whole line there may be one that is half written, but no whole one with another end.
        if (verified && whole != content.size()) {
            for (const std::size_t without : {std::size_t{0}, std::size_t{1}}) {
                const auto parts = detail::split_line(content.substr(whole, content.size() - whole - without));
                if (!parts.hash.empty() && parts.hash == this->link(verified->hash, parts.text))
                    return Failure(detail::tampered(verified->sequence + 1, "altered"));
            }
        }
        return verified;
    }

    std::string path_;
    mutable Layer layer_;
    OnAuditFailure on_failure_;
    std::optional<typename Layer::File> file_;
    std::optional<std::uint64_t> stamp_;  // of the file as it was when this was the last that looked
    bool named_ = false;                  // is the file sure to be in its folder?
    Tail tail_;
    Made made_;
    Made made_before_;  // begin() of what is pending
    Number pending_ = 0;
    Number owed_ = 0;              // a record that a note has still to cancel
    std::string failed_;           // lines that may be there all the same
    Number failed_record_ = 0;     // the record among them, or 0
    std::uint64_t noted_cut_ = 0;  // bytes that were cut off, and no note says so yet
    std::uint64_t cut_off_ = 0;
    std::uint64_t missing_ = 0;
};

}  // namespace stet
