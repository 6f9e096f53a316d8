// The pages of a device, of flash and of an EEPROM. What stands there may be anything, and, if the first byte says so,
// have right checksums: what is opened keeps its rules and can be gone on with, and the device never sees what a real
// one would not bear.
#include <stet/crc.hpp>
#include <stet/embedded.hpp>
#include <stet/test/device.hpp>

#include "fuzz.hpp"

#include <array>
#include <cstring>

namespace {

using fuzz::require;

enum class Mode : std::uint8_t { off, eco, boost };
struct Old {
    std::uint32_t id = 1;
    std::uint16_t rpm = 1000;
};
struct Today {
    std::uint32_t id = 1;
    std::uint32_t rpm = 1000;
    Mode mode = Mode::eco;
    float gain = 1.0F;
    std::uint16_t hits = 0;

    static constexpr auto schema() {
        return stet::fields(stet::field<"rpm">(stet::in_range(100, 60000)),
                            stet::field<"gain">(stet::in_range(0.0F, 10.0F)), stet::field<"hits">(stet::transient));
    }
};
constexpr auto id = stet::field<"id">;
using Flash = stet::test::Flash<3, 192, 8>;
using Eeprom = stet::test::Eeprom<2, 192, 4>;

// Gives what looks like a record the struct of today, or the older one, and the checksum that it should have.
void mend(std::byte* pages, std::uint32_t size, std::uint32_t page_size, std::uint32_t unit) {
    using Header = stet::detail::SlotHeader;
    for (std::uint32_t at = 0; at + sizeof(Header) <= size; at += unit) {
        Header header;
        std::memcpy(&header, pages + at, sizeof(header));
        if (header.mark != stet::detail::slot_mark) continue;
        const std::uint32_t room = page_size - at % page_size;
        if (header.fingerprint % 4 == 1) {
            header.fingerprint = stet::detail::layout_fingerprint<Old>;
            header.length = sizeof(Old);
        } else if (header.fingerprint % 4 != 2) {
            header.fingerprint = stet::detail::layout_fingerprint<Today>;
            header.length = sizeof(Today);
        }
        if (room < sizeof(header) || header.length > room - sizeof(header)) continue;
        stet::Crc32 crc;
        crc.add(reinterpret_cast<const std::byte*>(&header), offsetof(Header, crc));
        crc.add(reinterpret_cast<const std::byte*>(&at), sizeof(at));
        crc.add(pages + at + sizeof(header), header.length);
        header.crc = crc.value();
        std::memcpy(pages + at, &header, sizeof(header));
        // Records lie one behind the other, and never one inside another: no program leaves them so.
        const auto record = static_cast<std::uint32_t>(sizeof(header)) + header.length;
        const bool provisional = header.kind == stet::SlotKind::provisional;
        at += (record + unit - 1) / unit * unit - unit + (provisional ? (4 + unit - 1) / unit * unit : 0);
    }
}

template <class Device>
void open_once(const std::uint8_t* data, std::size_t size, bool mended) {
    std::array<std::byte, Device::size> pages;
    pages.fill(std::byte{0xFF});
    const std::size_t count = size < pages.size() ? size : pages.size();
    if (count > 0) std::memcpy(pages.data(), data, count);
    if (mended) mend(pages.data(), Device::size, Device::page_size, Device::write_unit);
    Device device;
    for (std::uint32_t at = 0; at < Device::size; at += Device::write_unit) {
        bool blank = true;
        for (std::uint32_t i = 0; i < Device::write_unit; ++i) blank = blank && pages[at + i] == std::byte{0xFF};
        if (!blank) device.put(at, pages.data() + at, Device::write_unit);
    }
    using Settings = stet::Stored<Today, Device, stet::migrations<Old, Today>>;
    Settings settings(device, Today{});
    static_cast<void>(settings.open());
    require(settings.check(settings.current()).empty(), "what is in force keeps its rules");
    static_cast<void>(settings.each_revision([&](const stet::SlotInfo& info) {
        require(info.number != 0 && info.at % Device::write_unit == 0 && info.at + info.size <= Device::size,
                "a revision lies on the device");
    }));
    for (int i = 0; i < 4; ++i) {
        const Today before = settings.current();
        const auto head = settings.head();
        const auto made = i == 2 ? settings.rollback() : settings.set(id, before.id + 1);
        if (!made) {
            fuzz::require_said(made.error());
            require(settings.head() == head && settings.current().id == before.id, "what fails changes nothing");
            continue;
        }
        require(i == 2 || (*made != head && settings.current().id == before.id + 1), "what is made is in force");
        Settings later(device, Today{});
        static_cast<void>(later.open());
        require(later.head() == settings.head(), "the next start finds the same revision");
        require(stet::equal(later.current(), settings.current()), "the next start finds the same value");
    }
    require(device.fault() == nullptr, "the device bears what it sees");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) return 0;
    const bool mended = (data[0] & 1U) != 0;
    if ((data[0] & 2U) != 0) open_once<Eeprom>(data + 1, size - 1, mended);
    else open_once<Flash>(data + 1, size - 1, mended);
    return 0;
}
