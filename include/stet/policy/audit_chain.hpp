#pragma once
// Tamper evidence for an audit trail that is kept somewhere: every entry has a hash over itself and the hash before it,
// so that nothing can be altered, removed or put elsewhere without a trace. The hash itself is a parameter.

#include <stet/result.hpp>
#include <stet/schema/violations.hpp>

#include <concepts>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace stet {

/// Where an audit trail stood: its newest entry. Keep it where who can write the trail cannot, and give it to `verify`:
/// that an end was cut off can be seen in no other way.
struct AuditAnchor {
    Number sequence = 0;
    std::string hash{};
    bool operator==(const AuditAnchor&) const = default;
};

/// No chain: records are as durable, and whoever can write the trail can alter it.
struct NoChain {};

/// What links the entries of a trail: `stet::Sha256` and `stet::Hmac` of <stet/with/openssl.hpp>, or one's own. `hash`
/// gives a text of always the same length, without quotes, or an empty one where that failed; `keyed` says that nobody
/// can compute it who does not have a key.
template <class C>
concept audit_chain = std::same_as<C, NoChain> || requires(const C& chain, std::string_view bytes) {
    { chain.hash(bytes) } -> std::same_as<std::string>;
    { C::keyed } -> std::convertible_to<bool>;
};

/// What becomes of an operation that a durable audit cannot write down.
enum class OnAuditFailure : std::uint8_t {
    refuse,  ///< it is refused
    go_on    ///< it is carried out, and the next record that can be written says how many are missing
};
inline constexpr OnAuditFailure fail_closed = OnAuditFailure::refuse;
inline constexpr OnAuditFailure fail_open = OnAuditFailure::go_on;

namespace detail {

template <class Chain>
inline constexpr bool is_linked = !std::same_as<Chain, NoChain>;
template <class Chain>
constexpr bool is_keyed() {
    if constexpr (is_linked<Chain>) return Chain::keyed;
    else return false;
}
template <class Chain>
constexpr bool require_chain() {
    static_assert(is_linked<Chain>,
                  "stet: this audit has no chain, so nothing can be verified; give it one: stet::Sha256{} or "
                  "stet::Hmac{key} of <stet/with/openssl.hpp>");
    return is_linked<Chain>;
}

/// Fields with their lengths in front of them, eight bytes, the lowest first: no two lists are the same bytes.
template <class... Fields>
std::string with_lengths(const Fields&... fields) {
    std::string bytes;
    const auto add = [&](std::string_view field) {
        for (unsigned shift = 0; shift < 64; shift += 8)
            bytes += static_cast<char>((static_cast<std::uint64_t>(field.size()) >> shift) & 0xFFU);
        bytes += field;
    };
    (add(fields), ...);
    return bytes;
}

/// The hash of what stands in an entry, behind the entry with the hash `previous`.
template <class Chain>
std::string link_hash(const Chain& chain, std::string_view previous, std::string_view text) {
    return chain.hash(with_lengths(std::string_view("stet-audit"), previous, text));
}
/// The seal of a checkpoint, which takes the place of all entries before it.
template <class Chain>
std::string checkpoint_hash(const Chain& chain, std::string_view text) {
    return chain.hash(with_lengths(std::string_view("stet-audit-checkpoint"), text));
}

/// An entry as it is stored; one that cannot be read has no sequence.
struct ChainEntry {
    Number sequence = 0;
    std::string_view text{};
    std::string_view hash{};
};

inline Error tampered(Number sequence, std::string_view how) { return Error(Errc::audit_tampered, sequence, 0, how); }

/// What has become of the entry that should be `expected`, where entry `at` is not what its hash says?
inline Error what_happened(const std::vector<ChainEntry>& entries, std::size_t at, Number expected) {
    const auto number = [&](std::size_t i) { return i < entries.size() ? entries[i].sequence : 0; };
    if (number(at) == expected || number(at) == 0) return tampered(expected, "altered");
    for (std::size_t later = at + 1; later < entries.size(); ++later)
        if (number(later) == expected) return tampered(expected, "reordered");
    // Its own number may be what was altered: the next one would still be in its place.
    if (number(at) < expected || number(at + 1) == expected + 1) return tampered(expected, "altered");
    return tampered(expected, "removed");
}

/// The newest entry if every entry is what was written, behind `from`; else the first that is not. `known` is an anchor
/// of earlier, or none.
template <class Chain>
Result<AuditAnchor> verify_chain(const Chain& chain, const AuditAnchor& from, const std::vector<ChainEntry>& entries,
                                 const AuditAnchor& known) {
    AuditAnchor at = from;
    bool seen = known.sequence <= at.sequence;  // what was pruned away can no longer be compared
    if (known.sequence == at.sequence && known.hash != at.hash) return Failure(tampered(known.sequence, "altered"));
    for (std::size_t i = 0; i < entries.size(); ++i) {
        const ChainEntry& entry = entries[i];
        const std::string hash = link_hash(chain, at.hash, entry.text);
        if (hash.empty()) return Failure(Error(Errc::audit_failed, "no hash can be computed"));
        if (entry.sequence != at.sequence + 1 || entry.hash != hash)
            return Failure(what_happened(entries, i, at.sequence + 1));
        ++at.sequence;
        at.hash = hash;
        if (at.sequence != known.sequence) continue;
        seen = true;
        if (at.hash != known.hash) return Failure(tampered(at.sequence, "altered"));
    }
    if (!seen) return Failure(tampered(at.sequence + 1, "cut off, with all behind it"));
    return at;
}

}  // namespace detail
}  // namespace stet
