// An audit without a chain is asked whether it was altered.
// expect: stet: this audit has no chain, so nothing can be verified; give it one: stet::Sha256{}
// not: boost/pfr
#include <stet/with/nlohmann_json/audit.hpp>
#include <stet/with/openssl.hpp>

int main() {
#ifdef FAIL
    stet::JsonLines audit{"audit.jsonl"};
#else
    stet::JsonLines audit{"audit.jsonl", stet::Sha256{}};
#endif
    return audit.verify() ? 0 : 1;
}
