// Several processes write one audit trail, and are killed at any moment: it stays whole, and what was acknowledged is
// there. Where storage and audit are two files, they agree after every start. STET_CASES says how many are killed, at
// most 200.

#include <stet/with/nlohmann_json/audit.hpp>
#include <stet/with/nlohmann_json/file.hpp>
#include <stet/with/openssl.hpp>
#include <stet/with/sqlite/audit.hpp>

#include "../folder.hpp"

#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <set>
#include <string>
#include <vector>

#define CHECK(...) \
    if (!(__VA_ARGS__)) return std::printf("%d: %s\n", __LINE__, #__VA_ARGS__), false

namespace {

const stet::Hmac key("0123456789abcdef");
auto lines(const Folder& folder) { return stet::JsonLines{folder / "audit.jsonl", key}; }
auto rows(const Folder& folder) { return stet::SqliteAudit{stet::Sqlite{folder / "audit.db"}, key}; }

// Tells records, of which some are cancelled, and says on `out` when each is safe.
template <class Audit>
int tell(Audit audit, int records, int out) {
    const std::string me = std::to_string(::getpid());
    for (int i = 0; i < records; ++i) {
        stet::AuditRecord record;
        record.author = me;
        record.reason = std::to_string(i);
        record.operation = stet::Operation::snapshot;
        if (!audit.begin(record)) return 2;
        if (i % 5 == 4) audit.cancel();
        else {
            audit.confirm();
            if (::write(out, "x", 1) != 1) return 3;
        }
    }
    return 0;
}

template <class Open>
bool together(const Open& open, int processes, int records, bool kills) {
    const Folder folder(Folder::in_memory());
    CHECK(open(folder).begin({}));
    struct Child {
        pid_t id;
        int acknowledged[2];
    };
    std::vector<Child> children(static_cast<std::size_t>(processes));
    std::fflush(stdout);
    for (Child& child : children) {
        CHECK(::pipe(child.acknowledged) == 0);
        child.id = ::fork();
        if (child.id == 0) ::_exit(tell(open(folder), records, child.acknowledged[1]));
        ::close(child.acknowledged[1]);
    }
    std::vector<int> safe;
    for (std::size_t i = 0; i < children.size(); ++i) {
        int count = 0;
        for (char c = 0; ::read(children[i].acknowledged[0], &c, 1) == 1;)
            if (++count == static_cast<int>(7 * i + 3) && kills) ::kill(children[i].id, SIGKILL);
        int status = 0;
        CHECK(::waitpid(children[i].id, &status, 0) == children[i].id);
        CHECK(kills || (WIFEXITED(status) && WEXITSTATUS(status) == 0));
        ::close(children[i].acknowledged[0]);
        safe.push_back(count);
    }
    auto audit = open(folder);
    CHECK(audit.begin({}));  // which cuts off what was half written
    audit.confirm();
    CHECK(audit.verify());
    const auto all = audit.find({});
    CHECK(all);
    stet::Number last = 0;
    for (const auto& record : *all) {
        CHECK(record.sequence > last);
        last = record.sequence;
    }
    for (std::size_t i = 0; i < children.size(); ++i) {
        const auto mine = *audit.find({.author = std::to_string(children[i].id)});
        int count = 0;
        for (const auto& record : mine)
            if (std::stoi(record.reason) % 5 != 4) ++count;
        CHECK(count == safe[i] || count == safe[i] + 1);  // one may be safe, and not yet acknowledged
        CHECK(kills || mine.size() <= static_cast<std::size_t>(records - records / 5) + 1);
    }
    return true;
}

struct Settings {
    int count = 0;
    std::string text{};
};

// A file of settings and one of audit, and a process that is killed at any moment: both tell of the same revisions.
bool agree(int kills) {
    const Folder folder(Folder::in_memory());
    const auto open = [&] {
        return stet::open<Settings>(stet::JsonFile{folder / "settings.json"}, lines(folder),
                                    stet::if_empty(Settings{}));
    };
    unsigned chance = 7;
    for (int i = 0; i < kills; ++i) {
        std::fflush(stdout);
        const pid_t child = ::fork();
        if (child == 0) {
            auto settings = open();
            if (!settings) ::_exit(1);
            for (int number = 0;; ++number)
                if (!settings->set(stet::field<"count">, number, {.force = true})) ::_exit(2);
        }
        chance = chance * 1664525U + 1013904223U;
        ::usleep((chance >> 16U) % 6000U);
        ::kill(child, SIGKILL);
        int status = 0;
        CHECK(::waitpid(child, &status, 0) == child);
        CHECK(WIFSIGNALED(status));
        const auto settings = open();
        if (!settings) return std::printf("%s\n", std::string(settings.error().why()).c_str()), false;
        CHECK(settings->audit().verify());
        std::multiset<stet::Number> told;
        std::string digest;
        const auto all = settings->audit().find({.outcome = stet::Outcome::done});
        CHECK(all);
        for (const auto& record : *all) {
            if (record.after == record.before) continue;
            told.insert(record.after);
            digest = record.digest_after;
        }
        CHECK(told.size() == settings->head());
        CHECK(*told.begin() == 1 && *told.rbegin() == settings->head());
        CHECK(std::set<stet::Number>(told.begin(), told.end()).size() == told.size());
        CHECK(digest == settings->audit().digest(settings->current()));
    }
    return true;
}

}  // namespace

int main() {
    const char* const asked = std::getenv("STET_CASES");
    const int kills = asked == nullptr ? 30 : std::min(std::atoi(asked), 200);
    bool ok = together(lines, 4, 60, false) && together(rows, 4, 60, false);
    for (int i = 0; ok && i < (kills + 9) / 10; ++i) ok = together(lines, 3, 200, true) && together(rows, 3, 200, true);
    return ok && agree(kills) ? 0 : 1;
}
