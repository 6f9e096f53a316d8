#include <stet/patch/records.hpp>

#include <doctest/doctest.h>

#include <any>
#include <array>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

using stet::detail::Records;

namespace {

struct Counted {
    static inline int alive = 0;
    static inline int copies_until_throw = -1;
    int value = 0;
    explicit Counted(int number) : value(number) { ++alive; }
    Counted(const Counted& other) : value(other.value) {
        if (copies_until_throw >= 0 && copies_until_throw-- == 0) throw std::runtime_error("copy");
        ++alive;
    }
    ~Counted() { --alive; }
};

struct alignas(16) Aligned {
    double a, b;
};

// As JSON libraries have it: a list of values is a value.
struct Value {
    int held = 0;
    Value() = default;
    Value(const std::vector<Value>& list) : held(static_cast<int>(list.size())) {}
};

}  // namespace

TEST_CASE("Records::write, Reader::read: objects of any types in their order") {
    Records records;
    CHECK(records.empty());
    records.write<int>(1);
    records.write<char>('c');
    records.write<std::string>("a text that is too long for the place inside a string");
    records.write<Aligned>(1.0, 2.0);
    records.write<char>('d');
    records.write<double>(0.5);
    CHECK_FALSE(records.empty());
    Records::Reader reader(records);
    CHECK(reader.read<int>() == 1);
    CHECK(reader.read<char>() == 'c');
    CHECK(reader.read<std::string>().size() > 40);
    const auto& aligned = reader.read<Aligned>();
    CHECK(aligned.b == 2.0);
    CHECK(reinterpret_cast<std::uintptr_t>(&aligned) % 16 == 0);
    CHECK(reader.read<char>() == 'd');
    CHECK(reader.read<double>() == 0.5);
}

TEST_CASE("Records over many chunks, with records larger than a chunk") {
    Records records;
    for (int i = 0; i < 5000; ++i) {
        records.write<int>(i);
        if (i % 7 == 0) records.write<std::string>(std::to_string(i));
        if (i % 1000 == 0) records.write<std::array<int, 500>>(std::array<int, 500>{i});
    }
    const Records copy = records;
    const Records moved = std::move(records);
    for (const Records* each : {&copy, &moved}) {
        Records::Reader reader(*each);
        bool right = true;
        for (int i = 0; i < 5000; ++i) {
            right = right && reader.read<int>() == i;
            if (i % 7 == 0) right = right && reader.read<std::string>() == std::to_string(i);
            if (i % 1000 == 0) right = right && reader.read<std::array<int, 500>>()[0] == i;
        }
        CHECK(right);
    }
}

TEST_CASE("Records destroy what they hold, once") {
    {
        Records records;
        for (int i = 0; i < 100; ++i) records.write<Counted>(i);
        CHECK(Counted::alive == 100);
        Records copy = records;
        CHECK(Counted::alive == 200);
        const Records moved = std::move(records);
        CHECK(Counted::alive == 200);
        copy = moved;
        CHECK(Counted::alive == 200);
        copy = Records();
        CHECK(Counted::alive == 100);
    }
    CHECK(Counted::alive == 0);
}

TEST_CASE("Records: a copy that throws leaves nothing behind") {
    const Counted source(7);
    Records records;
    for (int i = 0; i < 20; ++i) records.write<Counted>(i);
    for (int at = 0; at < 20; ++at) {
        Counted::copies_until_throw = at;
        CHECK_THROWS_AS(Records(static_cast<const Records&>(records)), std::runtime_error);
        CHECK(Counted::alive == 21);
    }
    Counted::copies_until_throw = 0;
    CHECK_THROWS_AS(records.write<Counted>(source), std::runtime_error);
    Counted::copies_until_throw = -1;
    records.write<int>(5);  // the place of what was not written is used again
    Records::Reader reader(records);
    for (int i = 0; i < 20; ++i) CHECK(reader.read<Counted>().value == i);
    CHECK(reader.read<int>() == 5);
}

TEST_CASE("Records copy a list, and do not make a list of it") {
    Records records;
    const std::vector<Value> list(3);
    records.write<std::vector<Value>>(list);
    Records::Reader reader(records);
    CHECK(reader.read<std::vector<Value>>().size() == 3);
}
