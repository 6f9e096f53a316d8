#pragma once
// Broken rules of a flat struct: a list of fixed size that needs no heap and works in constant expressions. What it
// says is made into text when somebody asks.

#include <stet/result.hpp>
#include <stet/schema/print.hpp>
#include <stet/schema/rule.hpp>

#include <bit>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <type_traits>

namespace stet {

/// A broken rule: where, what is there, which rule, what would be right.
template <std::size_t Depth>
class FlatViolation {
public:
    constexpr FlatViolation() =
        default;  // uninitialised: a list has room for more of them than are ever broken at once

    template <class Rule, class V>
    constexpr FlatViolation(const PathView& path, const Rule& rule, const V& value, Severity severity)
        : rule_(&rule), write_(nullptr), bits_(0), frame_{}, frames_(0), severity_(severity), secret_(path.secret()) {
        std::string_view name = "rule";
        if constexpr (detail::says_expected<Rule>) {
            name = Rule::name;
            expected_ = [](const Writer& out, const void* self) { static_cast<const Rule*>(self)->expected(out); };
        } else {
            expected_ = [](const Writer& out, const void*) { detail::Bare<Rule>::expected(out); };
        }
        if constexpr (std::is_arithmetic_v<V> || std::is_enum_v<V>) {
            if constexpr (sizeof(V) <= 8) {
                bits_ = to_bits(value);
                write_ = [](const Writer& out, std::uint64_t bits) { detail::write_value(out, from_bits<V>(bits)); };
            }
        } else if constexpr (optional_like<V>) {
            if (value.has_value()) *this = FlatViolation(path, rule, *value, severity);
        }
        name_ = name.data();
        name_size_ = static_cast<std::uint8_t>(name.size());
        take(path);
    }

    FixedText<120> path() const {
        FixedText<120> text;
        const Writer out(text);
        write_path(out);
        return text;
    }
    FixedText<64> value() const {
        FixedText<64> text;
        const Writer out(text);
        if (secret_) out << secret_dots;
        else if (write_ != nullptr) write_(out, bits_);
        return text;
    }
    constexpr std::string_view rule() const { return detail::chars(name_, name_size_); }
    FixedText<160> expected() const {
        FixedText<160> text;
        expected_(Writer(text), rule_);
        return text;
    }
    constexpr Severity severity() const { return severity_; }

    friend const Writer& operator<<(const Writer& out, const FlatViolation& violation) {
        violation.write_path(out);
        const FixedText<64> shown = violation.value();
        if (!shown.empty()) out << " is " << shown.view();
        out << (shown.empty() ? ": " : ", ") << violation.expected().view();
        if (violation.severity_ == Severity::warning) out << " (warning)";
        return out;
    }

private:
    static constexpr std::uint32_t no_index = 0xFFFFFFFFU;
    struct Frame {
        const char* name;
        std::uint32_t size;
        std::uint32_t index;
        constexpr std::string_view text() const { return detail::chars(name, size); }
    };

    template <class V>
    static constexpr std::uint64_t to_bits(V value) {
        if constexpr (std::is_enum_v<V>) return to_bits(static_cast<std::underlying_type_t<V>>(value));
        else if constexpr (std::is_same_v<V, float>) return std::bit_cast<std::uint32_t>(value);
        else if constexpr (std::is_floating_point_v<V>) return std::bit_cast<std::uint64_t>(value);
        else return static_cast<std::uint64_t>(value);
    }
    template <class V>
    static constexpr V from_bits(std::uint64_t bits) {
        if constexpr (std::is_enum_v<V>) return static_cast<V>(from_bits<std::underlying_type_t<V>>(bits));
        else if constexpr (std::is_same_v<V, float>) return std::bit_cast<float>(static_cast<std::uint32_t>(bits));
        else if constexpr (std::is_floating_point_v<V>) return std::bit_cast<V>(bits);
        else return static_cast<V>(bits);
    }

    // From the end of the path to its start: a name, or the number of an element with the name of its array.
    constexpr void take(const PathView& path) {
        std::uint32_t index = no_index;
        frames_ = 0;
        for (const PathView* at = &path; at != nullptr; at = at->parent()) {
            const bool is_index = at->step() == PathView::Step::index;
            const bool is_name = at->step() == PathView::Step::name;
            if ((is_name || (is_index && index != no_index)) && frames_ < Depth) {
                frame_[frames_++] = {at->name().data(), static_cast<std::uint32_t>(at->name().size()), index};
                // (without a name: an array in an array)
                index = no_index;
            }
            if (is_index) index = static_cast<std::uint32_t>(at->index());
        }
    }
    void write_path(const Writer& out) const {
        for (std::size_t i = frames_; i-- > 0;) {
            out << frame_[i].text();
            if (frame_[i].index != no_index) out << '[' << frame_[i].index << ']';
            if (i > 0 && frame_[i - 1].size != 0) out << '.';
        }
    }

    const void* rule_;
    void (*expected_)(const Writer&, const void*);
    void (*write_)(const Writer&, std::uint64_t);
    const char* name_;
    std::uint64_t bits_;
    Frame frame_[Depth];
    std::uint8_t name_size_;
    std::uint8_t frames_;
    Severity severity_;
    bool secret_;
};

/// The broken rules of a flat struct, in the order of the schema. They point at their rules: keep the type's schema (or
/// the owner of instance rules) alive while reading them.
template <std::size_t Capacity, std::size_t Depth>
class FlatViolations {
public:
    constexpr FlatViolations() {
        if (std::is_constant_evaluated())  // there, what is copied must have a value
            for (auto& item : items_) item = FlatViolation<Depth>(PathView{}, NotEmpty{}, 0, Severity::error);
    }
    constexpr std::size_t size() const { return size_; }
    constexpr bool empty() const { return size_ == 0; }
    constexpr const FlatViolation<Depth>* begin() const { return items_; }
    constexpr const FlatViolation<Depth>* end() const { return items_ + size_; }
    constexpr const FlatViolation<Depth>& operator[](std::size_t i) const { return items_[i]; }
    /// How many more there were than fit (only past 64: many elements of an array can be wrong at once).
    constexpr std::size_t dropped() const { return dropped_; }
    /// Is any of them an error, not a warning?
    constexpr bool refuse() const { return refuse_; }

    template <class Rule, class V>
    constexpr void add(const PathView& path, const Rule& rule, const V& value, Severity severity) {
        refuse_ = refuse_ || severity == Severity::error;
        if (size_ < Capacity) items_[size_++] = FlatViolation<Depth>(path, rule, value, severity);
        else ++dropped_;
    }

private:
    FlatViolation<Depth> items_[Capacity > 0 ? Capacity : 1];
    std::size_t size_ = 0;
    std::size_t dropped_ = 0;
    bool refuse_ = false;
};

}  // namespace stet
