#pragma once
// Devices made of memory, on which the power can be cut at any step: for tests on the host. See
// <stet/test/power_cuts.hpp>.

#include <cstddef>
#include <cstdint>
#include <cstring>

namespace stet::test {

/// What an interrupted step leaves behind. Programming is interrupted in one unit, erasing in one page.
enum class Cut : std::uint8_t {
    old_bits,    ///< it has not begun, or nothing shows
    new_bits,    ///< all is done, and nobody heard of it
    random,      ///< any bits
    half,        ///< some bits are done, some are not
    unreadable,  ///< reading fails, as on a part that checks itself
};
inline constexpr Cut all_cuts[] = {Cut::old_bits, Cut::new_bits, Cut::random, Cut::half, Cut::unreadable};

namespace detail {

// What flash and EEPROM have in common. A step is one unit that is programmed, or one page that is erased.
template <std::uint32_t Pages, std::uint32_t PageSize, std::uint32_t Unit, bool Erases, std::uint8_t Erased>
class Cells {
public:
    static constexpr std::uint32_t pages = Pages;
    static constexpr std::uint32_t page_size = PageSize;
    static constexpr std::uint32_t write_unit = Unit;
    static constexpr std::uint32_t size = Pages * PageSize;

    Cells() { std::memset(cells_, Erased, size); }

    bool read(std::uint32_t at, std::byte* to, std::uint32_t count) {
        if (at > size || count > size - at) return fault("it was read behind its end");
        if (dead_) return false;
        for (std::uint32_t unit = at / Unit; unit * Unit < at + count; ++unit)
            if (units_[unit].unreadable) return false;
        std::memcpy(to, cells_ + at, count);
        return true;
    }
    bool program(std::uint32_t at, const std::byte* from, std::uint32_t count) {
        if (at > size || count > size - at) return fault("it was programmed behind its end");
        if (at % Unit != 0 || count % Unit != 0) return fault("a part of a unit was programmed");
        for (std::uint32_t done = 0; done < count; done += Unit) {
            State& unit = units_[(at + done) / Unit];
            if (Erases && unit.touched) return fault("a unit was programmed twice without erasing its page");
            if (Erases && weak_[(at + done) / PageSize])
                return fault("a page was programmed whose erasing had been interrupted");
            if (fails_at_ != never) --fails_at_;
            if (fails_at_ == 0) {  // it lives on, and says no
                fails_at_ = never;
                if (cut_ == Cut::new_bits) {
                    std::memcpy(cells_ + at + done, from + done, Unit);
                    unit = {true, false};
                }
                return false;
            }
            if (!step()) {
                if (dead_ && fresh_ && cut_ != Cut::old_bits) {
                    unit.unreadable = unit.touched = cut_ == Cut::unreadable;
                    for (std::uint32_t i = 0; i < Unit; ++i) {
                        std::byte& cell = cells_[at + done + i];
                        cell = interrupted(cell, from[done + i]);
                        unit.touched = unit.touched || cell != std::byte{Erased};
                    }
                }
                fresh_ = false;
                return false;
            }
            std::memcpy(cells_ + at + done, from + done, Unit);
            unit = {true, false};
        }
        return true;
    }

    /// The power comes back, and goes again at step number `steps`, counted from 0.
    void power_on(std::uint32_t steps, Cut cut, std::uint32_t seed = 1) {
        power_on();
        left_ = steps;
        cut_ = cut;
        random_ = seed * 2654435761U + 88172645U;
    }
    /// The power stays, but the unit programmed at step number `steps` is said not to be done; with Cut::new_bits it
    /// is.
    void fail_at(std::uint32_t steps, Cut cut) {
        power_on();
        fails_at_ = steps + 1;
        cut_ = cut;
    }
    /// The power comes back, and stays.
    void power_on() {
        dead_ = fresh_ = false;
        left_ = fails_at_ = never;
        steps_ = 0;
    }
    /// How many steps have been made since then.
    std::uint32_t steps() const { return steps_; }
    bool is_dead() const { return dead_; }
    /// Calls `f(context)` before each step.
    void watch(void (*f)(void*), void* context) {
        watch_ = f;
        context_ = context;
    }
    /// What was done that the real part would not bear; nullptr if nothing was.
    const char* fault() const { return fault_; }

