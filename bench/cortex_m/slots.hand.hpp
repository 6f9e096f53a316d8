#pragma once
// What a good engineer writes for this one struct who promises what stet does: whatever moment the power goes at, and
// whatever the unit that was being written holds then, the old settings are found or the new ones; a flipped bit is
// noticed, what a newer firmware has left is kept, a record that the flash refuses goes to the other page, no number is
// given out twice, and whoever asks hears what was found, what was refused, and which rule was broken by which value.
// tests/flash/by_hand.cpp proves it. slots.simple.hpp promises less.

#include "config.hpp"
#include "device.hpp"
#include "rules.hand.hpp"

#include <bit>
#include <cstring>

enum class Kind : std::uint8_t { created = 1, commit, rolled_back, provisional, taken_back };
enum class Why : std::uint8_t { no, reset, deadline, request };
enum class Start : std::uint8_t { created, opened, last_good, factory, recovered, taken_back };
enum class Error : std::uint8_t {
    none,
    not_opened,
    waiting,
    rule,
    no_revision,
    pruned,
    unreadable,
    full,
    device,
    token
};

template <class Flash>
class Settings {
public:
    struct Header {
        std::uint16_t mark = 0;
        Kind kind{};
        std::uint8_t version = 0;  // 1: ConfigV1, 2: Config; another: of a newer firmware
        std::uint16_t length = 0;
        Why why = Why::no;
        std::uint8_t beside_newer = 0;
        std::uint32_t number = 0;
        std::uint32_t previous = 0;
        std::uint32_t rejected = 0;
        std::uint32_t crc = 0;
    };
    struct Found {
        std::uint32_t records = 0, damaged = 0, unreadable = 0, newer = 0;
        bool torn = false, blank = true, silent = false;
    };

    explicit Settings(Flash& flash) : flash_(flash) {}

    const Config& current() const { return value_; }
    std::uint32_t head() const { return head_; }
    bool waiting() const { return waiting_; }
    bool was_taken_back() const { return why_ != Why::no; }
    Why why() const { return why_; }
    std::uint32_t rejected() const { return rejected_; }
    Start how() const { return how_; }
    const Found& found() const { return found_; }
    Error error() const { return error_; }  // of the last verb that said false
    const Violations& violations() const { return violations_; }

    VERB bool open() {
        opened_ = waiting_ = false;
        scan();
        how_ = found_.blank ? Start::created : Start::factory;
        bool any = false;
        bool usable = false;
        for (std::uint32_t limit = ~0U; !usable && find_good(limit); limit = good_.header.number) {
            if (!load(good_.at, good_.header.number, value_)) continue;
            usable = check(value_).count == 0;
            if (usable) how_ = any ? Start::last_good : found_.torn ? Start::recovered : Start::opened;
            any = true;
        }
        if (!usable) {
            value_ = Config{};
            good_ = Record{};
        }
        head_ = good_.header.number;
        before_ = good_.header.previous;
        rejected_ = good_.header.rejected;
        why_ = good_.header.why;
        const bool given_up = last_.header.number != 0 && !last_.confirmed && ours(last_.header);
        if (given_up) {
            rejected_ = last_.header.number;
            why_ = Why::reset;
        }
        if (found_.silent) return false;
        opened_ = true;
        if (given_up) {
            if (usable && how_ != Start::last_good) how_ = Start::taken_back;
            return append(Kind::taken_back, value_) == Error::none;
        }
        if (how_ == Start::last_good) return append(Kind::rolled_back, value_) == Error::none;
        // What could not be read may be there tomorrow: then nothing is written over it.
        return usable || (found_.unreadable == 0 && append(Kind::created, value_) == Error::none);
    }
    VERB bool store(const Config& next) { return done(store(Kind::commit, next)); }
    VERB bool set_max_rpm(std::uint16_t rpm) {
        Config next = value_;
        next.motor.max_rpm = rpm;
        return store(next);
    }
    VERB bool rollback() {
        if (!opened_) return done(Error::not_opened);
        if (before_ == 0) return done(Error::no_revision);
        Config back;
        for (std::uint32_t at = 0; next(at); at += look_.size)
            if (look_.header.number == before_)
                return done(load(at, before_, back) ? store(Kind::rolled_back, back) : Error::unreadable);
        return done(Error::pruned);
    }
    VERB bool try_out(const Config& next, std::uint32_t deadline) {
        if (!waiting_) deadline_ = deadline;
        return done(store(Kind::provisional, next));
    }
    VERB bool confirm(std::uint32_t token) {
        if (token != head_ || token == 0) return done(Error::token);
        if (!waiting_) return true;
        if (!half_confirmed_) {
            half_confirmed_ = true;  // what was tried is not programmed again
            program_word(last_.at + record, confirmation_of(last_.header.crc));
            if (look(last_.at) && look_.confirmed) {
                good_ = look_;
                before_ = good_.header.previous;
                waiting_ = false;
                return true;
            }
        }
        return done(append(Kind::commit, value_));
    }
    VERB bool poll(std::uint32_t now) {
        return waiting_ && static_cast<std::int32_t>(now - deadline_) >= 0 && back_to_good(Why::deadline);
    }
    bool take_back() { return waiting_ ? back_to_good(Why::request) || done(Error::device) : done(Error::token); }
    VERB static bool broken(const Config& config) { return check(config).count != 0; }

