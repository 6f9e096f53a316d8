#pragma once
// Revisions of a flat struct, appended to the pages of a device: each a record with its length, the fingerprint of its
// struct, a number and a checksum. What is there is never changed, only followed, so that a power cut at any moment
// leaves the newest record that is whole. Pages are used in turn, and one is erased only when what is in force, and
// what belongs to a newer program, stands in another.

#include <stet/crc.hpp>
#include <stet/fwd.hpp>
#include <stet/policy/device.hpp>
#include <stet/reflect/fingerprint.hpp>
#include <stet/result.hpp>
#include <stet/schema/check.hpp>
#include <stet/schema/hidden.hpp>
#include <stet/schema/migrations.hpp>

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <type_traits>
#include <utility>

namespace stet {

/// How a stored revision came about. A `provisional` one counts from its confirmation on.
enum class SlotKind : std::uint8_t { created = 1, commit, rollback, revert, provisional, taken_back };

/// Why a provisional revision did not stay.
enum class TakenBack : std::uint8_t { no, reset, deadline, request };

/// What is known of a stored revision besides its value.
struct SlotInfo {
    std::uint32_t at = 0;  ///< where it stands on the device, and how much it takes there
    std::uint32_t size = 0;
    std::uint32_t number = 0;    ///< from 1, ascending; 0 for none
    std::uint32_t previous = 0;  ///< the revision that it was made from; 0 for the first
    std::uint32_t from = 0;      ///< of a rollback: where it led; of a revert: what it undid
    std::uint32_t rejected = 0;  ///< the last provisional revision that had been taken back then; 0 for none
    SlotKind kind = SlotKind::created;
    TakenBack why = TakenBack::no;  ///< of `taken_back`
    bool confirmed = true;          ///< false for a provisional one that never was
    bool readable = false;          ///< false for one of a struct that is not among the migrations
    bool beside_newer = false;      ///< it was made beside revisions of a newer program

    constexpr explicit operator bool() const { return number != 0; }
};

/// What a device held when it was looked at.
struct SlotReport {
    std::uint32_t records = 0;  ///< intact ones
    /// Places where something else stands: half a record, flipped bits, foreign data. Not of an EEPROM with records,
    /// where what is written over stands, too.
    std::uint32_t damaged = 0;
    std::uint32_t unreadable = 0;  ///< units of which the device gave no bytes
    /// The number of the newest revision whose struct is not among the migrations: that of a newer program, or of one
    /// that is too old; 0 for none.
    std::uint32_t newer = 0;
    bool torn = false;    ///< what stands behind the newest record is none: a power cut, or it was damaged
    bool blank = true;    ///< nothing was there
    bool silent = false;  ///< the device could not be read at all
};

namespace detail {

/// Of the struct as this target lays it out.
template <class T>
inline constexpr std::uint32_t layout_fingerprint =
    static_cast<std::uint32_t>(fingerprint<T> >> 32) ^ static_cast<std::uint32_t>(fingerprint<T>) ^
    static_cast<std::uint32_t>(sizeof(T) * 0x9E3779B1U);

struct SlotHeader {
    std::uint16_t mark;
    std::uint8_t kind;
    std::uint8_t flags;  // why it was taken back, and slot_beside_newer
    std::uint32_t length;
    std::uint32_t fingerprint;
    std::uint32_t number;
    std::uint32_t previous;
    std::uint32_t from;
    std::uint32_t rejected;
    std::uint32_t crc;  // of all before it, of the value, and of the address
};
static_assert(sizeof(SlotHeader) == 32 && std::has_unique_object_representations_v<SlotHeader>);
inline constexpr std::uint16_t slot_mark = 0x5E71;
inline constexpr unsigned slot_beside_newer = 0x80;

template <class Chain>
struct Versions;
template <class... V>
struct Versions<migrations<V...>> {
    static constexpr bool all_flat = (flat<V> && ...);
    static constexpr bool distinct = [] {
        const std::uint32_t prints[] = {layout_fingerprint<V>...};
        for (std::size_t i = 0; i < sizeof...(V); ++i)
            for (std::size_t j = i + 1; j < sizeof...(V); ++j)
                if (prints[i] == prints[j]) return false;
        return true;
    }();
    static constexpr bool knows(const SlotHeader& header) {
        return ((header.fingerprint == layout_fingerprint<V> && header.length == sizeof(V)) || ...);
    }
};

// What stands behind a provisional record that was confirmed: as far from what is blank as from its opposite, so that a
// few bits more or less decide nothing.
constexpr std::uint32_t confirmation_of(std::uint32_t crc) {
    const std::uint32_t half = (crc ^ (crc >> 16)) & 0xFFFFU;
    return half | ((half ^ 0xFFFFU) << 16);
}
constexpr bool confirms(std::uint32_t word, std::uint32_t crc) {
    return std::popcount(word ^ confirmation_of(crc)) <= 3;
}

// Bytes that no field has are written as zeros, where the compiler can.
template <class T>
void clear_padding([[maybe_unused]] T& value) {
#if defined(__has_builtin)
#if __has_builtin(__builtin_clear_padding)
    __builtin_clear_padding(&value);
#endif
#endif
}

}  // namespace detail

/// Flat values of `T` on a `Device`, see `storage_device`; those of older structs are read through `Chain`. Bytes are
/// stored as the target has them in memory. No heap; beside itself it takes a chunk of 32 bytes, or one unit, of stack.
template <class T, class Device, class Chain>
class SlotStorage {
    static_assert(detail::require_device<Device>());
    static_assert(
        flat<T>,
        "stet: SlotStorage<T, Device>: T has a field that needs the heap, or cannot be read; make it flat: no "
        "strings and no growing containers");
    static_assert(std::is_same_v<typename detail::LastOf<Chain>::type, T>,
                  "stet: SlotStorage: the last struct of the migrations is the one of today");
    static_assert(!flat<T> || detail::Versions<Chain>::all_flat,
                  "stet: SlotStorage: every struct of the migrations must be flat");
    static_assert(
        detail::Versions<Chain>::distinct,
        "stet: SlotStorage: two structs of the migrations have the same fields, so that what was stored of one "
        "would be read as the other; leave one of them out, or rename a field whose meaning changed");

