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

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <new>
#include <type_traits>
#include <utility>

namespace stet {

/// How a stored revision came about. A `provisional` one counts from its confirmation on.
enum class SlotKind : std::uint8_t { created = 1, commit, rollback, revert, provisional, taken_back };

/// Why a provisional revision did not stay.
enum class TakenBack : std::uint8_t { no, reset, deadline, request };

namespace detail {

// What stands before the value.
struct SlotHeader {
    std::uint16_t mark = 0;
    SlotKind kind{};
    std::uint8_t flags = 0;  // why it was taken back, and slot_beside_newer
    std::uint32_t length = 0;
    std::uint32_t fingerprint = 0;
    std::uint32_t number = 0;    ///< from 1, ascending; 0 for none
    std::uint32_t previous = 0;  ///< the revision that it was made from; 0 for the first
    std::uint32_t from = 0;      ///< of a rollback: where it led; of a revert: what it undid
    std::uint32_t rejected = 0;  ///< the last provisional revision that had been taken back then; 0 for none
    std::uint32_t crc = 0;       // of all before it, of the address, and of the value
};
static_assert(sizeof(SlotHeader) == 32 && std::has_unique_object_representations_v<SlotHeader>);
inline constexpr std::uint16_t slot_mark = 0x5E71;
inline constexpr unsigned slot_beside_newer = 0x80;

// What is known besides.
struct SlotPlace {
    TakenBack why = TakenBack::no;  ///< of `taken_back`
    bool confirmed = false;         ///< false for a provisional one that never was
    bool readable = false;          ///< false for one of a struct that is not among the migrations
    bool beside_newer = false;      ///< it was made beside revisions of a newer program
    std::uint32_t at = 0;           ///< where it stands on the device, and how much it takes there
    std::uint32_t size = 0;
};

}  // namespace detail

/// What is known of a stored revision besides its value: `number`, `previous`, `from`, `rejected`, `kind`, `why`,
/// `confirmed`, `readable`, `beside_newer`, `at` and `size`.
struct SlotInfo : detail::SlotPlace, detail::SlotHeader {
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
    static constexpr std::size_t largest = [] {
        std::size_t most = 0;
        ((most = sizeof(V) > most ? sizeof(V) : most), ...);
        return most;
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
    std::uint32_t wrong = word ^ confirmation_of(crc);
    for (int bit = 0; bit < 3; ++bit) wrong &= wrong - 1;
    return wrong == 0;
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
    static constexpr bool erases = erasable_device<Device>;
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
        look_over(report);
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
        for (std::uint32_t at = 0; (at = next(at, found)) < end_; at += found.size) f(std::as_const(found));
    }
    /// The revision with this number; none if it is not kept.
    SlotInfo find(std::uint32_t number) const { return seek(number) ? found_ : SlotInfo{}; }
    /// The newest one before `number` that counts and that this program can read.
    SlotInfo before(std::uint32_t number) const {
        SlotInfo best;
        go_before(number, best);
        return best;
    }

    /// The value of a revision that was found; false if it cannot be read: then it is anything.
    bool read(const SlotInfo& info, T& value) const { return info.readable && load(info.at, info.number, value); }

    /// One more revision, numbered after all that are there. Its transient fields are those of `hidden`; `info` says
    /// kind, previous, from, rejected and why, and hears the rest. False with `why`: `storage_full`; `storage_failed`,
    /// after which the next start may find it nevertheless, unless another one was appended.
    bool append(SlotInfo& info, const T& value, const T& hidden, Errc& why) {
        const SlotInfo before = pending_;
        pending_ = info;
        T image = value;
        if constexpr (detail::hides<T>()) detail::keep_hidden(hidden, image);
        why = put(image);
        const bool done = why == done_;
        if (done) info = pending_;
        else pending_ = before;
        return done;
    }
    /// The provisional revision that was appended last counts from now on; false if the device refuses.
    bool confirm() {
        static_cast<void>(program_word(pending_.at + record_bytes, detail::confirmation_of(pending_.crc)));
        if (!look(pending_.at, pending_) || !pending_.confirmed) return false;
        copy(newest_, pending_);
        return true;
    }

private:
    template <class U, class D, class... Policies>
    friend class Stored;

