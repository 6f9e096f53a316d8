#pragma once
// Hashes by OpenSSL (1.1.1 or later) for the chain of an audit trail: `stet::Sha256`, which everybody can verify, and
// `stet::Hmac`, which nobody can forge, or verify, who does not have the key.

#include <stet/policy/audit_chain.hpp>

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

namespace stet {
namespace detail {

/// Hexadecimal digits; none where a hash could not be computed.
inline std::string hash_digits(const unsigned char* bytes, unsigned size) {
    constexpr char digits[] = "0123456789abcdef";
    std::string text;
    text.reserve(std::size_t{2} * size);
    for (unsigned i = 0; i < size; ++i) {
        text += digits[bytes[i] >> 4U];
        text += digits[bytes[i] & 15U];
    }
    return text;
}

/// OpenSSL 3 looks it up at each use where it was not fetched once.
inline const EVP_MD* sha256() {
#if OPENSSL_VERSION_NUMBER >= 0x30000000L
    static const EVP_MD* const fetched = EVP_MD_fetch(nullptr, "SHA256", nullptr);
    if (fetched != nullptr) return fetched;
#endif
    return EVP_sha256();
}

}  // namespace detail

/// SHA-256. Finds what was altered by accident, or by somebody who cannot write the whole trail anew: keep an anchor
/// where he cannot write, or use `Hmac`.
class Sha256 {
public:
    static constexpr bool keyed = false;

    std::string hash(std::string_view bytes) const {
        unsigned char hash[EVP_MAX_MD_SIZE];
        unsigned size = 0;
        if (EVP_Digest(bytes.data(), bytes.size(), hash, &size, detail::sha256(), nullptr) != 1) return {};
        return detail::hash_digits(hash, size);
    }
};

/// HMAC-SHA-256 with a key of yours, 16 bytes at least; 32 random ones are best. Every entry is sealed with it, and
/// secrets stand in the trail as digests that only who has the key can compare. A key that is too short seals nothing:
/// the audit refuses.
class Hmac {
public:
    static constexpr bool keyed = true;
    static constexpr std::size_t shortest_key = 16;

    explicit Hmac(std::string key) : key_(std::move(key)) {}
    Hmac(const Hmac&) = default;
    Hmac(Hmac&& other) noexcept : key_(std::move(other.key_)) { other.wipe(); }
    Hmac& operator=(Hmac other) noexcept {
        key_.swap(other.key_);
        return *this;
    }
    ~Hmac() { wipe(); }

    std::string hash(std::string_view bytes) const {
        unsigned char hash[EVP_MAX_MD_SIZE];
        unsigned size = 0;
        if (key_.size() < shortest_key) return {};
        if (HMAC(detail::sha256(), key_.data(), static_cast<int>(key_.size()),
                 reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size(), hash, &size) == nullptr)
            return {};
        return detail::hash_digits(hash, size);
    }

private:
    void wipe() noexcept {
        key_.resize(key_.capacity());  // what was moved from may still hold it
        OPENSSL_cleanse(key_.data(), key_.size());
        key_.clear();
    }

    std::string key_;
};

static_assert(audit_chain<Sha256> && audit_chain<Hmac>);

}  // namespace stet
