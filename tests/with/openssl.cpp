#include <stet/with/openssl.hpp>

#include <doctest/doctest.h>

#include <string>
#include <utility>

namespace {

const std::string key(20, '\x0b');

}  // namespace

TEST_CASE("Sha256: what FIPS 180 says of \"abc\" and of nothing") {
    CHECK(stet::Sha256{}.hash("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    CHECK(stet::Sha256{}.hash("") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

TEST_CASE("Hmac: what RFC 4231 says of \"Hi There\"; a key that is too short seals nothing") {
    const std::string sealed = "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7";
    stet::Hmac hmac(key);
    CHECK(hmac.hash("Hi There") == sealed);
    const stet::Hmac copy = hmac;
    stet::Hmac moved = std::move(hmac);
    CHECK(copy.hash("Hi There") == sealed);
    CHECK(moved.hash("Hi There") == sealed);
    moved = stet::Hmac("another key, long enough");
    CHECK(moved.hash("Hi There") != sealed);
    CHECK(stet::Hmac("too short").hash("Hi There").empty());
    CHECK(stet::Hmac("").hash("").empty());
}

TEST_CASE("with_lengths: no two lists of fields are the same bytes") {
    using stet::detail::with_lengths;
    CHECK(with_lengths(std::string("ab"), std::string("c")) != with_lengths(std::string("a"), std::string("bc")));
    CHECK(with_lengths(std::string("ab")) != with_lengths(std::string("ab"), std::string()));
    CHECK(with_lengths(std::string("a")) == std::string("\1\0\0\0\0\0\0\0a", 9));
}
