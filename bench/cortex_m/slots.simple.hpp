#pragma once
// What a good engineer writes for this one struct: records with a checksum, appended to two pages of flash in turn; the
// newest whole one wins; a provisional one is taken back unless it is confirmed; what version 1 has stored is read.

#include "device.hpp"

#include <bit>
#include <cstring>

class Settings {
public:
    explicit Settings(Flash& flash) : flash_(flash) {}

    const Config& current() const { return value_; }
    std::uint32_t head() const { return head_; }
    bool waiting() const { return waiting_; }
    bool was_taken_back() const { return taken_back_; }
    std::uint32_t rejected() const { return rejected_; }

    VERB bool open() {
        Header header;
        Header newest{};
        Header last{};
        std::uint32_t newest_at = 0;
        for (std::uint32_t page = 0; page < Flash::pages; ++page) {
            std::uint32_t used = 0;
            bool torn = false;
            bool is_last = false;
            for (std::uint32_t at = page * Flash::page_size; at < (page + 1) * Flash::page_size;) {
                bool confirmed = false;
                if (const std::uint32_t size = look(at, header, confirmed)) {
                    if (header.number > last.number) {
                        last = header;
                        is_last = true;
                    }
                    if (confirmed && header.number > newest.number) {
                        newest = header;
                        newest_at = at;
                    }
                    at += size;
                    used = at;
                    torn = false;
                } else {
                    if (!blank(at)) {
                        used = at + Flash::write_unit;
                        torn = true;
                    }
                    at += Flash::write_unit;
                }
            }
            if (is_last) {
                page_ = page;
                offset_ = used - page * Flash::page_size + (torn ? record : 0);
            }
        }
        number_ = last.number;
        rejected_ = newest.rejected;
        taken_back_ = newest.kind == taken_back;
        if (newest.number != 0) {
            good_page_ = newest_at / Flash::page_size;
            head_ = newest.number;
            if (!load(newest_at, newest.kind_of_value) || broken(value_)) value_ = Config{};
        }
        if (last.kind == provisional && last.number != newest.number) {
            rejected_ = last.number;
            taken_back_ = true;
            return append(taken_back, value_);
        }
        return newest.number != 0 || append(created, value_);
    }
    VERB bool store(const Config& next) { return store(commit, next); }
    VERB bool set_max_rpm(std::uint16_t rpm) {
        Config next = value_;
        next.motor.max_rpm = rpm;
        return store(next);
    }
    VERB bool rollback() {
        Header header;
        Header best{};
        std::uint32_t best_at = 0;
        for (std::uint32_t at = 0; at < Flash::pages * Flash::page_size;) {
            bool confirmed = false;
            const std::uint32_t size = look(at, header, confirmed);
            if (size != 0 && confirmed && header.number < head_ && header.number > best.number) {
                best = header;
                best_at = at;
            }
            at += size != 0 ? size : Flash::write_unit;
        }
        const Config before = value_;
        if (best.number == 0 || !load(best_at, best.kind_of_value)) return false;
        const Config back = value_;
        value_ = before;
        return store(rolled_back, back);
    }
    VERB bool try_out(const Config& next, std::uint32_t deadline) {
        good_ = value_;
        if (!store(provisional, next)) return false;
        deadline_ = deadline;
        waiting_ = true;
        return true;
    }
    VERB bool confirm(std::uint32_t number) {
        if (number != head_) return false;
        if (!waiting_) return true;
        std::uint32_t crc = 0;
        if (!flash_.read(pending_at_ + offsetof(Header, crc), reinterpret_cast<std::byte*>(&crc), 4)) return false;
        std::byte unit[Flash::write_unit]{};
        crc = ~crc;
        std::memcpy(unit, &crc, 4);
        if (!flash_.program(pending_at_ + record, unit, Flash::write_unit) && !append(commit, value_)) return false;
        good_page_ = page_;
        waiting_ = false;
        return true;
    }
    VERB bool poll(std::uint32_t now) {
        if (!waiting_ || static_cast<std::int32_t>(now - deadline_) < 0) return false;
        waiting_ = false;
        taken_back_ = true;
        rejected_ = head_;
        value_ = good_;
        return append(taken_back, value_);
    }
    VERB static bool broken(const Config& config) {
        return config.motor.max_rpm < 100 || config.motor.max_rpm > 6000 ||
               !(config.motor.pid.kp >= 0.0f && config.motor.pid.kp <= 10.0f);
    }

private:
    enum Kind : std::uint8_t { created = 1, commit, rolled_back, provisional, taken_back };
    struct Header {
        std::uint16_t mark;
        std::uint8_t kind;
        std::uint8_t kind_of_value;  // 1: ConfigV1, 2: Config
        std::uint32_t number;
        std::uint32_t rejected;
        std::uint32_t crc;
    };
    static constexpr std::uint32_t unit = Flash::write_unit;
    static constexpr std::uint32_t whole(std::uint32_t n) { return (n + unit - 1) / unit * unit; }
    static constexpr std::uint32_t record = (sizeof(Header) + sizeof(Config) + unit - 1) / unit * unit;
    static constexpr std::uint32_t size_of(std::uint8_t kind_of_value) {
        return kind_of_value == 1 ? sizeof(ConfigV1) : sizeof(Config);
    }