    using Header = detail::SlotHeader;
    static constexpr std::uint32_t unit = Device::write_unit;
    static constexpr std::uint32_t page_size = Device::page_size;
    static constexpr std::uint32_t chunk = unit > 32 ? unit : 32;
    static constexpr bool erases = erasable_device<Device>;
    static constexpr std::uint32_t most = 0xFFFFFFFFU;  // of all numbers; behind it comes none
    static constexpr std::uint32_t whole(std::uint32_t bytes) { return (bytes + unit - 1) / unit * unit; }

public:
    using value_type = T;
    using device_type = Device;

    /// What one revision takes on the device, and what is left blank behind a provisional one for its confirmation.
    static constexpr std::uint32_t record_bytes = whole(sizeof(Header) + sizeof(T));
    static constexpr std::uint32_t confirmation_bytes = whole(4);
    /// The worst case of one commit, on a device that does what it is told; one that refuses is asked once more, in
    /// another page.
    static constexpr std::uint32_t max_programmed_bytes = record_bytes + (erases ? 0 : confirmation_bytes);
    static constexpr std::uint32_t max_erased_pages = erases ? 1 : 0;
    static constexpr std::uint32_t revisions_per_page = page_size / record_bytes;
    static_assert(page_size >= 2 * record_bytes + confirmation_bytes,
                  "stet: SlotStorage: a page of the device must hold two revisions of T; give larger pages, or several "
                  "of them as one");

    constexpr explicit SlotStorage(Device& device) : device_(&device) {}

