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

namespace detail {

/// A value that is kept as bits, to be shown later.
template <class V>
inline constexpr bool kept_as_bits = (std::is_arithmetic_v<V> || std::is_enum_v<V>) && sizeof(V) <= 8;

template <class V>
constexpr std::uint64_t to_bits(V value) {
    if constexpr (std::is_enum_v<V>) return to_bits(static_cast<std::underlying_type_t<V>>(value));
    else if constexpr (std::is_same_v<V, float>) return std::bit_cast<std::uint32_t>(value);
    else if constexpr (std::is_floating_point_v<V>) return std::bit_cast<std::uint64_t>(value);
    else return static_cast<std::uint64_t>(value);
}
template <class V>
constexpr V from_bits(std::uint64_t bits) {
    if constexpr (std::is_enum_v<V>) return static_cast<V>(from_bits<std::underlying_type_t<V>>(bits));
    else if constexpr (std::is_same_v<V, float>) return std::bit_cast<float>(static_cast<std::uint32_t>(bits));
    else if constexpr (std::is_floating_point_v<V>) return std::bit_cast<V>(bits);
    else return static_cast<V>(bits);
}

/// How a broken rule is put into words.
struct Wording {
    void (*expected)(const Writer&, const void* rule);
    void (*value)(const Writer&, std::uint64_t bits);
    std::string_view rule;
};
template <class Rule, class V>
inline constexpr Wording wording = [] {
    Wording made{nullptr, nullptr, "rule"};
    if constexpr (says_expected<Rule>) {
        made.rule = Rule::name;
        made.expected = [](const Writer& out, const void* self) { static_cast<const Rule*>(self)->expected(out); };
    } else {
        made.expected = [](const Writer& out, const void*) { Bare<Rule>::expected(out); };
    }
    if constexpr (kept_as_bits<V>)
        made.value = [](const Writer& out, std::uint64_t bits) { write_value(out, from_bits<V>(bits)); };
    return made;
}();

/// Of rules that nobody knows all of: a violation keeps the address of its wording, which is linked with all that it
/// calls. See `RulesOf` for the other way.
struct AnyRules {
    using Key = const Wording*;
    template <class Rule, class V>
    static constexpr Key key = &wording<Rule, V>;
    static constexpr const Wording& find(Key key) { return *key; }
};

}  // namespace detail

/// A broken rule: where, what is there, which rule, what would be right.
template <std::size_t Depth, class Known = detail::AnyRules>
class FlatViolation {
public:
    constexpr FlatViolation() =
        default;  // uninitialised: a list has room for more of them than are ever broken at once

    struct Broken {
        std::uint64_t bits;
        const void* rule;
        typename Known::Key key;
        Severity severity;
    };
    constexpr void set(const PathView& path, const Broken& broken) {
        set(broken);
        secret_ = path.secret();
        take(path);
    }
    constexpr void set(const detail::Spot& spot, const Broken& broken) {
        set(broken);
        secret_ = spot.secret;
        put(0, spot.name, spot.index);
        frames_ = 1;
    }
    template <class Rule, class V>
    constexpr FlatViolation(const PathView& path, const Rule& rule, const V& value, Severity severity)
        : FlatViolation(nullptr) {
        set(path, Broken{0, &rule, Known::template key<Rule, V>, severity});
        if constexpr (detail::kept_as_bits<V>) set_bits(detail::to_bits(value));
        else if constexpr (optional_like<V>)
            if (value.has_value()) *this = FlatViolation(path, rule, *value, severity);
    }
    /// Stands for none, where all that is copied must have a value.
    constexpr explicit FlatViolation(std::nullptr_t)
        : bits_{}, rule_(nullptr), name_{}, index_{}, size_{}, key_{}, frames_(0), warning_(0), secret_(0) {}

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
        else if (const auto write = Known::find(key_).value; write != nullptr)
            write(out, bits_[0] | std::uint64_t{bits_[1]} << 32U);
        return text;
    }
    constexpr std::string_view rule() const { return Known::find(key_).rule; }
    FixedText<160> expected() const {
        FixedText<160> text;
        Known::find(key_).expected(Writer(text), rule_);
        return text;
    }
    constexpr Severity severity() const { return warning_ != 0 ? Severity::warning : Severity::error; }

    friend const Writer& operator<<(const Writer& out, const FlatViolation& violation) {
        violation.write_path(out);
        const FixedText<64> shown = violation.value();
        if (!shown.empty()) out << " is " << shown.view();
        out << (shown.empty() ? ": " : ", ") << violation.expected().view();
        if (violation.severity() == Severity::warning) out << " (warning)";
        return out;
    }