    static std::uint32_t crc_of(std::uint32_t crc, const std::byte* bytes, std::uint32_t count) {
        for (; count != 0; --count) {
            crc ^= static_cast<std::uint32_t>(*bytes++);
            for (int bit = 0; bit < 8; ++bit) crc = (crc >> 1) ^ ((crc & 1U) != 0 ? 0xEDB88320U : 0U);
        }
        return crc;
    }
    VERB std::uint32_t look(std::uint32_t at, Header& header, bool& confirmed) const {
        const std::uint32_t room = Flash::page_size - at % Flash::page_size;
        if (room < record || !flash_.read(at, reinterpret_cast<std::byte*>(&header), sizeof(Header))) return 0;
        if (header.mark != 0x5E71 || header.kind_of_value < 1 || header.kind_of_value > 2) return 0;
        const std::uint32_t size = size_of(header.kind_of_value);
        std::byte value[sizeof(Config)];
        if (!flash_.read(at + sizeof(Header), value, size)) return 0;
        std::uint32_t crc = crc_of(~0U, reinterpret_cast<const std::byte*>(&header), offsetof(Header, crc));
        crc = crc_of(crc, value, size);
        if (~crc != header.crc) return 0;
        confirmed = true;
        if (header.kind != provisional) return whole(sizeof(Header) + size);
        std::uint32_t word = 0;
        confirmed = flash_.read(at + record, reinterpret_cast<std::byte*>(&word), 4) && word == ~header.crc;
        return record + Flash::write_unit;
    }
    bool blank(std::uint32_t at) const {
        std::byte unit[Flash::write_unit];
        if (!flash_.read(at, unit, Flash::write_unit)) return false;
        for (const std::byte one : unit)
            if (one != Flash::erased) return false;
        return true;
    }
    bool load(std::uint32_t at, std::uint8_t kind_of_value) {
        if (kind_of_value == 2)
            return flash_.read(at + sizeof(Header), reinterpret_cast<std::byte*>(&value_), sizeof(Config));
        ConfigV1 old;
        if (!flash_.read(at + sizeof(Header), reinterpret_cast<std::byte*>(&old), sizeof(ConfigV1))) return false;
        value_ = Config{};
        value_.id = old.id;
        value_.motor.mode = old.mode;
        value_.motor.max_rpm = old.max_rpm;
        value_.motor.pid.kp = old.kp;
        return true;
    }
    static bool differ(float a, float b) { return std::bit_cast<std::uint32_t>(a) != std::bit_cast<std::uint32_t>(b); }
    static bool same(const Config& a, const Config& b) {
        return a.id == b.id && a.motor.mode == b.motor.mode && a.motor.max_rpm == b.motor.max_rpm &&
               !differ(a.motor.pid.kp, b.motor.pid.kp) && !differ(a.motor.pid.ki, b.motor.pid.ki) &&
               !differ(a.motor.pid.kd, b.motor.pid.kd) && a.address == b.address;
    }
    VERB bool store(Kind kind, const Config& next) {
        if (waiting_ || broken(next)) return false;
        if (same(next, value_)) return true;
        if (!append(kind, next)) return false;
        value_ = next;
        taken_back_ = false;
        return true;
    }
    VERB bool append(Kind kind, const Config& value) {
        const std::uint32_t size = kind == provisional ? record + Flash::write_unit : record;
        if (offset_ + size + (kind == provisional ? record : 0) > Flash::page_size) {
            const std::uint32_t next = page_ == good_page_ && head_ != 0 ? 1 - page_ : page_;
            if (!flash_.erase(next)) return false;
            page_ = next;
            offset_ = 0;
        }
        const std::uint32_t at = page_ * Flash::page_size + offset_;
        offset_ += size;
        struct {
            Header header;
            Config value;
            std::byte pad[record - sizeof(Header) - sizeof(Config) + 1];
        } bytes{{0x5E71, kind, 2, number_ + 1, rejected_, 0}, value, {}};
        std::uint32_t crc = crc_of(~0U, reinterpret_cast<const std::byte*>(&bytes), offsetof(Header, crc));
        crc = crc_of(crc, reinterpret_cast<const std::byte*>(&value), sizeof(Config));
        bytes.header.crc = ~crc;
        Header header;
        bool confirmed = false;
        if (!flash_.program(at, reinterpret_cast<const std::byte*>(&bytes), record) || look(at, header, confirmed) == 0)
            return false;
        head_ = ++number_;
        pending_at_ = at;
        if (kind != provisional) good_page_ = page_;
        return true;
    }

    Flash& flash_;
    Config value_;
    Config good_;
    std::uint32_t page_ = 1, offset_ = Flash::page_size, good_page_ = 0;
    std::uint32_t number_ = 0, head_ = 0, rejected_ = 0, deadline_ = 0, pending_at_ = 0;
    bool waiting_ = false, taken_back_ = false;
};