    static constexpr std::uint32_t end_ = Device::pages * page_size;
    static constexpr Errc done_ = Errc::rule_broken;  // which is never the reason here
    static constexpr std::byte* bytes_of(void* object) { return static_cast<std::byte*>(object); }
    static constexpr const std::byte* bytes_of(const void* object) { return static_cast<const std::byte*>(object); }

    STET_NO_INLINE void look_over(SlotReport& report) {
        pending_ = SlotInfo{};
        copy(newest_, pending_);
        copy(newer_, pending_);
        last_ = 0;
        page_ = Device::pages - 1;  // where nothing is, the first page is the next one
        offset_ = page_size;
        bool torn = false;         // behind the newest record
        bool begun = false;        // a page of which nothing came
        std::uint32_t hidden = 0;  // units in which records may stand
        for (std::uint32_t page = 0; page < Device::pages; ++page) {
            std::uint32_t behind = 0;    // the last record
            std::uint32_t used = 0;      // up to where something stands, or may have been touched
            std::uint32_t junk_end = 0;  // of what is none of ours
            for (std::uint32_t offset = 0; offset < page_size;) {
                const std::uint32_t at = page * page_size + offset;
                if (look(at, found_)) {
                    ++report.records;
                    behind = used = offset += found_.size;
                    if (found_.number > last_) {
                        last_ = found_.number;
                        copy(pending_, found_);
                        page_ = page;
                        offset_ = behind;
                    }
                    SlotInfo& best = found_.readable ? newest_ : newer_;
                    if (found_.confirmed && found_.number > best.number) copy(best, found_);
                    continue;
                }
                if (const Unit here = unit_at(at); here != Unit::blank) {
                    if (here == Unit::unreadable) ++report.unreadable;
                    if (offset == 0 || junk_end != offset) ++report.damaged;
                    if (offset >= used) used = offset + begun_size(page_size - offset);
                    junk_end = offset + unit;
                    ++hidden;
                }
                offset += unit;
            }
            const bool junk = junk_end > behind;
            if (used != 0) report.blank = false;
            if (behind == 0) begun = begun || junk;
            else if (page_ == page) {
                torn = junk;
                if (erases) offset_ = used;
            }
        }
        report.silent = report.unreadable == Device::pages * (page_size / unit);
        report.torn = torn || begun;
        if (report.torn) last_ += hidden;      // what cannot be read today may be read tomorrow, and has a number
        if (!erases && report.records != 0) {  // of what stands there besides, most was there before
            report.damaged = 0;
            report.torn = false;
        }
        if (newer_.number <= newest_.number && !newest_.beside_newer)
            newer_ = SlotInfo{};  // of a struct that is gone from the migrations
        report.newer = newer_.number;
    }
    // What failed once may have been noise.
    STET_NO_INLINE bool fetch(std::uint32_t at, void* to, std::uint32_t count) const {
        return device_->read(at, bytes_of(to), count) || device_->read(at, bytes_of(to), count);
    }
    // Of a header, and of the address: a record that was copied elsewhere is none.
    STET_NO_INLINE static Crc32 begin_crc(Header& header, std::uint32_t at) {
        Crc32 crc;
        const std::uint32_t kept = std::exchange(header.crc, at);
        crc.add(bytes_of(&header), sizeof(Header));
        header.crc = kept;
        return crc;
    }

