// What users would pick instead, where it can do the same: JSON and its patches (nlohmann-json), commands in a deque
// (std::function), whole states behind a shared_ptr, revisions in a table of SQLite, and QUndoStack where Qt is there.

#include "frame.hpp"
#include "structs.hpp"

#include <nlohmann/json.hpp>

#ifdef BENCH_SQLITE
#include <sqlite3.h>
#endif
#ifdef BENCH_QT
#include <QUndoStack>
#endif

#include <array>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

namespace bench {

using Json = nlohmann::json;

NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(Vec3, x, y, z)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(Video, width, height, vsync, aa, quality, gamma)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(Audio, master, music, sfx)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(S, id, video, audio, camera, bindings, sensitivity, difficulty)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(Endpoint, host, port, tls, backlog)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(Timeouts, connect_ms, read_ms, write_ms, idle_ms)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(Limits, max_conn, max_body, max_header, rate, burst)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(Tls, cert, key, ca, min_version, verify_client)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(Logging, level, path, format, max_size, rotate, json)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(Db, ep, user, password, dbname, pool_min, pool_max, to)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(M, name, version, listen, timeouts, limits, tls, log, db, origins, flags)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(Entity, id, x, y, z, hp, state, flags, owner)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(L, title, tick, seed, time, entities)

namespace {

constexpr std::size_t kept = 100, kept_revisions = 10;

/// The leaf that everybody edits, as in history.cpp.
float& leaf(S& s, std::uint32_t) { return s.audio.sfx; }
int& leaf(M& m, std::uint32_t) { return m.db.pool_max; }
float& leaf(L& l, std::uint32_t n) { return l.entities[n * 7919U % entity_count].hp; }
template <class T>
auto value_of(std::uint32_t n) {
    if constexpr (std::is_same_v<T, S>) return static_cast<float>(n & 0xFFU) / 256;
    else if constexpr (std::is_same_v<T, M>) return 64 + static_cast<int>(n & 0xFFU);
    else return static_cast<float>(n & 0xFFU);
}
template <class T>
using LeafOf = decltype(value_of<T>(0));

// --- undo

template <class T>
class Functions {
    struct Step {
        std::function<void(T&)> redo, undo;
    };

public:
    explicit Functions(const T& value) : value_(value) {}
    bool edit(std::uint32_t n) {
        const LeafOf<T> after = value_of<T>(n);
        const LeafOf<T> before = leaf(value_, n);
        steps_.resize(cursor_);
        steps_.push_back(
            {[n, after](T& value) { leaf(value, n) = after; }, [n, before](T& value) { leaf(value, n) = before; }});
        steps_.back().redo(value_);
        if (steps_.size() == kept) steps_.pop_front();
        cursor_ = steps_.size();
        return true;
    }
    bool undo() { return cursor_ > 0 && (steps_[--cursor_].undo(value_), true); }
    bool redo() { return cursor_ < steps_.size() && (steps_[cursor_++].redo(value_), true); }

private:
    T value_;
    std::deque<Step> steps_;
    std::size_t cursor_ = 0;
};

template <class T>
class Pointers {
public:
    explicit Pointers(const T& value) : states_{std::make_shared<const T>(value)} {}
    bool edit(std::uint32_t n) {
        auto next = std::make_shared<T>(*states_[cursor_]);
        leaf(*next, n) = value_of<T>(n);
        states_.resize(cursor_ + 1);
        states_.push_back(std::move(next));
        if (states_.size() > kept) states_.pop_front();
        cursor_ = states_.size() - 1;
        return true;
    }
    bool undo() { return cursor_ > 0 && (--cursor_, true); }
    bool redo() { return cursor_ + 1 < states_.size() && (++cursor_, true); }

private:
    std::deque<std::shared_ptr<const T>> states_;
    std::size_t cursor_ = 0;
};

#ifdef BENCH_QT
template <class T>
class QtUndo {
    class Command : public QUndoCommand {
    public:
        Command(T& value, std::uint32_t n) : value_(value), n_(n), after_(value_of<T>(n)), before_(leaf(value, n)) {}
        void undo() override { leaf(value_, n_) = before_; }
        void redo() override { leaf(value_, n_) = after_; }