    void flip(std::uint32_t bit) { cells_[bit / 8] ^= static_cast<std::byte>(1U << (bit % 8)); }
    const std::byte* bytes() const { return cells_; }
    /// Puts bytes there, as somebody else has left them.
    void put(std::uint32_t at, const std::byte* from, std::uint32_t count) {
        std::memcpy(cells_ + at, from, count);
        for (std::uint32_t i = 0; i < count; ++i) units_[(at + i) / Unit].touched = true;
    }
    std::uint32_t erased_times(std::uint32_t page) const { return times_[page]; }

protected:
    bool erase_page(std::uint32_t page) {
        if (page >= Pages) return fault("a page behind its end was erased");
        const bool done = step();
        if (!done && !(dead_ && fresh_)) return false;
        weak_[page] = !done;
        for (std::uint32_t i = 0; i < PageSize; ++i) {
            std::byte& cell = cells_[page * PageSize + i];
            const bool reached = cut_ != Cut::half || i < PageSize / 2;  // of an interrupted one, half of the page
            cell = done ? std::byte{Erased} : reached ? interrupted(cell, std::byte{Erased}) : cell;
        }
        for (std::uint32_t i = 0; i < PageSize / Unit; ++i)
            units_[page * (PageSize / Unit) + i] = {!done && cut_ != Cut::new_bits,
                                                    !done && cut_ == Cut::unreadable && i % 3 == 0};
        if (done) ++times_[page];
        fresh_ = false;
        return done;
    }

private:
    static constexpr std::uint32_t never = 0xFFFFFFFFU;
    struct State {
        bool touched = false;
        bool unreadable = false;
    };

    bool fault(const char* what) {
        if (fault_ == nullptr) fault_ = what;
        return false;
    }
    // False if the power is gone; `fresh_` if it went just now.
    bool step() {
        if (dead_) return false;
        if (watch_ != nullptr) watch_(context_);
        if (left_ == 0) {
            dead_ = fresh_ = true;
            return false;
        }
        if (left_ != never) --left_;
        ++steps_;
        return true;
    }
    std::byte interrupted(std::byte old_bits, std::byte new_bits) {
        random_ ^= random_ << 13;
        random_ ^= random_ >> 17;
        random_ ^= random_ << 5;
        const auto chance = static_cast<std::byte>(random_ >> 11);
        switch (cut_) {
            case Cut::new_bits:
                return new_bits;
            case Cut::random:
            case Cut::unreadable:
                return chance;
            case Cut::half:
                return (old_bits & chance) | (new_bits & ~chance);
            default:
                return old_bits;
        }
    }

    std::byte cells_[size];
    State units_[size / Unit]{};
    bool weak_[Pages]{};
    std::uint32_t times_[Pages]{};
    std::uint32_t left_ = never;
    std::uint32_t fails_at_ = never;
    std::uint32_t steps_ = 0;
    std::uint32_t random_ = 1;
    Cut cut_ = Cut::old_bits;
    bool dead_ = false;
    bool fresh_ = false;
    const char* fault_ = nullptr;
    void (*watch_)(void*) = nullptr;
    void* context_ = nullptr;
};

}  // namespace detail

/// Flash: a unit is programmed once, until its page is erased.
template <std::uint32_t Pages = 2, std::uint32_t PageSize = 512, std::uint32_t Unit = 8, std::uint8_t Erased = 0xFF>
class Flash : public detail::Cells<Pages, PageSize, Unit, true, Erased> {
public:
    static constexpr std::byte erased{Erased};
    bool erase(std::uint32_t page) { return this->erase_page(page); }
};

/// An EEPROM: every unit can be written over.
template <std::uint32_t Pages = 2, std::uint32_t PageSize = 512, std::uint32_t Unit = 4>
class Eeprom : public detail::Cells<Pages, PageSize, Unit, false, 0xFF> {};

}  // namespace stet::test
