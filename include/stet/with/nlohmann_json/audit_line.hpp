#pragma once
// An entry of an audit trail as one line of JSON, and back: a record, or a note of the audit's own.

#include <stet/with/nlohmann_json/sentences.hpp>

#include <stet/checksum.hpp>
#include <stet/policy/audit_chain.hpp>
#include <stet/policy/audit_query.hpp>
#include <stet/with/nlohmann_json/parse.hpp>
#include <stet/with/nlohmann_json/read.hpp>
#include <stet/with/nlohmann_json/text.hpp>

#include <cstddef>
#include <cstdint>
#include <iterator>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace stet::detail {

/// What an audit says of itself, between the records. What it does not say is 0.
struct AuditNote {
    Number sequence = 0;
    Time time = 0;
    Number cancelled = 0;       // the record with this number did not happen
    std::uint64_t cut_off = 0;  // so many bytes at the end were half written, as the power went
    std::uint64_t missing = 0;  // so many records could not be written
    std::uint64_t pruned = 0;   // this stands for so many entries, up to its own number
    std::string previous{};     // the hash of the last of them
};

/// What stands in a line: a note where it says something, else a record.
struct AuditEntry {
    AuditRecord record{};
    AuditNote note{};
    bool is_note = false;

    Number sequence() const { return is_note ? note.sequence : record.sequence; }
    Time time() const { return is_note ? note.time : record.time; }
};

// --- out: `{"sequence":7,"time":...` in the order of the struct, without what says nothing, and without the last brace

template <class V>
bool says_nothing(const V& value) {
    if constexpr (std::is_same_v<V, Origin>) return value == Origin{};
    else if constexpr (std::is_same_v<V, bool>) return !value;
    else if constexpr (std::is_integral_v<V>) return value == 0;
    else if constexpr (requires { value.empty(); }) return value.empty();
    else return false;
}
template <class Entry>
std::string audit_text(const Entry& entry) {
    std::string text = "{";
    for_each_field<Entry>([&]<std::size_t I>() {
        const auto& value = get_field<I>(entry);
        if (says_nothing(value)) return;
        text += member_begin<Entry, I>.view().substr(text.size() > 1 ? 0 : 1);
        JsonText{}.write(text, value);
    });
    return text;
}

// --- the hash: always the last of a line, and always of one length

inline constexpr std::string_view hash_key = R"(,"hash":")";

inline std::string audit_line(std::string text, std::string_view hash) {
    if (!hash.empty()) (text += hash_key).append(hash) += '"';
    return text += "}\n";
}
/// A line without its end as what `audit_line` made it of.
inline ChainEntry split_line(std::string_view line) {
    ChainEntry parts;
    if (!line.ends_with('}')) return {0, line, {}};
    line.remove_suffix(1);
    parts.text = line;
    if (const std::size_t at = line.rfind(hash_key); at != std::string_view::npos && line.ends_with('"')) {
        parts.text = line.substr(0, at);
        parts.hash = line.substr(at + hash_key.size(), line.size() - at - hash_key.size() - 1);
    }
    return parts;
}

// --- in again

/// What a newer program has added is left out.
template <class Entry>
bool read_fields(Json::object_t object, Entry& entry) {
    for (auto at = object.begin(); at != object.end();) {
        bool known = false;
        for_each_field<Entry>([&]<std::size_t I>() { known = known || at->first == field_name<Entry, I>(); });
        at = known ? std::next(at) : object.erase(at);
    }
    Violations found;
    constexpr JsonInput input{.missing = stet::Missing::keep_default};
    return JsonReader(found, input, true).read(Json(std::move(object)), entry, PathView{}, input.depth);
}
/// False where the text is none of an entry.
inline bool read_audit_text(std::string_view text, AuditEntry& entry) {
    const auto json = parse_json<>(std::string(text) + "}");
    const auto* const object = json ? json->template get_ptr<const Json::object_t*>() : nullptr;
    if (object == nullptr) return false;
    entry.is_note = object->count("operation") == 0;
    const bool read = entry.is_note ? read_fields(*object, entry.note) : read_fields(*object, entry.record);
    return read && entry.sequence() != 0;
}

// --- digests

template <class T>
inline constexpr bool has_json_form = decltype(judge_json<false, T>())::ok;

/// What audits with a chain have in common: the digests that it makes.
template <class Chain>
class ChainedAudit {
    static_assert(audit_chain<Chain>,
                  "stet: this audit's chain is none: stet::NoChain{}, or stet::Sha256{} or stet::Hmac{key} of "
                  "<stet/with/openssl.hpp>");

public:
    /// The digest that a record has of the revision with this value: of its JSON, which is the same on every platform.
    /// Where no key keeps a guess from being tried, secrets do not count.
    template <class T>
        requires has_json_form<T>
    std::string digest(const T& value) const {
        const auto secrets = is_keyed<Chain>() ? Secrets::keep : Secrets::redact;
        std::string json;
        JsonText{secrets, false}.write(json, value);
        if constexpr (linked) return chain_.hash(with_lengths(std::string_view("stet-value"), json));
        else {
            Sum sum;
            sum.add<false, std::string>(json);
            std::uint64_t bits = sum.end();
            std::string digits(16, '0');
            for (std::size_t i = digits.size(); i-- > 0; bits >>= 4U) digits[i] = "0123456789abcdef"[bits & 15U];
            return digits;
        }
    }
    /// What stands for a secret: only who has the key can tell what it may be.
    std::string keyed_digest(std::string_view text) const
        requires(is_keyed<Chain>())
    {
        std::string digest = chain_.hash(with_lengths(std::string_view("stet-secret"), text));
        return digest.empty() ? std::string(secret_dots) : digest;
    }

protected:
    static constexpr bool linked = is_linked<Chain>;

    explicit ChainedAudit(Chain chain) : chain_(std::move(chain)) {}
    const Chain& chain() const { return chain_; }

    /// The hash of an entry; nothing where there is no chain.
    std::string link([[maybe_unused]] std::string_view previous, [[maybe_unused]] std::string_view text) const {
        if constexpr (linked) return link_hash(chain_, previous, text);
        else return {};
    }
    std::string seal([[maybe_unused]] std::string_view text) const {
        if constexpr (linked) return checkpoint_hash(chain_, text);
        else return {};
    }
    static Failure<Error> no_hash() {
        return Failure(Error(Errc::audit_failed, "the chain computes no hash: is its key too short?"));
    }

private:
    STET_NO_UNIQUE_ADDRESS Chain chain_;
};

}  // namespace stet::detail
