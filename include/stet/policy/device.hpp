#pragma once
// What a device must be able to do, so that revisions can be kept on it: flash with pages that are erased as a whole,
// or an EEPROM, which overwrites.

#include <concepts>
#include <cstddef>
#include <cstdint>

namespace stet {

/// A device that keeps its bytes without power: `pages` pages of `page_size` bytes, programmed in units of
/// `write_unit`. Addresses are bytes from its beginning. Every function says whether it was done; `read` may fail where
/// a unit is half written, on a part that checks itself. What is programmed is a whole number of units.
template <class D>
concept storage_device =
    requires(D& device, std::uint32_t at, std::byte* to, const std::byte* from, std::uint32_t count) {
        requires D::pages > 0 && D::page_size > 0 && D::write_unit > 0;
        { device.read(at, to, count) } -> std::same_as<bool>;
        { device.program(at, from, count) } -> std::same_as<bool>;
    };

/// One of which a unit can be programmed once, until `erase(page)` gives all bytes of its page the value `erased`.
template <class D>
concept erasable_device = storage_device<D> && requires(D& device, std::uint32_t page) {
    { device.erase(page) } -> std::same_as<bool>;
    { D::erased } -> std::convertible_to<std::byte>;
};

namespace detail {

template <class D>
concept names_shape = requires {
    { D::pages } -> std::convertible_to<std::uint32_t>;
    { D::page_size } -> std::convertible_to<std::uint32_t>;
    { D::write_unit } -> std::convertible_to<std::uint32_t>;
};
template <class D>
concept reads_bytes = requires(D& device, std::uint32_t at, std::byte* to, std::uint32_t count) {
    { device.read(at, to, count) } -> std::same_as<bool>;
};
template <class D>
concept programs_bytes = requires(D& device, std::uint32_t at, const std::byte* from, std::uint32_t count) {
    { device.program(at, from, count) } -> std::same_as<bool>;
};
template <class D>
concept names_erased = requires {
    { D::erased } -> std::convertible_to<std::byte>;
};
template <class D>
concept erases_pages = requires(D& device, std::uint32_t page) { device.erase(page); };

template <class D>
constexpr bool require_device() {
    static_assert(names_shape<D>,
                  "stet: the device lacks: static constexpr std::uint32_t pages, page_size, write_unit (in bytes)");
    static_assert(reads_bytes<D>,
                  "stet: the device lacks: bool read(std::uint32_t at, std::byte* to, std::uint32_t count)");
    static_assert(programs_bytes<D>,
                  "stet: the device lacks: bool program(std::uint32_t at, const std::byte* from, std::uint32_t count)");
    static_assert(erasable_device<D> || !(erases_pages<D> || names_erased<D>),
                  "stet: a device with pages that are erased has both: bool erase(std::uint32_t page), and static "
                  "constexpr std::byte erased, what is there then; an EEPROM has neither");
    if constexpr (storage_device<D>) {
        static_assert(D::pages > 1,
                      "stet: the device has one page: while it is erased, nothing would be there; give two or more");
        static_assert((D::write_unit & (D::write_unit - 1)) == 0, "stet: the device's write_unit is no power of two");
        static_assert(D::page_size % D::write_unit == 0,
                      "stet: the device's page_size is no whole number of write_units");
        return true;
    } else return false;
}

}  // namespace detail
}  // namespace stet