    /// Is there an intact record, and what is known of it?
    STET_NO_INLINE bool look(std::uint32_t at, SlotInfo& found) const {
        if (!has_head(at, found) || !is_intact(found)) return false;
        found.confirmed = found.kind != SlotKind::provisional || is_confirmed(found);
        return true;
    }
    // Is there what looks like the beginning of one?
    STET_NO_INLINE bool has_head(std::uint32_t at, SlotInfo& found) const {
        const std::uint32_t room = page_size - at % page_size;
        Header& header = found;
        if (room < sizeof(Header) || !fetch(at, &header, sizeof(Header))) {
            header.mark = 0;
            return false;
        }
        if (header.mark != detail::slot_mark || header.number == 0 || header.length > room - sizeof(Header))
            return false;
        found.at = at;
        found.size = whole(static_cast<std::uint32_t>(sizeof(Header)) + header.length);
        if (header.kind == SlotKind::provisional) found.size += confirmation_bytes;
        found.why = static_cast<TakenBack>(header.flags & 0x7FU);
        found.beside_newer = (header.flags & detail::slot_beside_newer) != 0;
        found.readable = detail::Versions<Chain>::knows(header);
        return found.size <= room;
    }
    // Is its checksum right?
    STET_NO_INLINE bool is_intact(SlotInfo& found) const {
        Crc32 crc = begin_crc(found, found.at);
        std::byte bytes[16]{};
        const std::uint32_t end = found.at + static_cast<std::uint32_t>(sizeof(Header)) + found.length;
        for (std::uint32_t left = found.length; left != 0;) {
            const std::uint32_t count = left < sizeof(bytes) ? left : static_cast<std::uint32_t>(sizeof(bytes));
            if (!fetch(end - left, bytes, count)) return false;
            crc.add(bytes, count);
            left -= count;
        }
        return crc.value() == found.crc;
    }
    STET_NO_INLINE bool is_confirmed(const SlotInfo& found) const {
        std::uint32_t word = 0;
        return fetch(found.at + found.size - confirmation_bytes, &word, sizeof(word)) &&
               detail::confirms(word, found.crc);
    }
    /// Where the next intact record stands, from `at` on; `end_` for nowhere.
    STET_NO_INLINE std::uint32_t next(std::uint32_t at, SlotInfo& found) const {
        while (at < end_ && !look(at, found)) at += unit;
        return at;
    }
    bool seek(std::uint32_t number) const {
        for (std::uint32_t at = 0; (at = next(at, found_)) < end_; at += found_.size)
            if (found_.number == number) return true;
        return false;
    }
    STET_NO_INLINE bool go_before(std::uint32_t number, SlotInfo& best) const {
        best = SlotInfo{};
        for (std::uint32_t at = 0; (at = next(at, found_)) < end_; at += found_.size)
            if (found_.number < number && found_.number > best.number && found_.confirmed && found_.readable)
                copy(best, found_);
        return static_cast<bool>(best);
    }
    static constexpr std::byte nothing() {
        if constexpr (erases) return Device::erased;
        else return std::byte{0xFF};
    }
    enum class Unit : std::uint8_t { blank, used, unreadable };
    Unit unit_at(std::uint32_t at) const {
        constexpr std::uint32_t count = unit < 16 ? unit : 16;
        for (std::uint32_t done = 0; done < unit; done += count) {
            std::byte bytes[count]{};
            if (!fetch(at + done, bytes, count)) return Unit::unreadable;
            for (const std::byte one : bytes)
                if (one != nothing()) return Unit::used;
        }
        return Unit::blank;
    }
    /// Of a record that was begun where none was found just now: how much of the page may have been touched. Its header
    /// comes first, so if that is not whole, nothing behind it was.
    std::uint32_t begun_size(std::uint32_t room) const {
        std::uint32_t size = whole(sizeof(Header));
        if (found_.mark == detail::slot_mark && found_.length < page_size)
            size = whole(static_cast<std::uint32_t>(sizeof(Header)) + found_.length) + confirmation_bytes;
        return size < room ? size : room;
    }

    // The bytes of what was stored, and then the value that they are: in its place, if that has room for the largest.
    static constexpr bool in_place = detail::Versions<Chain>::largest <= sizeof(T);
    STET_NO_INLINE bool load(std::uint32_t at, std::uint32_t number, T& value) const {
        std::byte larger[in_place ? 1 : detail::Versions<Chain>::largest];
        std::byte* const bytes = in_place ? bytes_of(&value) : larger;
        if (!has_head(at, found_) || !found_.readable || found_.number != number) return false;
        if (!fetch(at + static_cast<std::uint32_t>(sizeof(Header)), bytes, found_.length)) return false;
        Crc32 crc = begin_crc(found_, at);
        crc.add(bytes, found_.length);
        if (crc.value() != found_.crc) return false;
        convert(bytes, value, Chain{});
        return true;
    }
    static void convert([[maybe_unused]] const std::byte* bytes, [[maybe_unused]] T& value, migrations<T>) {
        if constexpr (!in_place) std::memcpy(&value, bytes, sizeof(T));
    }
    template <class First, class Second, class... Rest>
    STET_NO_INLINE void convert(const std::byte* bytes, T& value, migrations<First, Second, Rest...>) const {
        if (found_.fingerprint != detail::layout_fingerprint<First>)
            return convert(bytes, value, migrations<Second, Rest...>{});
        First old{};
        std::memcpy(&old, bytes, sizeof(First));
        ::new (static_cast<void*>(&value)) T(migrated<T>(old, migrations<First, Second, Rest...>{}));
    }

