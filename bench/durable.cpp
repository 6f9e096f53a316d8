// Commits that survive the loss of power, on the disk that the bench runs on, beside a plain SQLite that inserts the
// same bytes; several at once; opening a long history; a rollback of many files' worth of settings.

#include "frame.hpp"
#include "structs.hpp"

#include <stet/policy/audit_log.hpp>
#include <stet/with/nlohmann_json/audit.hpp>
#include <stet/with/openssl.hpp>
#include <stet/with/sqlite.hpp>
#include <stet/with/sqlite/audit.hpp>

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include <unistd.h>

namespace {

using namespace bench;
using stet::Number;

// In the folder where the bench runs: /tmp may be no disk.
struct Folder {
    std::string path = "bench_durable_" + std::to_string(::getpid());
    Folder() { std::filesystem::create_directory(path); }
    ~Folder() { std::filesystem::remove_all(path); }
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;
    std::string file(const std::string& name) const { return path + "/" + name + ".db"; }
    std::string fresh() const {
        static int count = 0;
        return file("f" + std::to_string(++count));
    }
};
const Folder& folder() {
    static const Folder made;
    return made;
}
template <class R>
auto must(R result) {
    if (!result) {
        std::string text;
        result.error().write(stet::Writer(text));
        wrong(text.c_str());
    }
    if constexpr (!std::is_void_v<typename R::value_type>) return *std::move(result);
}

using Settings = stet::Versioned<M, stet::Durable<M, stet::SqliteLog>>;
Settings settings(const std::string& path, stet::Durability durability = stet::Durability::full) {
    return must(stet::open<M>(stet::Sqlite{path, {.durability = durability}}, stet::if_empty(make<M>())));
}
std::size_t bytes_of_a_patch() {
    auto one = settings(folder().fresh());
    must(one.set(field<"timeouts.read_ms">, 1));
    auto& connection = *one.storage().log().connection();
    auto size = must(connection.prepare("SELECT length(data) FROM revisions WHERE number = 2"));
    must(size.step());
    return static_cast<std::size_t>(size.number(0));
}

// --- by hand: a table, a statement, and what the file needs to be safe

class Plain {
public:
    explicit Plain(stet::Durability durability = stet::Durability::full)
        : connection_(must(stet::detail::SqliteConnection::open(folder().fresh(), durability, 5000, {}))) {
        must(
            connection_->run("CREATE TABLE revisions(number INTEGER PRIMARY KEY, time INTEGER, author TEXT, reason "
                             "TEXT, data BLOB)"));
        insert_ = must(connection_->prepare("INSERT INTO revisions VALUES(?1, ?2, ?3, ?4, ?5)"));
    }
    void insert() {
        insert_.bind(1, ++number_).bind(2, clock_.now()).bind(3, std::string_view("admin"));
        must(insert_.bind(4, std::string_view("why")).bind_bytes(5, data_).run());
    }
    void begin() { must(connection_->begin()); }
    void commit() { must(connection_->commit()); }

private:
    std::shared_ptr<stet::detail::SqliteConnection> connection_;
    stet::detail::SqliteStatement insert_;
    stet::SystemClock clock_;
    std::string data_ = std::string(bytes_of_a_patch(), 'x');
    Number number_ = 0;
};

constexpr stet::Change who{.author = "admin", .reason = "why"};

void commit_hand(State& state) {
    Plain plain;
    measure(state, [&] { return plain.insert(), true; });
}
template <class V>
void commit_of(State& state, V&& value) {
    int ms = 1;
    measure(state, [&] { return must(value.set(field<"timeouts.read_ms">, ++ms, who)); });
}
void commit_stet(State& state) { commit_of(state, settings(folder().fresh())); }
void normal_hand(State& state) {
    Plain plain(stet::Durability::normal);
    measure(state, [&] { return plain.insert(), true; });
}
void normal_stet(State& state) { commit_of(state, settings(folder().fresh(), stet::Durability::normal)); }

// --- a hundred at once

void hundred_one_by_one(State& state) {
    auto value = settings(folder().fresh());
    int ms = 1;
    measure(state, [&] {
        for (int i = 0; i < 100; ++i) must(value.set(field<"timeouts.read_ms">, ++ms, who));
        return true;
    });
}
void hundred_together(State& state) {
    auto value = settings(folder().fresh());
    int ms = 1;
    measure(state, [&] {
        return must(value.together([&] {
            for (int i = 0; i < 100; ++i) must(value.set(field<"timeouts.read_ms">, ++ms, who));
        }));
    });
}

// --- with an audit trail, sealed by a chain: in the same file, and in one of its own

template <class... Audit>
void audited_of(State& state, const stet::Sqlite& file, Audit&&... audit) {
    commit_of(state, must(stet::open<M>(file, stet::if_empty(make<M>()), std::forward<Audit>(audit)...)));
}
void audited_not(State& state) { audited_of(state, stet::Sqlite{folder().fresh()}); }
void audited_same_file(State& state) {
    const stet::Sqlite file{folder().fresh()};
    audited_of(state, file, stet::SqliteAudit{file, stet::Sha256{}});
}
void audited_json_lines(State& state) {
    const std::string path = folder().fresh();
    audited_of(state, stet::Sqlite{path}, stet::JsonLines{path + ".audit.jsonl", stet::Sha256{}});
}

// --- opening

void open_of(State& state, int revisions) {
    const std::string path = folder().file("of" + std::to_string(revisions));
    if (!std::filesystem::exists(path)) {
        auto value = settings(path, stet::Durability::normal);
        int ms = 1;
        must(value.together([&] {
            while (ms < revisions) must(value.set(field<"timeouts.read_ms">, ++ms, who));
        }));
    }
    measure(state, [&] { return settings(path).head(); });
}
void open_thousand(State& state) { open_of(state, 1'000); }
void open_many(State& state) { open_of(state, 100'000); }

// --- an application of 50 files of settings, all of them back to what they were

struct Application {
    std::vector<M> files = std::vector<M>(50, make<M>());
};
void rollback_application(State& state) {
    auto application = must(stet::open<Application>(stet::Sqlite{folder().fresh()}, stet::if_empty(Application{})));
    must(application.commit([](Application& a) {
        for (M& file : a.files) {
            file.name = "another";
            file.origins.clear();
        }
    }));
    measure(state, [&] { return must(application.rollback(who)); });
}

// --- what an audit adds in memory

void memory_alone(State& state) { commit_of(state, stet::Versioned{make<M>()}); }
void memory_audited(State& state) { commit_of(state, stet::Versioned{make<M>(), stet::AuditLog{1000}}); }

}  // namespace

int main(int argc, char** argv) {
    add("durable/commit/M/hand", commit_hand);
    add("durable/commit/M/stet", commit_stet);
    add("durable/normal/M/hand", normal_hand);
    add("durable/normal/M/stet", normal_stet);
    add("durable/hundred/M/hand", hundred_one_by_one);
    add("durable/hundred/M/stet", hundred_together);
    add("audit/durable/M/hand", audited_not);
    add("audit/durable/M/stet", audited_same_file);
    add("audit/json_lines/M/hand", audited_not);
    add("audit/json_lines/M/stet", audited_json_lines);
    add("durable/open/M/hand", open_thousand);
    add("durable/open/M/stet", open_many);
    add("durable/rollback/A/stet", rollback_application);
    add("audit/memory/M/hand", memory_alone);
    add("audit/memory/M/stet", memory_audited);
    return run(argc, argv);
}
