// A function that takes nothing is to hear of operations.
// expect: stet: also: one of the others is no audit (stet::AuditLog) and no listener: a function
// not: boost/pfr
#include <stet/policy/also.hpp>
#include <stet/policy/audit_log.hpp>

int main() {
#ifdef FAIL
    auto audit = stet::also(stet::AuditLog{}, [] {});
#else
    auto audit = stet::also(stet::AuditLog{}, [](const stet::AuditRecord&) {});
#endif
    return audit.begin({}) ? 0 : 1;
}
