#pragma once
// The storage over a log of JSON documents: every revision by the names of its fields, whole from time to time and
// otherwise as what changed, so that a small change of a large value writes little, and a struct of another version can
// read it.

#include <stet/with/nlohmann_json/sentences.hpp>

#include <stet/patch/patch.hpp>
#include <stet/patch/record_patch.hpp>
#include <stet/patch/transaction.hpp>
#include <stet/reflect/fingerprint.hpp>
#include <stet/schema/migrations.hpp>
#include <stet/with/nlohmann_json/cbor.hpp>
#include <stet/with/nlohmann_json/forget.hpp>
#include <stet/with/nlohmann_json/log.hpp>
#include <stet/with/nlohmann_json/operation.hpp>
#include <stet/with/nlohmann_json/patch.hpp>
#include <stet/with/nlohmann_json/read.hpp>
#include <stet/with/nlohmann_json/write.hpp>

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace stet {
namespace detail {

/// Values of `T`, and of the structs before it, from documents that were written of them.
template <class T, class Chain>
struct FromDocument;
template <class T, class... Versions>
struct FromDocument<T, migrations<Versions...>> {
    static constexpr std::size_t depth = 500;

    /// Error: `unreadable` with the first thing that is wrong.
    static Result<T> read(const Json& document, std::uint64_t print, Number number) {
        std::optional<Result<T>> made;
        const auto older = [&]<class V>(std::type_identity<V>) {
            if constexpr (!std::is_same_v<V, T>)
                if (!made && print == fingerprint<V>) {
                    const auto old = read_as<V>(document, number, stet::Missing::report, false);
                    if (old) made.emplace(migrate_from<T>(*old, migrations<Versions...>{}));
                    else made.emplace(Failure(old.error()));
                }
        };
        if (print != fingerprint<T>) (older(std::type_identity<Versions>{}), ...);
        if (made) return *std::move(made);
        const bool by_name = print != fingerprint<T>;
        return read_as<T>(document, number, by_name ? stet::Missing::keep_default : stet::Missing::report, by_name);
    }

private:
    template <class V>
    static Result<V> read_as(const Json& document, Number number, stet::Missing missing, bool by_name) {
        Violations found;
        V value{};
        JsonReader reader(found, JsonInput{.missing = missing, .depth = depth}, true, by_name);
        if (reader.read(document, value, PathView{}, depth) && found.empty()) return value;
        const std::string why = to_text([&](const Writer& out) { out << *found.begin(); });
        return Failure(Error(Errc::unreadable, number, 0, why));
    }
};

}  // namespace detail

/// Keeps the revisions of `T` in a log. What `Chain`, a `migrations<...>`, does not say of values that another version
/// of the struct wrote is found by the names of their fields.
template <class T, class Log, class Chain = migrations<T>>
class Durable {
    using Json = detail::Json;
    using Reader = detail::FromDocument<T, Chain>;
    static_assert(detail::require_json_in<T>() && detail::require_json_out<T>());
    static_assert(revision_log<Log>, "stet: Durable: the log lacks a function; see stet::revision_log");

public:
    using value_type = T;

    /// A storage over a log that can be opened. Of revisions without a name it keeps at least the last `keep`, and not
    /// many more, so that not every commit forgets one; 0 for all.
    static Result<Durable> open(Log log, std::size_t keep = 0) {
        const auto state = log.open();
        if (!state) return Failure(state.error());
        Durable storage(std::move(log), keep);
        if (auto taken = storage.take(*state); !taken) return Failure(taken.error());
        storage.recovered_ = state->recovered;
        return storage;
    }

    Number head() const { return state_.head; }
    Number floor() const { return state_.floor; }
    std::size_t size() const { return state_.size; }
    /// Was the head written from another version of the struct, and read all the same?
    bool migrated() const { return at_ != 0 && whole_next_; }
    /// Was something half done found when it was opened, and undone?
    bool recovered() const { return recovered_; }

    /// One that cannot be read any more has nothing but a number, and a reason that says so.
    const Revision* find(Number number) const {
        if (!is_kept(number)) return nullptr;
        return &look_up(number).revision;
    }
    const Patch<T>* patch(Number number) const {
        if (number < state_.floor || number > state_.head || number == 0) return nullptr;
        Kept& kept = look_up(number);
        if (!kept.patch) {
            const auto after = stored(number);
            if (!after) return nullptr;
            if (kept.revision.previous == 0) kept.patch.emplace(diff(*after, *after));
            else {
                const auto before = stored(kept.revision.previous);
                if (before) kept.patch.emplace(diff(*before, *after));
            }
        }
        return kept.patch ? &*kept.patch : nullptr;
    }
    /// Costs what changed since, if that is not long ago; else what changed since a whole value was written.
    Result<T> read(Number number, const T& head_value) const {
        bool is_near = number != 0 && number <= at_;
        for (Number later = at_; is_near && later > number; --later) {
            const auto kept = kept_.find(later);
            is_near = kept != kept_.end() && kept->second.patch.has_value();
        }
        T value = head_value;
        if (is_near) {
            for (Number later = at_; later > number; --later)
                detail::Apply::undo(*kept_.find(later)->second.patch, value);
        } else {
            const auto there = stored(number);
            if (!there) return Failure(there.error());
            detail::Apply::trusted(diff(std::as_const(value), *there), value);
        }
        return value;
    }
    /// The same from what is stored alone. Errors: `unreadable`, `no_such_revision`, `storage_failed`.
    Result<T> stored(Number number) const {
        auto found = document(number);
        if (!found) return Failure(found.error());
        const detail::TakenApart after(found->data);
        return Reader::read(found->data, found->fingerprint, number);
    }

    /// What is stored of a revision, as JSON; of those, too, that cannot be read as the struct of today. It holds
    /// secrets as they are. Errors: `no_such_revision`, `storage_failed`.
    Result<Json> raw(Number number) const {
        auto found = document(number);
        if (!found) return Failure(found.error());
        return std::move(found->data);
    }

    Result<void> append(Revision& revision, Patch<T>& patch, const T& value) {
        trim();
        const bool on_head = at_ == revision.previous;  // not where the head could not be read
        const bool whole = whole_next_ || !on_head || since_whole_ >= most_patches || patch_bytes_ > whole_bytes_;
        LogEntry entry{revision, fingerprint<T>, whole ? Form::whole : Form::patch, {}};
        const detail::CborWriter writer{Secrets::keep, false};
        if (whole) writer.write(entry.data, value);
        else entry.data = detail::JsonPatch(value, detail::CborOperations(writer)).make(patch);
        Kept& place = kept_[revision.number];  // before anything is written
        const auto written = log_.append(entry);
        if (!written) return Failure(written.error());
        place.revision = std::move(revision);
        if (on_head) place.patch.emplace(std::move(patch));  // else what it changed is not known
        count(whole, *written);
        at_ = state_.head = place.revision.number;
        if (state_.floor == 0) state_.floor = state_.head;
        ++state_.size;
        return {};
    }

    Result<void> pin(std::string_view name, const Revision& revision, const T&) {
        Pin named{std::string(name), revision.number};
        pins_.reserve(pins_.size() + 1);
        if (const auto done = log_.pin(name, revision.number); !done) return Failure(done.error());
        pins_.push_back(std::move(named));
        return {};
    }
    Result<void> unpin(std::string_view name) {
        if (const auto done = log_.unpin(name); !done) return Failure(done.error());
        std::erase_if(pins_, [&](const Pin& pin) { return pin.name == name; });
        count_kept();
        return {};
    }
    std::vector<Pin> pins() const { return pins_; }

    Result<std::size_t> prune(std::size_t keep) {
        if (keep == 0 && !is_pinned(state_.head)) keep = 1;
        std::size_t unpinned = 0;
        for (Number number = state_.floor; number <= state_.head; ++number) unpinned += is_pinned(number) ? 0 : 1;
        Number floor = state_.floor;
        for (; unpinned > keep; ++floor)
            if (!is_pinned(floor)) --unpinned;
        if (floor == state_.floor) return std::size_t{0};
        return drop_below(floor);
    }

    /// Puts what `now` has at `path` into its place in all that is stored; says how many entries were rewritten.
    /// Errors: `wrong_type` where the path leads through a position, which was another one's then.
    Result<std::size_t> forget(const Path<T>& path, const T& now) {
        if (held_)  // what it writes could not be taken back
            return Failure(Error(Errc::storage_failed, "forget(path) before or after what is made together"));
        const auto places = detail::pointers_of<T>(path);
        if (places.empty())
            return Failure(Error(Errc::wrong_type, path.text(),
                                 "a path that leads to the same place in all revisions: the field around it"));
        Json live;
        const detail::TakenApart after(live);
        const auto there = path.visit(now, [&](const auto& value) { live = detail::JsonWriter{}.write(value); });
        if (!there) return Failure(there.error());
        std::vector<LogEntry> changed;
        const auto look = [&](Number number) -> Result<void> {
            auto entry = log_.read(number);
            if (!entry) return Failure(entry.error());
            Json data;
            const detail::TakenApart at_end(data);
            if (!detail::from_cbor(entry->data, data)) return Failure(damaged(number));
            bool other = false;
            for (const std::string& place : places)
                other = (entry->form == Form::whole ? detail::put_in_document(data, place, live)
                                                    : detail::put_in_operations(data, place, live)) ||
                        other;
            if (!other) return {};
            entry->data = detail::to_cbor(data);
            changed.push_back(*std::move(entry));
            return {};
        };
        if (state_.floor > 1)  // the one before the first may still be there
            if (const auto done = look(state_.floor - 1); !done && done.error().code() != Errc::no_such_revision)
                return Failure(done.error());
        for (Number number = state_.floor; number <= state_.head; ++number)
            if (const auto done = look(number); !done) return Failure(done.error());
        for (const Pin& pin : pins_)
            if (pin.number + 1 < state_.floor)
                if (const auto done = look(pin.number); !done) return Failure(done.error());
        if (!changed.empty()) {
            if (const auto done = log_.revise(state_.floor, changed); !done) return Failure(done.error());
            kept_.clear();
        }
        if constexpr (requires { log_.wipe().has_value(); })
            if (const auto done = log_.wipe(); !done) return Failure(done.error());
        return changed.size();
    }

    Result<T> take_head() {
        if (!head_.empty()) {
            T value = std::move(head_.front());
            head_.clear();
            return value;
        }
        auto found = document(state_.head);
        if (!found) return Failure(found.error());
        const detail::TakenApart after(found->data);
        auto value = Reader::read(found->data, found->fingerprint, state_.head);
        if (!value) return value;
        Kept& kept = kept_[state_.head];
        kept.revision = std::move(found->revision);
        kept.failed = false;
        at_ = state_.head;
        return value;
    }
    void give_head(T value) {
        head_.clear();
        head_.push_back(std::move(value));
    }

    // ---- where several processes share it

    Result<Number> lock() {
        if (keep_ != 0 && state_.size > keep_ + keep_ / 4 + pins_.size()) forget_oldest();
        return follow(log_.lock());
    }
    Result<Number> newest() { return follow(log_.state()); }
    void unlock() noexcept { log_.unlock(); }
    /// What an audit wrote with the lock is safe.
    Result<void> settle()
        requires requires(Log& log) { log.settle(); }
    {
        return log_.settle();
    }

    // ---- many commits that are safe together

    Result<void> hold()
        requires requires(Log& log) { log.hold(); }
    {
        auto done = log_.hold();
        held_ = done.has_value();
        return done;
    }
    Result<void> release() {
        held_ = false;
        return log_.release();
    }
    /// None of them has happened; the owner's value is that of revision `number` again.
    void abandon(Number number) noexcept {
        held_ = false;
        log_.abandon();
        kept_.clear();
        state_.size -= static_cast<std::size_t>(state_.head - number);
        at_ = state_.head = number;
        whole_next_ = true;
    }

    Log& log() { return log_; }
    const Log& log() const { return log_; }

private:
    // What was asked for, or appended.
    struct Kept {
        Revision revision{};
        std::optional<Patch<T>> patch{};
        bool failed = false;
    };
    static constexpr std::size_t most_patches = 200;
    static constexpr std::size_t most_kept = 1000;
    static constexpr std::size_t least_kept = 16;

    Durable(Log log, std::size_t keep) : log_(std::move(log)), keep_(keep) {}

    bool is_pinned(Number number) const {
        for (const Pin& pin : pins_)
            if (pin.number == number) return true;
        return false;
    }
    bool is_kept(Number number) const {
        return number != 0 && ((number >= state_.floor && number <= state_.head) || is_pinned(number));
    }

    Kept& look_up(Number number) const {
        Kept& kept = kept_[number];
        if (kept.revision.number == number && !kept.failed) return kept;
        auto entry = log_.read(number);
        if (entry) kept.revision = std::move(entry->revision);
        else {
            kept.revision.previous = number - 1;
            kept.revision.reason = to_text_of(entry.error());
        }
        kept.revision.number = number;
        kept.failed = !entry && entry.error().code() != Errc::unreadable;  // another time it may be read
        return kept;
    }
    static std::string to_text_of(const Error& error) {
        return detail::to_text(
            [&](const Writer& out) { out << "(" << error.what() << ": " << error.why().view() << ")"; });
    }

    struct Document {
        Revision revision;
        std::uint64_t fingerprint;  // of the struct that the whole value was written from
        Json data;
    };
    // A revision as the whole of what it was.
    Result<Document> document(Number number) const {
        std::vector<std::string> patches;
        std::size_t bytes = 0;
        for (Number at = number;;) {
            auto entry = log_.read(at);
            if (!entry) return Failure(entry.error());
            const Number before = entry->revision.previous;
            const bool whole = entry->form == Form::whole;
            if (!whole && before >= at) return Failure(damaged(number));
            if (whole) {
                Json data;
                const detail::TakenApart after(data);
                if (!detail::from_cbor(entry->data, data)) return Failure(damaged(number));
                for (auto patch = patches.rbegin(); patch != patches.rend(); ++patch)
                    if (!carry_out(*patch, data)) return Failure(damaged(number));
                if (number == state_.head) {
                    whole_bytes_ = entry->bytes;
                    patch_bytes_ = bytes;
                    since_whole_ = patches.size();
                    whole_next_ = entry->fingerprint != fingerprint<T>;
                }
                if (at != number) {
                    auto info = log_.read(number);
                    if (!info) return Failure(info.error());
                    entry->revision = std::move(info->revision);
                }
                return Document{std::move(entry->revision), entry->fingerprint, std::move(data)};
            }
            patches.push_back(std::move(entry->data));
            bytes += entry->bytes;
            at = before;
        }
    }
    static Error damaged(Number number) {
        return Error(Errc::unreadable, number, 0, "what is stored of it is damaged");
    }
    static bool carry_out(std::string_view bytes, Json& document) {
        Json patch;
        const detail::TakenApart after(patch);
        if (!detail::from_cbor(bytes, patch)) return false;
        auto* const operations = patch.get_ptr<Json::array_t*>();
        if (operations == nullptr) return false;
        detail::JsonPatcher patcher(document);
        for (Json& one : *operations) {
            auto* const object = one.get_ptr<Json::object_t*>();
            if (object == nullptr) return false;
            detail::StoredOperation operation;
            const auto member = [&](const char* key, std::string& to) {
                const auto at = object->find(key);
                auto* const held = at == object->end() ? nullptr : at->second.template get_ptr<std::string*>();
                if (held != nullptr) to = std::move(*held);
                return held != nullptr;
            };
            if (!member("op", operation.op) || !member("path", operation.path)) return false;
            if (const auto value = object->find("value"); value != object->end())
                operation.value.json = std::move(value->second);
            if (operation.op != "remove" && !operation.value.json) return false;
            if (!patcher.carry_out(operation)) return false;
        }
        return true;
    }
    // The log is as it is now.
    Result<void> take(const LogState& state) {
        if (state.unchanged && taken_) return {};
        taken_ = false;
        auto pins = log_.pins();
        if (!pins) return Failure(pins.error());
        if (state.head != state_.head) whole_next_ = true;  // until the head is read
        if (state.head < state_.head) kept_.clear();
        pins_ = std::move(*pins);
        state_ = state;
        taken_ = true;
        return {};
    }
    Result<Number> follow(const Result<LogState>& state) {
        if (!state) return Failure(state.error());
        if (auto taken = take(*state); !taken) return Failure(taken.error());
        return state_.head;
    }

    // Forgets what is older and has no name; what is left, and the one before it, must not be told as a change of what
    // goes.
    Result<std::size_t> drop_below(Number floor) {
        std::vector<LogEntry> whole;
        std::vector<Number> needed;
        for (const Pin& pin : pins_)
            if (pin.number < floor) needed.push_back(pin.number);
        if (floor > state_.floor) needed.push_back(floor - 1);
        for (const Number number : needed) {
            auto entry = log_.read(number);
            if (!entry) return Failure(entry.error());
            if (entry->form == Form::whole) continue;
            auto made = document(number);
            if (!made) return Failure(made.error());
            const detail::TakenApart after(made->data);
            entry->fingerprint = made->fingerprint;
            entry->form = Form::whole;
            entry->data = detail::to_cbor(made->data);
            whole.push_back(*std::move(entry));
        }
        const std::size_t before = state_.size;
        if (const auto done = log_.revise(floor, whole); !done) return Failure(done.error());
        state_.floor = floor;
        count_kept();
        for (auto at = kept_.begin(); at != kept_.end();) at = is_kept(at->first) ? std::next(at) : kept_.erase(at);
        return before - state_.size;
    }

    // Nothing that could fail comes after something was written.
    void count_kept() noexcept {
        state_.size = state_.head == 0 ? 0 : state_.head - state_.floor + 1;
        for (std::size_t i = 0; i < pins_.size(); ++i) {
            bool first = pins_[i].number < state_.floor;  // of the names of an older one
            for (std::size_t j = 0; j < i; ++j) first = first && pins_[j].number != pins_[i].number;
            if (first) ++state_.size;
        }
    }
    // In a turn of its own, before anything else happens; if it cannot be done now, it can the next time.
    void forget_oldest() {
        struct Turn {
            Log& log;
            ~Turn() { log.unlock(); }
        };
        const auto now = log_.lock();
        if (!now) return;
        const Turn turn{log_};
        if (!take(*now)) return;
        const Revision* const newest = find(state_.head);
        if (newest != nullptr && newest->deadline == 0)
            static_cast<void>(prune(keep_));  // else the one before it stays
    }
    void count(bool whole, std::size_t bytes) {
        if (whole) {
            whole_bytes_ = bytes;
            patch_bytes_ = since_whole_ = 0;
            whole_next_ = false;
        } else {
            patch_bytes_ += bytes;
            ++since_whole_;
        }
    }
    void trim() {
        if (kept_.size() <= most_kept) return;
        while (kept_.size() > least_kept) kept_.erase(kept_.begin());
    }

    mutable Log log_;
    mutable std::map<Number, Kept> kept_;
    LogState state_{};
    std::vector<Pin> pins_;
    std::vector<T> head_;
    Number at_ = 0;  // the revision whose value the owner has
    mutable std::size_t whole_bytes_ = 0, patch_bytes_ = 0, since_whole_ = 0;
    mutable bool whole_next_ = true;
    bool recovered_ = false;
    bool held_ = false;
    bool taken_ = false;  // what the log said last
    std::size_t keep_;
};

}  // namespace stet
