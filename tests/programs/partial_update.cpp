// What can be seen while a commit is under way: rules, audit and storage look at the Versioned that calls them. They
// see the state from before or the candidate, each whole, under the number from before; once it is in force, it and its
// number; once it is refused, nothing of it. Which of the two they see is printed.
#include <stet/stet.hpp>

#include <cstdio>
#include <functional>
#include <string>
#include <vector>

namespace {

// Whole if all of it says the same.
struct Whole {
    int a = 1;
    std::string b = "1";
    std::vector<int> c{1};
    int d = 1;
};
struct Pair {  // flat
    int a = 1;
    int b = 1;
};
int version(const Whole& w) {
    const bool whole = w.b == std::to_string(w.a) && w.c == std::vector<int>{w.a} && w.d == w.a;
    return whole ? w.a : -1;
}
int version(const Pair& p) { return p.a == p.b ? p.a : -1; }
void set(Whole& w, int to) { w = {to, std::to_string(to), {to}, to}; }
void set(Pair& p, int to) { p = {to, to}; }

std::function<void(const char*)> look = [](const char*) {};

struct LookingAudit {
    stet::Result<void> begin(stet::AuditRecord) {
        look("audit.begin");
        return {};
    }
    void confirm() noexcept { look("audit.confirm"); }
    void cancel() noexcept { look("audit.cancel"); }
};
struct LookingClock {
    stet::Time now() {
        look("clock.now");
        return 1;
    }
};
template <class T>
struct LookingStorage : stet::Memory<T> {
    stet::Result<void> append(stet::Revision& revision, stet::Patch<T>& patch, const T& value) {
        look("storage.append");
        return stet::Memory<T>::append(revision, patch, value);
    }
};

template <class T>
bool run(const char* name) {
    look = [](const char*) {};
    bool refuses = false;
    const auto rule = [&refuses](int) {
        look("rule");
        return !refuses;
    };
    stet::Versioned<T, LookingStorage<T>, LookingAudit, LookingClock, decltype(stet::rules(stet::field<"a">(rule)))>
        versioned(T{}, {}, {}, {}, stet::rules(stet::field<"a">(rule)));
    bool ok = true;
    const auto verb = [&](const char* what, int before, int after, auto act) {
        const stet::Number head = versioned.head();
        std::string seen;
        look = [&](const char* who) {
            const int at = version(versioned.current());
            const bool confirmed = who == std::string_view("audit.confirm");
            if (at != before && at != after) ok = false;
            if (confirmed && at != (refuses ? before : after)) ok = false;
            if (versioned.head() != head + (confirmed && !refuses ? 1 : 0)) ok = false;
            seen += std::string(seen.empty() ? "" : ", ") + who +
                    (at == before  ? " old"
                     : at == after ? " new"
                                   : " TORN");
        };
        act();
        look = [](const char*) {};
        if (version(versioned.current()) != (refuses ? before : after)) ok = false;
        std::printf("%s: %s: %s\n", name, what, seen.c_str());
    };
    verb("commit", 1, 2, [&] { ok &= versioned.commit([](T& v) { set(v, 2); }).has_value(); });
    verb("commit", 2, 3, [&] { ok &= versioned.commit([](T& v) { set(v, 3); }).has_value(); });
    verb("rollback", 3, 2, [&] { ok &= versioned.rollback().has_value(); });
    verb("rollback_to", 2, 1, [&] { ok &= versioned.rollback_to(1).has_value(); });
    verb("revert", 1, 2, [&] { ok &= versioned.revert(versioned.head()).has_value(); });
    const auto plan = versioned.plan_rollback(1);
    verb("execute", 2, 1, [&] { ok &= versioned.execute(*plan).has_value(); });
    refuses = true;
    verb("commit, refused", 1, 9, [&] { ok &= !versioned.commit([](T& v) { set(v, 9); }); });
    verb("rollback, refused", 1, 2, [&] { ok &= !versioned.rollback(); });
    return ok;
}

}  // namespace

int main() {
    const bool whole = run<Whole>("struct with containers");
    const bool flat = run<Pair>("flat struct");
    return whole && flat ? 0 : 1;
}
