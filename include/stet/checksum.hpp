#pragma once
// A number that stands for the content of a value, the same from every compiler and on every platform: two peers that
// compute the same state compare it instead of the state.

#include <stet/reflect/sentences.hpp>

#include <stet/patch/equal.hpp>
#include <stet/patch/image.hpp>
#include <stet/schema/leaves.hpp>
#include <stet/schema/versionable.hpp>

#include <bit>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <type_traits>
#include <utility>

namespace stet {

/// Specialise for an opaque type with a function that returns what a checksum reads in its place, a number, a text or a
/// struct: the same where `==` holds, and on every platform. `[](const Date& date) { return date.days(); }`
template <class T>
inline constexpr auto checksum_of = nullptr;

namespace detail {

enum class NoChecksum { no, opaque, another_number };
template <class Type, NoChecksum Why>
struct ChecksumVerdict {
    static constexpr bool ok = Why == NoChecksum::no;
    template <NoChecksum Reason>
    static constexpr bool not_because = Why != Reason;
};
template <class Verdict>
constexpr bool require_checksum() {
    static_assert(Verdict::template not_because<NoChecksum::opaque>,
                  "stet: checksum: T has an opaque field, of which only == is known; specialise stet::checksum_of for "
                  "its type with a function that returns a number, a text or a struct, or mark the field transient");
    static_assert(Verdict::template not_because<NoChecksum::another_number>,
                  "stet: checksum: T has a number that is another on another platform, such as long double; write "
                  "double");
    return Verdict::ok;
}

template <class V, class... Seen>
constexpr auto judge_sum();
template <class V, std::size_t L, class... Seen>
constexpr auto judge_leaf_sum() {
    if constexpr (leaf_marks<V, L>.transient) return ChecksumVerdict<V, NoChecksum::no>{};
    else return judge_sum<leaf_type<V, L>, V, Seen...>();
}
template <class V, class... Seen, std::size_t... L>
constexpr auto judge_leaf_sums(std::index_sequence<L...>) {
    return first_refusal(ChecksumVerdict<V, NoChecksum::no>{}, judge_leaf_sum<V, L, Seen...>()...);
}
template <class V, class... Seen, template <class...> class Variant, class... A>
constexpr auto judge_alternative_sums(std::type_identity<Variant<A...>>) {
    return first_refusal(judge_sum<A, V, Seen...>()...);
}
template <class V, class... Seen>
constexpr auto judge_sum() {
    constexpr Kind kind = kind_v<V>;
    constexpr bool known = !std::is_same_v<std::remove_cv_t<decltype(checksum_of<V>)>, std::nullptr_t>;
    if constexpr (is_among<V, Seen...>) return ChecksumVerdict<V, NoChecksum::no>{};
    else if constexpr (kind == Kind::number || kind == Kind::enumeration)
        return ChecksumVerdict<V, has_bits<V> ? NoChecksum::no : NoChecksum::another_number>{};
    else if constexpr (kind == Kind::opaque && known)
        return judge_sum<std::remove_cvref_t<decltype(checksum_of<V>(std::declval<const V&>()))>, V, Seen...>();
    else if constexpr (kind == Kind::opaque) return ChecksumVerdict<V, NoChecksum::opaque>{};
    else if constexpr (kind == Kind::map)
        return first_refusal(judge_sum<typename V::key_type, V, Seen...>(),
                             judge_sum<typename V::mapped_type, V, Seen...>());
    else if constexpr (kind == Kind::array || kind == Kind::optional || kind == Kind::sequence || kind == Kind::set)
        return judge_sum<std::remove_cv_t<typename V::value_type>, V, Seen...>();
    else if constexpr (kind == Kind::variant) return judge_alternative_sums<V, Seen...>(std::type_identity<V>{});
    else if constexpr (kind == Kind::structure)
        return judge_leaf_sums<V, Seen...>(std::make_index_sequence<leaf_count<V>>{});
    else return ChecksumVerdict<V, NoChecksum::no>{};
}

class Sum {
public:
    constexpr void add_word(std::uint64_t word) { state_ = fold(state_ ^ word, salt[4]); }
    constexpr std::uint64_t end() const { return fold(state_ ^ salt[5], salt[6]); }