    // For tests: what is kept.
    template <class F>
    void each(const F& f) {
        for (std::uint32_t at = 0; next(at); at += look_.size) f(look_.header);
    }

private:
    struct Record {
        bool confirmed = false;
        std::uint32_t at = 0, size = 0;
        Header header;
    };
    static constexpr std::uint32_t unit = Flash::write_unit;
    static constexpr std::uint32_t page_size = Flash::page_size;
    static constexpr std::uint32_t whole(std::uint32_t n) { return (n + unit - 1) / unit * unit; }
    static constexpr std::uint32_t record = whole(sizeof(Header) + sizeof(Config));
    static constexpr std::uint32_t word = whole(4);
    static constexpr std::uint16_t our_mark = 0x5E71;
    static_assert(sizeof(Header) % unit == 0 && sizeof(Config) % unit == 0 && sizeof(ConfigV1) <= sizeof(Config));

    static bool ours(const Header& header) {
        return (header.version == 2 && header.length == sizeof(Config)) ||
               (header.version == 1 && header.length == sizeof(ConfigV1));
    }
    bool done(Error error) {
        error_ = error;
        return error == Error::none;
    }
    static std::uint32_t confirmation_of(std::uint32_t crc) {  // as far from blank as from its opposite
        const std::uint32_t half = (crc ^ (crc >> 16)) & 0xFFFFU;
        return half | ((half ^ 0xFFFFU) << 16);
    }
    VERB static std::uint32_t crc_of(std::uint32_t crc, const void* from, std::uint32_t count) {
        for (const auto* bytes = static_cast<const std::uint8_t*>(from); count != 0; --count) {
            crc ^= *bytes++;
            for (int bit = 0; bit < 8; ++bit) crc = (crc >> 1) ^ ((crc & 1U) != 0 ? 0xEDB88320U : 0U);
        }
        return crc;
    }
    static std::uint32_t crc_of_header(Header& header, std::uint32_t at) {  // and of where it stands
        header.crc = at;
        return crc_of(~0U, &header, sizeof(Header));
    }
    // What failed once may have been noise.
    VERB bool fetch(std::uint32_t at, void* to, std::uint32_t count) {
        auto* const bytes = static_cast<std::byte*>(to);
        return flash_.read(at, bytes, count) || flash_.read(at, bytes, count);
    }
    // Is there an intact record? Its value goes to `value`.
    VERB bool look(std::uint32_t at, std::byte* value = nullptr) {
        const std::uint32_t room = page_size - at % page_size;
        Header& header = look_.header;
        if (room < sizeof(Header) || !fetch(at, &header, sizeof(Header))) {
            header.mark = 0;
            return false;
        }
        if (header.mark != our_mark || header.number == 0 || header.length > room - sizeof(Header)) return false;
        look_.at = at;
        look_.size = whole(sizeof(Header) + header.length);
        const std::uint32_t behind = at + look_.size;
        if (header.kind == Kind::provisional) look_.size += word;
        if (look_.size > room || (value != nullptr && !ours(header))) return false;
        const std::uint32_t expected = header.crc;
        std::uint32_t crc = crc_of_header(header, at);
        header.crc = expected;
        at += sizeof(Header);
        std::byte some[8];
        for (std::uint32_t left = header.length; left != 0;) {
            const std::uint32_t count = left < 8 ? left : 8;
            std::byte* const to = value != nullptr ? value : some;
            if (!fetch(at, to, count)) return false;
            crc = crc_of(crc, to, count);
            if (value != nullptr) value += count;
            at += count;
            left -= count;
        }
        if (~crc != expected) return false;
        look_.confirmed = true;
        if (header.kind == Kind::provisional) {
            std::uint32_t wrong = 0;
            look_.confirmed = fetch(behind, &wrong, 4);
            wrong ^= confirmation_of(expected);
            for (int bit = 0; bit < 3; ++bit) wrong &= wrong - 1;  // a few flipped bits take nothing back
            look_.confirmed = look_.confirmed && wrong == 0;
        }
        return true;
    }
    // The next intact record from `at` on.
    VERB bool next(std::uint32_t& at) {
        for (; at < Flash::pages * page_size; at += unit)
            if (look(at)) return true;
        return false;
    }
    bool find_good(std::uint32_t limit) {
        good_ = Record{};
        for (std::uint32_t at = 0; next(at); at += look_.size)
            if (look_.confirmed && ours(look_.header) && look_.header.number < limit &&
                look_.header.number > good_.header.number)
                good_ = look_;
        return good_.header.number != 0;
    }
    VERB bool load(std::uint32_t at, std::uint32_t number, Config& value) {
        if (!look(at, reinterpret_cast<std::byte*>(&value)) || look_.header.number != number) return false;
        if (look_.header.version == 1) {
            ConfigV1 old;
            std::memcpy(static_cast<void*>(&old), &value, sizeof(old));
            value = Config{};
            value.id = old.id;
            value.motor.mode = old.mode;
            value.motor.max_rpm = old.max_rpm;
            value.motor.pid.kp = old.kp;
        }
        return true;
    }
    void scan() {
        found_ = Found{};
        last_ = newer_ = Record{};
        std::uint32_t newest = 0;
        bool beside_newer = false;
        number_ = 0;
        page_ = Flash::pages - 1;
        offset_ = page_size;
        bool torn = false;         // behind the newest record
        bool begun = false;        // a page of which nothing came
        std::uint32_t hidden = 0;  // units in which records may stand
        for (std::uint32_t page = 0; page < Flash::pages; ++page) {
            std::uint32_t behind = 0;    // the last record
            std::uint32_t used = 0;      // up to where something may have been touched
            std::uint32_t junk_end = 0;  // of what is none of ours
            for (std::uint32_t offset = 0; offset < page_size;) {
                const std::uint32_t at = page * page_size + offset;
                if (look(at)) {
                    ++found_.records;
                    behind = used = offset += look_.size;
                    if (look_.header.number > number_) {
                        number_ = look_.header.number;
                        last_ = look_;
                        page_ = page;
                    }
                    if (!ours(look_.header)) {
                        if (look_.confirmed && look_.header.number > newer_.header.number) newer_ = look_;
                    } else if (look_.confirmed && look_.header.number > newest) {
                        newest = look_.header.number;
                        beside_newer = look_.header.beside_newer != 0;
                    }
                    continue;
                }
                std::byte bytes[unit];
                const bool unreadable = !fetch(at, bytes, unit);
                bool blank = !unreadable;
                for (const std::byte one : bytes) blank = blank && one == Flash::erased;
                if (!blank) {
                    found_.unreadable += unreadable;
                    if (offset == 0 || junk_end != offset) ++found_.damaged;
                    if (offset >= used) {  // the header comes first: if it is not whole, nothing behind it was touched
                        std::uint32_t size = sizeof(Header);
                        if (look_.header.mark == our_mark && look_.header.length < page_size)
                            size = whole(sizeof(Header) + look_.header.length) + word;
                        used = offset + size < page_size ? offset + size : page_size;
                    }
                    junk_end = offset + unit;
                    ++hidden;
                }
                offset += unit;
            }
            if (used != 0) found_.blank = false;
            if (behind == 0) begun = begun || junk_end > behind;
            else if (page_ == page) {
                torn = junk_end > behind;
                offset_ = used;
            }
        }
        found_.silent = found_.unreadable == Flash::pages * (page_size / unit);
        found_.torn = torn || begun;
        if (found_.torn) number_ += hidden;
        if (newer_.header.number <= newest && !beside_newer) newer_ = Record{};
        found_.newer = newer_.header.number;
    }

