// Something that is no audit stands in front.
// expect: stet: also: the first is no audit (stet::AuditLog) and no listener: a function that takes
// not: boost/pfr
#include <stet/policy/also.hpp>
#include <stet/policy/audit_log.hpp>

int main() {
#ifdef FAIL
    auto audit = stet::also("audit.jsonl", stet::AuditLog{});
#else
    auto audit = stet::also(stet::AuditLog{});
#endif
    return audit.begin({}) ? 0 : 1;
}