    /// Looks at all of the device, and changes nothing. O(its size).
    SlotReport scan() {
        SlotReport report;
        newest_ = newer_ = pending_ = SlotInfo{};
        last_ = 0;
        page_ = Device::pages - 1;  // where nothing is, the first page is the next one
        offset_ = page_size;
        bool torn = false;   // behind the newest record
        bool begun = false;  // a page of which nothing came
        std::uint32_t hidden = 0;
        for (std::uint32_t page = 0; page < Device::pages; ++page) {
            const std::uint32_t begin = page * page_size;
            std::uint32_t behind = 0;  // the newest record
            std::uint32_t used = 0;    // up to where something stands, or may have been touched
            std::uint32_t junk_end = page_size;
            bool in_junk = false;  // the last thing that stands is none of ours
            bool any = false;
            for (std::uint32_t offset = 0; offset < page_size;) {
                SlotInfo found;
                if (look(begin + offset, found)) {
                    ++report.records;
                    any = true;
                    in_junk = false;
                    used = offset += found.size;
                    if (found.number > last_) {
                        last_ = found.number;
                        pending_ = found;
                        page_ = page;
                        behind = used;
                    }
                    SlotInfo& best = found.readable ? newest_ : newer_;
                    if (found.confirmed && found.number > best.number) best = found;
                    continue;
                }
                if (const Unit here = unit_at(begin + offset); here != Unit::blank) {
                    if (here == Unit::unreadable) ++report.unreadable;
                    if (junk_end != offset) ++report.damaged;
                    junk_end = offset + unit;
                    if (!in_junk || offset >= used) used = offset + begun_size(begin + offset);
                    hidden += unit;
                    in_junk = true;
                }
                offset += unit;
            }
            if (used != 0) report.blank = false;
            if (any && page_ == page) {
                torn = in_junk;
                offset_ = erases ? used : behind;
            }
            begun = begun || (!any && in_junk);
        }
        report.silent = report.unreadable == Device::pages * (page_size / unit);
        report.torn = torn || begun;
        // What cannot be read today may be read tomorrow, and has a number.
        if (report.torn) {
            const std::uint32_t more = hidden / static_cast<std::uint32_t>(sizeof(Header)) + 1;
            last_ = more < most - last_ ? last_ + more : most;
        }
        if (!erases && report.records != 0) {  // of what stands there besides, most was there before
            report.damaged = 0;
            report.torn = false;
        }
        if (newer_.number <= newest_.number && !newest_.beside_newer)
            newer_ = SlotInfo{};  // of a struct that is gone from the migrations
        report.newer = newer_.number;
        return report;
    }

    /// The newest revision that counts and that this program can read; none if there is none.
    const SlotInfo& newest() const { return newest_; }
    /// The one with the newest number, a provisional one that was never confirmed included.
    const SlotInfo& latest() const { return pending_; }
    /// The newest number on the device, whoever made it.
    std::uint32_t last() const { return last_; }
    /// The newest revision of a newer program; none if there is none.
    const SlotInfo& newer() const { return newer_; }
    /// From now on, what a newer program has left goes when its page has its turn.
    void give_up_newer() { newer_ = SlotInfo{}; }
    /// An older revision, or none, is in force: its page is not erased until the next one is there.
    void hold(const SlotInfo& info) { newest_ = info; }

    /// Calls `f(const SlotInfo&)` for every intact revision, page by page, those of other programs too.
    template <class F>
    void each(const F& f) const {
        SlotInfo found;
        for (std::uint32_t at = 0; next(at, found);) f(std::as_const(found));
    }
    /// The revision with this number; none if it is not kept.
    SlotInfo find(std::uint32_t number) const {
        SlotInfo found;
        for (std::uint32_t at = 0; next(at, found);)
            if (found.number == number) return found;
        return SlotInfo{};
    }
    /// The newest one before `number` that counts and that this program can read.
    SlotInfo before(std::uint32_t number) const {
        SlotInfo best;
        SlotInfo found;
        for (std::uint32_t at = 0; next(at, found);)
            if (found.number < number && found.number > best.number && found.confirmed && found.readable) best = found;
        return best;
    }

    /// The value of a revision that was found; false if it cannot be read.
    bool read(const SlotInfo& info, T& value) const {
        SlotInfo now;  // it may have been damaged since
        return info.readable && look(info.at, now) && now.number == info.number && read_as(info.at, value, Chain{});
    }