    private:
        T& value_;
        std::uint32_t n_;
        LeafOf<T> after_, before_;
    };

public:
    explicit QtUndo(const T& value) : value_(value) { steps_.setUndoLimit(static_cast<int>(kept) - 1); }
    bool edit(std::uint32_t n) {
        steps_.push(new Command(value_, n));
        return true;
    }
    bool undo() {
        steps_.undo();
        return true;
    }
    bool redo() {
        steps_.redo();
        return true;
    }

private:
    T value_;
    QUndoStack steps_;
};
#endif

// JSON for every step, and the value that the program uses.
template <class T>
class JsonSteps {
public:
    explicit JsonSteps(const T& value) : value_(value), json_(value) {}
    bool edit(std::uint32_t n) {
        leaf(value_, n) = value_of<T>(n);
        Json next = value_;
        steps_.resize(cursor_);
        steps_.push_back({Json::diff(json_, next), Json::diff(next, json_)});
        json_ = std::move(next);
        if (steps_.size() == kept) steps_.pop_front();
        cursor_ = steps_.size();
        return true;
    }
    bool undo() { return cursor_ > 0 && go(steps_[--cursor_].second); }
    bool redo() { return cursor_ < steps_.size() && go(steps_[cursor_++].first); }

private:
    bool go(const Json& patch) {
        json_ = json_.patch(patch);
        json_.get_to(value_);
        return true;
    }
    T value_;
    Json json_;
    std::deque<std::pair<Json, Json>> steps_;
    std::size_t cursor_ = 0;
};

template <class Who, class T>
void edit_one(State& state) {
    Who history(make<T>());
    std::uint32_t n = 0;
    const std::uint32_t fill = std::is_same_v<Who, JsonSteps<L>> ? 3 : 3 * kept;
    for (; n < fill; ++n) history.edit(n);
    measure(state, [&] { return history.edit(n++); });
}
template <class Who, class T>
void undo_one(State& state) {
    Who history(make<T>());
    const std::uint32_t fill = std::is_same_v<Who, JsonSteps<L>> ? 11 : 3 * kept;
    const std::size_t way = fill > kept ? kept / 2 : 10;
    for (std::uint32_t n = 0; n < fill; ++n) history.edit(n);
    std::size_t n = 0;
    measure(state, [&] { return n++ / way % 2 == 0 ? history.undo() : history.redo(); });
}

// --- diff and apply

template <class T>
void json_diff_equal(State& state) {
    const T a = make<T>();
    const T b = make<T>();
    measure(state, [&] { return Json::diff(Json(a), Json(b)); });
}
template <class T>
void json_diff_one(State& state) {
    const T a = make<T>();
    const std::vector<Spot> all = spots<T>();
    T b = a;
    std::size_t i = 0;
    measure(state, [&] {
        const Spot& spot = all[++i % all.size()];
        flip(b, spot);
        Json patch = Json::diff(Json(a), Json(b));
        flip(b, spot);
        return patch;
    });
}
template <class T>
void json_apply_one(State& state) {
    T value = make<T>();
    std::vector<Json> there;
    std::vector<Json> back;
    const Json base = value;
    for (const Spot& spot : spots<T>()) {
        T changed = value;
        flip(changed, spot);
        there.push_back(Json::diff(base, Json(changed)));
        back.push_back(Json::diff(Json(changed), base));
        if (std::is_same_v<T, L> && there.size() == 8) break;
    }
    std::size_t i = 0;
    measure(state, [&] {
        const std::size_t at = i++ / 2 % there.size();
        Json(value).patch(i % 2 != 0 ? there[at] : back[at]).get_to(value);
        return true;
    });
}

// --- revisions in a table: what a program does that keeps its settings in SQLite

#ifdef BENCH_SQLITE
class Statement {
public:
    Statement(sqlite3* db, const char* sql) {
        if (sqlite3_prepare_v2(db, sql, -1, &statement_, nullptr) != SQLITE_OK) wrong(sqlite3_errmsg(db));
    }
    Statement(const Statement&) = delete;
    Statement& operator=(const Statement&) = delete;
    ~Statement() { sqlite3_finalize(statement_); }
    Statement& bind(int at, std::int64_t number) {
        sqlite3_bind_int64(statement_, at, number);
        return *this;
    }
    Statement& bind(int at, const std::string& text) {
        sqlite3_bind_text(statement_, at, text.data(), static_cast<int>(text.size()), SQLITE_STATIC);
        return *this;
    }
    bool step() {
        const int done = sqlite3_step(statement_);
        if (done != SQLITE_ROW && done != SQLITE_DONE) wrong(sqlite3_errmsg(sqlite3_db_handle(statement_)));
        return done == SQLITE_ROW;
    }
    std::string text(int column) const {
        return {reinterpret_cast<const char*>(sqlite3_column_text(statement_, column)),
                static_cast<std::size_t>(sqlite3_column_bytes(statement_, column))};
    }
    void reset() { sqlite3_reset(statement_); }

private:
    sqlite3_stmt* statement_ = nullptr;
};
class Database {
public:
    Database() {
        if (sqlite3_open(":memory:", &db_) != SQLITE_OK) wrong("SQLite does not open");
        Statement(db_,
                  "CREATE TABLE revisions (number INTEGER PRIMARY KEY, time INTEGER, author TEXT, reason TEXT, "
                  "source TEXT, value TEXT)")
            .step();
    }
    Database(const Database&) = delete;
    Database& operator=(const Database&) = delete;
    ~Database() { sqlite3_close(db_); }
    sqlite3* get() const { return db_; }

private:
    sqlite3* db_ = nullptr;
};

template <class T>
class Table {
public:
    explicit Table(const T& value) : value_(value) { append(); }
    bool commit(const Spot& spot) {
        T next = value_;
        flip(next, spot);
        value_ = std::move(next);
        return append();
    }
    bool rollback() {
        select_.bind(1, head_ - 1);
        const bool there = select_.step();
        if (there) Json::parse(select_.text(0)).get_to(value_);
        select_.reset();
        return there && append();
    }

private:
    bool append() {
        begin_.step(), begin_.reset();
        const std::string text = Json(value_).dump();
        insert_.bind(1, ++head_)
            .bind(2, 1'700'000'000)
            .bind(3, author_)
            .bind(4, reason_)
            .bind(5, source_)
            .bind(6, text);
        insert_.step(), insert_.reset();
        drop_.bind(1, head_ - static_cast<std::int64_t>(kept_revisions)).step();
        drop_.reset();
        end_.step(), end_.reset();
        return true;
    }
    Database db_;
    Statement begin_{db_.get(), "BEGIN"}, end_{db_.get(), "COMMIT"};
    Statement insert_{db_.get(), "INSERT INTO revisions VALUES (?, ?, ?, ?, ?, ?)"};
    Statement drop_{db_.get(), "DELETE FROM revisions WHERE number <= ?"};
    Statement select_{db_.get(), "SELECT value FROM revisions WHERE number = ?"};
    std::string author_ = "operator", reason_ = "evening tuning", source_ = "console";
    std::int64_t head_ = 0;
    T value_;
};

template <class T>
void sqlite_commit(State& state) {
    const std::vector<Spot> all = spots<T>();
    Table<T> table(make<T>());
    std::size_t i = 0;
    for (; i < 2 * kept_revisions; ++i) table.commit(all[i % all.size()]);
    measure(state, [&] { return table.commit(all[++i % all.size()]); });
}
template <class T>
void sqlite_rollback(State& state) {
    const std::vector<Spot> all = spots<T>();
    Table<T> table(make<T>());
    for (std::size_t i = 0; i < 2 * kept_revisions; ++i) table.commit(all[i % all.size()]);
    measure(state, [&] { return table.rollback(); });
}
#endif

template <class Who, class T>
void add_history(const std::string& name, const std::string& who) {
    add("edit/one/" + name + "/" + who, edit_one<Who, T>);
    add("undo/one/" + name + "/" + who, undo_one<Who, T>);
}
template <class T>
void add_struct(const std::string& name) {
    add("diff/equal/" + name + "/nlohmann", json_diff_equal<T>);
    add("diff/one/" + name + "/nlohmann", json_diff_one<T>);
    add("apply/one/" + name + "/nlohmann", json_apply_one<T>);
    add_history<Functions<T>, T>(name, "function");
    add_history<Pointers<T>, T>(name, "shared_ptr");
    add_history<JsonSteps<T>, T>(name, "nlohmann");
#ifdef BENCH_QT
    add_history<QtUndo<T>, T>(name, "QUndoStack");
#endif
#ifdef BENCH_SQLITE
    add("commit/versioned/" + name + "/SQLite", sqlite_commit<T>);
    add("rollback/one/" + name + "/SQLite", sqlite_rollback<T>);
#endif
}

}  // namespace
}  // namespace bench

int main(int argc, char** argv) {
    bench::add_struct<bench::S>("S");
    bench::add_struct<bench::M>("M");
    bench::add_struct<bench::L>("L");
    return bench::run(argc, argv);
}