    template <bool InKey, class V>
    constexpr void add(const V& value) {
        constexpr Kind kind = kind_v<V>;
        if constexpr (kind == Kind::number || kind == Kind::enumeration) {
            add_word(word_of<InKey>(value));
        } else if constexpr (kind == Kind::text) add_text(value);
        else if constexpr (kind == Kind::array || kind == Kind::sequence) add_elements<InKey>(value);
        else if constexpr (kind == Kind::optional) {
            add_word(value.has_value() ? 1 : 0);
            if (value.has_value()) add<InKey, std::remove_cv_t<typename V::value_type>>(*value);
        } else if constexpr (kind == Kind::variant) {
            add_word(static_cast<std::uint64_t>(value.valueless_by_exception() ? ~std::uint64_t{0} : value.index()));
            alternatives<V>::for_each_index([&]<std::size_t I, class A>() {
                if (value.index() == I) add<InKey, A>(*get_if<I>(&value));
            });
        } else if constexpr (kind == Kind::map || kind == Kind::set) add_unordered(value);
        else if constexpr (kind == Kind::structure) add_structure<InKey>(value);
        else {
            const auto stands_for = checksum_of<V>(value);
            add<InKey, std::remove_cv_t<decltype(stands_for)>>(stands_for);
        }
    }

private:
    constexpr void add_text(std::string_view text) {
        add_word(text.size());
        for (std::size_t at = 0; at < text.size(); at += 8) add_word(word_of_chars(text.substr(at, 8)));
    }
    static constexpr std::uint64_t word_of_chars(std::string_view chars) {
        if (std::endian::native == std::endian::little && !std::is_constant_evaluated() && chars.size() == 8)
            return word_at(reinterpret_cast<const unsigned char*>(chars.data()));
        std::uint64_t word = 0;
        for (std::size_t i = chars.size(); i-- > 0;) word = word << 8U | static_cast<unsigned char>(chars[i]);
        return word;
    }
    template <bool InKey, class V>
    constexpr void add_elements(const V& all) {
        using E = std::remove_cv_t<typename V::value_type>;
        if constexpr (kind_v<V> == Kind::sequence) add_word(all.size());
        if constexpr (contiguous<V> && hashed_in_stripes<E>)
            add_word(hash_run<InKey>(static_cast<const E*>(all.data()), all.size()));
        else
            for (const E& element : all) add<InKey, E>(element);
    }
    // The same in any order.
    template <class V>
    constexpr void add_unordered(const V& all) {
        std::uint64_t together = 0;
        for (const auto& item : all) {
            Sum one;
            if constexpr (map_like<V>) {
                one.add<true, typename V::key_type>(item.first);
                one.add<false, typename V::mapped_type>(item.second);
            } else one.add<true, typename V::key_type>(item);
            together += one.end();
        }
        add_word(all.size());
        add_word(together);
    }
    template <bool InKey, class V>
    constexpr void add_structure(const V& value) {
        if constexpr (leaf_count<V> > 0)
            zip_leaves<V>(
                [&]<std::size_t L, class Leaf>(const Leaf& leaf) {
                    if constexpr (!leaf_marks<V, L>.transient) add<InKey, Leaf>(leaf);
                },
                value);
    }

    std::uint64_t state_ = salt[7];
};

// Not only of structs: of all that they may hold, too.
template <class T>
constexpr bool require_readable() {
    if constexpr (std::is_array_v<T>) return require_versionable<T>();
    else if constexpr (require<decltype(judge<T>())>()) return require_checksum<decltype(judge_sum<T>())>();
    else return false;
}
struct Checksum {
    template <class T>
    constexpr std::uint64_t operator()(const T& value) const {
        Sum sum;
        if constexpr (require_readable<T>()) sum.add<false, T>(value);
        return sum.end();
    }
};

}  // namespace detail

/// 64 bits that stand for what a diff sees of a value: equal values have the same, others another, but for a chance of
/// 2^-64. From every compiler, on every platform and in every run the same, as far as its numbers are of the same
/// sizes, which `fingerprint` tells; in constant expressions, too. Transient fields and padding do not count, any NaN
/// is the same, -0 is not +0; sets and maps count in any order, their keys with all that they hold, also where their
/// order sees no difference. It keeps nobody out who looks for two values with one
/// checksum. O(size of the value).
inline constexpr detail::Checksum checksum{};

}  // namespace stet