    bool is_held(std::uint32_t page) const {
        return (newest_ && newest_.at / page_size == page) || (newer_ && newer_.at / page_size == page);
    }
    // In this page, or in the next that nobody needs; the last one asked is this one, again.
    STET_NO_INLINE bool make_room(Errc& failed) {
        // What must follow a provisional revision, even after a reset, finds room behind it.
        const std::uint32_t bytes =
            pending_.kind == SlotKind::provisional ? 2 * record_bytes + confirmation_bytes : record_bytes;
        if (offset_ + bytes <= page_size) return true;
        for (std::uint32_t i = 0; i < Device::pages; ++i) {
            const std::uint32_t next = (page_ + i + 1) % Device::pages;
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
    /// Appends what `pending_` says, with this value; `done_`, or why not.
    STET_ALWAYS_INLINE Errc put(T& image) {
        detail::clear_padding(image);
        Errc why = Errc::storage_full;
        for (int attempt = 0; attempt < 2 && make_room(why); ++attempt) {  // the second one in another page
            program(image);
            if (look(pending_.at, found_)) {
                copy(pending_, found_);
                if (found_.confirmed) copy(newest_, found_);
                return done_;
            }
            why = Errc::storage_failed;
            offset_ = page_size;
        }
        return why;
    }
    // Its number is used up whatever comes of it: what failed may be found nevertheless. What the device says is not
    // the last word, whoever looks will see; but behind a header that is not whole, nothing is touched.
    STET_NO_INLINE void program(const T& image) {
        constexpr std::uint32_t head = sizeof(Header);
        Header& header = pending_;
        const std::uint32_t at = page_ * page_size + offset_;
        pending_.at = at;
        // Even if it fails: what was touched is not used again.
        offset_ += record_bytes + (header.kind == SlotKind::provisional ? confirmation_bytes : 0);
        header.mark = detail::slot_mark;
        header.flags =
            static_cast<std::uint8_t>(static_cast<unsigned>(pending_.why) | (newer_ ? detail::slot_beside_newer : 0U));
        header.length = sizeof(T);
        header.fingerprint = detail::layout_fingerprint<T>;
        header.number = ++last_;
        Crc32 crc = begin_crc(header, at);
        crc.add(bytes_of(&image), sizeof(T));
        header.crc = crc.value();
        if constexpr (!erases)
            if (header.kind == SlotKind::provisional && !program_word(at + record_bytes, 0)) return;
        if constexpr (head % unit == 0) {
            constexpr std::uint32_t body = sizeof(T) / unit * unit;
            if (!device_->program(at, bytes_of(&header), head)) return;
            if (body != 0 && !device_->program(at + head, bytes_of(&image), body)) return;
            if constexpr (constexpr std::uint32_t tail = sizeof(T) - body; tail != 0) {
                std::byte bytes[unit]{};
                std::memcpy(bytes, bytes_of(&image) + body, tail);
                static_cast<void>(device_->program(at + head + body, bytes, unit));
            }
        } else {
            std::byte bytes[unit];
            for (std::uint32_t offset = 0; offset < record_bytes; offset += unit) {
                for (std::uint32_t i = 0; i < unit; ++i) {
                    const std::uint32_t from = offset + i;
                    bytes[i] = from < head               ? bytes_of(&header)[from]
                               : from < head + sizeof(T) ? bytes_of(&image)[from - head]
                                                         : std::byte{0};
                }
                if (!device_->program(at + offset, bytes, unit)) return;
            }
        }
    }
    bool program_word(std::uint32_t at, std::uint32_t word) {
        std::byte bytes[confirmation_bytes]{};
        std::memcpy(bytes, &word, sizeof(word));
        return device_->program(at, bytes, confirmation_bytes);
    }

    // One for all: a copy is ten instructions.
    STET_NO_INLINE static void copy(SlotInfo& to, const SlotInfo& from) { to = from; }

    // What is used most comes first, where a small core reaches it in one step.
    Device* device_;
    std::uint32_t last_ = 0;  // the newest number
    std::uint32_t page_ = 0;  // where the next record goes
    std::uint32_t offset_ = 0;
    mutable SlotInfo found_;  // what was looked at last: not on a small stack
    SlotInfo pending_;        // the latest, which may be provisional
    SlotInfo newest_;         // what is in force
    SlotInfo newer_;          // the newest of a newer program
};

}  // namespace stet