    static bool differ(float a, float b) { return std::bit_cast<std::uint32_t>(a) != std::bit_cast<std::uint32_t>(b); }
    static bool same(const Config& a, const Config& b) {
        return a.id == b.id && a.motor.mode == b.motor.mode && a.motor.max_rpm == b.motor.max_rpm &&
               !differ(a.motor.pid.kp, b.motor.pid.kp) && !differ(a.motor.pid.ki, b.motor.pid.ki) &&
               !differ(a.motor.pid.kd, b.motor.pid.kd) && a.address == b.address;
    }
    VERB Error store(Kind kind, const Config& next) {
        if (!opened_) return Error::not_opened;
        if (same(next, value_)) return Error::none;
        if (waiting_) return Error::waiting;
        violations_ = check(next);
        return violations_.count != 0 ? Error::rule : append(kind, next);
    }
    // Stores it, and then it is in force. What came back is what it was: before it stands what stood before that.
    VERB Error append(Kind kind, const Config& value) {
        const bool back = kind == Kind::taken_back;
        Header header{our_mark,
                      kind,
                      2,
                      sizeof(Config),
                      back ? why_ : Why::no,
                      newer_.header.number != 0,
                      0,
                      back ? before_ : good_.header.number,
                      rejected_,
                      0};
        const bool provisional = kind == Kind::provisional;
        const std::uint32_t size = provisional ? record + word : record;
        // What must follow a provisional record, even after a reset, finds room behind it.
        const std::uint32_t room = provisional ? size + record : size;
        Error error = Error::full;
        for (int attempt = 0; attempt < 2; ++attempt) {  // the second one in the other page
            if (offset_ + room > page_size && !turn_page(error)) break;
            const std::uint32_t at = page_ * page_size + offset_;
            offset_ += size;            // even if it fails: what was touched is not used again
            header.number = ++number_;  // whatever comes of it, it may be found
            header.crc = ~crc_of(crc_of_header(header, at), &value, sizeof(Config));
            if (flash_.program(at, reinterpret_cast<const std::byte*>(&header), sizeof(Header)))
                static_cast<void>(
                    flash_.program(at + sizeof(Header), reinterpret_cast<const std::byte*>(&value), sizeof(Config)));
            if (look(at)) {
                value_ = value;
                why_ = header.why;
                head_ = number_;
                last_ = look_;
                waiting_ = provisional;
                half_confirmed_ = false;
                if (!provisional) {
                    before_ = header.previous;
                    good_ = look_;
                }
                return Error::none;
            }
            error = Error::device;
            offset_ = page_size;
        }
        return error;
    }
    // To the next page that nobody needs; the last one asked is this one.
    bool turn_page(Error& error) {
        for (std::uint32_t i = 0; i < Flash::pages; ++i) {
            const std::uint32_t next = (page_ + i + 1) % Flash::pages;
            if ((good_.header.number != 0 && good_.at / page_size == next) ||
                (newer_.header.number != 0 && newer_.at / page_size == next))
                continue;
            error = Error::device;
            if (!flash_.erase(next)) continue;
            page_ = next;
            offset_ = 0;
            return true;
        }
        return false;
    }
    void program_word(std::uint32_t at, std::uint32_t value) {
        std::byte bytes[word]{};
        std::memcpy(bytes, &value, 4);
        static_cast<void>(flash_.program(at, bytes, word));
    }
    VERB bool back_to_good(Why why) {
        Config good;
        const std::uint32_t number = good_.header.number;
        if (number != 0 && !load(good_.at, number, good)) return false;
        rejected_ = head_;
        why_ = why;
        value_ = good;
        head_ = number;
        waiting_ = false;
        static_cast<void>(append(Kind::taken_back, good));  // else the next start does it
        return true;
    }

    Flash& flash_;  // what is used most comes first, where the core reaches it in one step
    bool opened_ = false, waiting_ = false, half_confirmed_ = false;
    Why why_ = Why::no;
    Start how_ = Start::created;
    Error error_ = Error::none;
    std::uint32_t page_ = 0, offset_ = 0;
    std::uint32_t number_ = 0, head_ = 0, before_ = 0, rejected_ = 0, deadline_ = 0;
    Record look_, last_, good_, newer_;
    Config value_;
    Found found_;
    Violations violations_;
};