    /// One more revision, numbered after all that are there. Its transient fields are those of `hidden`; `info` says
    /// kind, previous, from, rejected and why, and hears the rest. False with `why`: `storage_full`; `storage_failed`,
    /// after which the next start may find it nevertheless, unless another one was appended.
    bool append(SlotInfo& info, const T& value, const T& hidden, Errc& why) {
        T image = value;
        if constexpr (detail::hides<T>()) detail::keep_hidden(hidden, image);
        detail::clear_padding(image);
        const bool provisional = info.kind == SlotKind::provisional;
        const std::uint32_t size = record_bytes + (provisional ? confirmation_bytes : 0);
        // What must follow a provisional revision, even after a reset, finds room behind it.
        const std::uint32_t room = provisional ? size + record_bytes : size;
        for (int attempt = 0; attempt < 2; ++attempt) {  // the second one in another page
            why = attempt == 0 ? Errc::storage_full : Errc::storage_failed;
            if (last_ == most || !make_room(room, why)) break;
            const std::uint32_t at = page_ * page_size + offset_;
            offset_ += size;  // even if it fails: what was touched is not used again
            if (program(at, info, image) && look(at, info)) {
                pending_ = info;
                if (!provisional) newest_ = info;
                return true;
            }
            why = Errc::storage_failed;
            offset_ = page_size;
        }
        return false;
    }
    /// The provisional revision that was appended last counts from now on; false if the device refuses.
    bool confirm() {
        Header header;
        if (!read_header(pending_.at, header)) return false;
        static_cast<void>(program_word(pending_.at + record_bytes, detail::confirmation_of(header.crc)));
        if (!look(pending_.at, pending_) || !pending_.confirmed) return false;
        newest_ = pending_;
        return true;
    }

private:
    static constexpr std::byte* bytes_of(void* object) { return static_cast<std::byte*>(object); }

    // What failed once may have been noise.
    bool fetch(std::uint32_t at, void* to, std::uint32_t count) const {
        return device_->read(at, bytes_of(to), count) || device_->read(at, bytes_of(to), count);
    }
    bool read_header(std::uint32_t at, Header& header) const { return fetch(at, &header, sizeof(Header)); }
    static Crc32 begin_crc(const Header& header, std::uint32_t at) {
        Crc32 crc;
        crc.add(reinterpret_cast<const std::byte*>(&header), offsetof(Header, crc));
        crc.add(reinterpret_cast<const std::byte*>(&at), sizeof(at));  // a record that was copied elsewhere is none
        return crc;
    }

    /// Is there an intact record, and what is known of it?
    STET_NO_INLINE bool look(std::uint32_t at, SlotInfo& found) const {
        const std::uint32_t room = page_size - at % page_size;
        Header header;
        if (room < sizeof(Header) || !read_header(at, header) || header.mark != detail::slot_mark) return false;
        if (header.number == 0 || header.length > room - sizeof(Header)) return false;
        const std::uint32_t record = whole(static_cast<std::uint32_t>(sizeof(Header)) + header.length);
        const bool provisional = header.kind == static_cast<std::uint8_t>(SlotKind::provisional);
        found.at = at;
        found.size = provisional ? record + confirmation_bytes : record;
        if (found.size > room) return false;
        Crc32 crc = begin_crc(header, at);
        for (std::uint32_t done = 0; done < header.length;) {
            std::byte bytes[16];
            const std::uint32_t count = header.length - done < 16 ? header.length - done : 16;
            if (!fetch(at + static_cast<std::uint32_t>(sizeof(Header)) + done, bytes, count)) return false;
            crc.add(bytes, count);
            done += count;
        }
        if (crc.value() != header.crc) return false;
        found.number = header.number;
        found.previous = header.previous;
        found.from = header.from;
        found.rejected = header.rejected;
        found.kind = static_cast<SlotKind>(header.kind);
        found.why = static_cast<TakenBack>(header.flags & 0x7FU);
        found.beside_newer = (header.flags & detail::slot_beside_newer) != 0;
        found.readable = detail::Versions<Chain>::knows(header);
        std::uint32_t word = 0;
        found.confirmed =
            !provisional || (fetch(at + record, &word, sizeof(word)) && detail::confirms(word, header.crc));
        return true;
    }
    /// The next intact record from `at` on, which goes behind it.
    STET_NO_INLINE bool next(std::uint32_t& at, SlotInfo& found) const {
        for (; at < Device::pages * page_size; at += unit)
            if (look(at, found)) {
                at += found.size;
                return true;
            }
        return false;
    }
    static constexpr std::byte nothing() {
        if constexpr (erases) return Device::erased;
        else return std::byte{0xFF};
    }
    enum class Unit : std::uint8_t { blank, used, unreadable };
    Unit unit_at(std::uint32_t at) const {
        constexpr std::uint32_t count = unit < 16 ? unit : 16;
        for (std::uint32_t done = 0; done < unit; done += count) {
            std::byte bytes[count];
            if (!fetch(at + done, bytes, count)) return Unit::unreadable;
            for (const std::byte one : bytes)
                if (one != nothing()) return Unit::used;
        }
        return Unit::blank;
    }
    /// Of a record that was begun there: how much of the page may have been touched. Its header comes first, so if that
    /// is not whole, nothing behind it was.
    std::uint32_t begun_size(std::uint32_t at) const {
        const std::uint32_t room = page_size - at % page_size;
        Header header;
        std::uint32_t size = whole(sizeof(Header));
        if (room >= sizeof(Header) && read_header(at, header) && header.mark == detail::slot_mark &&
            header.length < page_size)
            size = whole(static_cast<std::uint32_t>(sizeof(Header)) + header.length) + confirmation_bytes;
        return size < room ? size : room;
    }

