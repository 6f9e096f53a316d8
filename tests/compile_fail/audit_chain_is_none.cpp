// A key where the chain belongs.
// expect: stet: this audit's chain is none: stet::NoChain{}, or stet::Sha256{} or stet::Hmac{key}
// not: boost/pfr
#include <stet/with/nlohmann_json/audit.hpp>
#include <stet/with/openssl.hpp>

#include <string>

int main() {
    const std::string key = "0123456789abcdef";
#ifdef FAIL
    stet::JsonLines audit{"audit.jsonl", key};
#else
    stet::JsonLines audit{"audit.jsonl", stet::Hmac{key}};
#endif
    return audit.path().empty() ? 1 : 0;
}