private:
    static constexpr std::uint32_t no_index = 0xFFFFFFFFU;

    constexpr void set(const Broken& broken) {
        set_bits(broken.bits);
        rule_ = broken.rule;
        key_ = broken.key;
        warning_ = broken.severity == Severity::warning ? 1 : 0;
    }
    constexpr void set_bits(std::uint64_t bits) {
        bits_[0] = static_cast<std::uint32_t>(bits);
        bits_[1] = static_cast<std::uint32_t>(bits >> 32U);
    }
    constexpr void put(std::size_t frame, std::string_view name, std::uint32_t index) {
        name_[frame] = name.data();
        size_[frame] = static_cast<std::uint16_t>(name.size());
        index_[frame] = index;
    }
    // From the end of the path to its start: a name, or the number of an element with the name of its array.
    constexpr void take(const PathView& path) {
        std::uint32_t index = no_index;
        frames_ = 0;
        for (const PathView* at = &path; at != nullptr; at = at->parent()) {
            const bool is_index = at->step() == PathView::Step::index;
            const bool is_name = at->step() == PathView::Step::name;
            if ((is_name || (is_index && index != no_index)) && frames_ < Depth) {
                put(frames_, at->name(), index);  // (without a name: an array in an array)
                ++frames_;
                index = no_index;
            }
            if (is_index) index = static_cast<std::uint32_t>(at->index());
        }
    }
    void write_path(const Writer& out) const {
        for (std::size_t i = frames_; i-- > 0;) {
            out << detail::chars(name_[i], size_[i]);
            if (index_[i] != no_index) out << '[' << index_[i] << ']';
            if (i > 0 && size_[i - 1] != 0) out << '.';
        }
    }

    std::uint32_t bits_[2];  // in halves, which need no alignment
    const void* rule_;
    // From the inside out: a name, and the number of one of its elements. Small, because a small stack holds a list.
    const char* name_[Depth];
    std::uint32_t index_[Depth];
    std::uint16_t size_[Depth];
    typename Known::Key key_;
    std::uint8_t frames_ : 6;
    std::uint8_t warning_ : 1;
    std::uint8_t secret_ : 1;
    static_assert(Depth < 64, "stet: more than 63 structs inside one another; put some of them side by side");
};

/// The broken rules of a flat struct, in the order of the schema. They point at their rules: keep the type's schema (or
/// the owner of instance rules) alive while reading them.
template <std::size_t Capacity, std::size_t Depth, class Known = detail::AnyRules>
class FlatViolations {
    using Item = FlatViolation<Depth, Known>;

public:
    static constexpr bool in_place = true;

    constexpr FlatViolations() {
        if (std::is_constant_evaluated())  // there, what is copied must have a value
            for (auto& item : items_) item = Item(nullptr);
    }
    constexpr std::size_t size() const { return size_; }
    constexpr bool empty() const { return size_ == 0; }
    constexpr const Item* begin() const { return items_; }
    constexpr const Item* end() const { return items_ + size_; }
    constexpr const Item& operator[](std::size_t i) const { return items_[i]; }
    /// How many more there were than fit (only past 64: many elements of an array can be wrong at once).
    constexpr std::size_t dropped() const { return dropped_; }
    /// Is any of them an error, not a warning?
    constexpr bool refuse() const { return refuse_; }

    /// What leads to a rule: where there is little to say, less to make.
    using Where = std::conditional_t<Depth == 1, detail::Spot, PathView>;

    template <class Path, class Rule, class V>
    constexpr void add(const Path& path, const Rule& rule, const V& value, Severity severity) {
        if constexpr (optional_like<V>)
            if (value.has_value()) return add(path, rule, *value, severity);
        std::uint64_t bits = 0;
        if constexpr (detail::kept_as_bits<V>) bits = detail::to_bits(value);
        add(path, typename Item::Broken{bits, &rule, Known::template key<Rule, V>, severity});
    }

private:
    // One for all rules.
    template <class Path>
    STET_NO_INLINE constexpr void add(const Path& path, const typename Item::Broken& broken) {
        refuse_ = refuse_ || broken.severity == Severity::error;
        if (size_ < Capacity) items_[size_++].set(path, broken);
        else ++dropped_;
    }

    Item items_[Capacity > 0 ? Capacity : 1];
    std::uint32_t dropped_ = 0;
    std::uint8_t size_ = 0;
    bool refuse_ = false;
    static_assert(Capacity < 256);
};

}  // namespace stet