    bool read_as(std::uint32_t at, T& value, migrations<T>) const {
        return fetch(at + static_cast<std::uint32_t>(sizeof(Header)), &value, sizeof(T));
    }
    template <class First, class Second, class... Rest>
    bool read_as(std::uint32_t at, T& value, migrations<First, Second, Rest...>) const {
        Header header;
        if (!read_header(at, header)) return false;
        if (header.fingerprint != detail::layout_fingerprint<First>)
            return read_as(at, value, migrations<Second, Rest...>{});
        First old{};
        if (!device_->read(at + static_cast<std::uint32_t>(sizeof(Header)), bytes_of(&old), sizeof(First)))
            return false;
        value = migrated<T>(old, migrations<First, Second, Rest...>{});
        return true;
    }

    bool is_held(std::uint32_t page) const {
        return (newest_ && newest_.at / page_size == page) || (newer_ && newer_.at / page_size == page);
    }
    // In this page, or in the next that nobody needs; the last one asked is this one, again.
    bool make_room(std::uint32_t bytes, Errc& failed) {
        if (offset_ + bytes <= page_size) return true;
        for (std::uint32_t i = 1; i <= Device::pages; ++i) {
            const std::uint32_t next = (page_ + i) % Device::pages;
            if (is_held(next)) continue;
            failed = Errc::storage_failed;
            if constexpr (erases)
                if (!device_->erase(next)) continue;
            page_ = next;
            offset_ = 0;
            return true;
        }
        return false;
    }
    // Its number is used up whatever comes of it: what failed may be found nevertheless.
    bool program(std::uint32_t at, const SlotInfo& info, const T& image) {
        Header header{
            detail::slot_mark,
            static_cast<std::uint8_t>(info.kind),
            static_cast<std::uint8_t>(static_cast<unsigned>(info.why) | (newer_ ? detail::slot_beside_newer : 0U)),
            sizeof(T),
            detail::layout_fingerprint<T>,
            ++last_,
            info.previous,
            info.from,
            info.rejected,
            0};
        const auto* const head = reinterpret_cast<const std::byte*>(&header);
        const auto* const body = reinterpret_cast<const std::byte*>(&image);
        Crc32 crc = begin_crc(header, at);
        crc.add(body, sizeof(T));
        header.crc = crc.value();
        if constexpr (!erases)
            if (info.kind == SlotKind::provisional && !program_word(at + record_bytes, 0)) return false;
        for (std::uint32_t offset = 0; offset < record_bytes; offset += chunk) {
            std::byte bytes[chunk];
            const std::uint32_t count = record_bytes - offset < chunk ? record_bytes - offset : chunk;
            for (std::uint32_t i = 0; i < count; ++i) {
                const std::uint32_t from = offset + i;
                bytes[i] = from < sizeof(Header)               ? head[from]
                           : from < sizeof(Header) + sizeof(T) ? body[from - sizeof(Header)]
                                                               : std::byte{0};
            }
            // The last chunk may have been done although the device says no: whoever looks will see.
            if (!device_->program(at + offset, bytes, count) && offset + count < record_bytes) return false;
        }
        return true;
    }
    bool program_word(std::uint32_t at, std::uint32_t word) {
        std::byte bytes[confirmation_bytes]{};
        std::memcpy(bytes, &word, sizeof(word));
        return device_->program(at, bytes, confirmation_bytes);
    }

    Device* device_;
    SlotInfo newest_;         // what is in force
    SlotInfo newer_;          // the newest of a newer program
    SlotInfo pending_;        // the latest, which may be provisional
    std::uint32_t last_ = 0;  // the newest number
    std::uint32_t page_ = 0;  // where the next record goes
    std::uint32_t offset_ = 0;
};

}  // namespace stet
