#include <stet/patch/transaction.hpp>

#include <doctest/doctest.h>

#include <list>
#include <map>
#include <optional>
#include <string>
#include <vector>

using stet::field;
using stet::detail::InPlace;
using stet::detail::Replacement;
using stet::detail::Slot;

namespace {

// Its moves may throw, so that it is never swapped.
struct Stubborn {
    int value = 0;
    Stubborn() = default;
    explicit Stubborn(int number) : value(number) {}
    Stubborn(const Stubborn& other) : value(other.value) {}
    Stubborn& operator=(const Stubborn& other) {
        value = other.value;
        return *this;
    }
    bool operator==(const Stubborn&) const = default;
};
static_assert(std::is_nothrow_swappable_v<std::string> && !std::is_nothrow_swappable_v<Stubborn>);

struct Plain {
    int number = 1;
    std::string text = "a text that is too long for the place inside a string";
    std::vector<int> list{1, 2, 3};
    std::map<std::string, int> map{{"a", 1}};
    std::optional<std::string> maybe;
    std::list<std::vector<std::string>> deep{{"x"}, {"y", "z"}};
    int cache = 0;
    static constexpr auto schema() { return stet::fields(field<"cache">(stet::transient)); }
};
struct Heavy {
    int number = 1;
    Stubborn stubborn;
};

std::string dump(const Plain& p) {
    std::string out = std::to_string(p.number) + p.text;
    for (const int i : p.list) out += std::to_string(i);
    for (const auto& [key, mapped] : p.map) out += key + std::to_string(mapped);
    out += p.maybe.value_or("none");
    for (const auto& inner : p.deep)
        for (const auto& text : inner) out += text + ',';
    return out + std::to_string(p.cache);
}

Plain changed() {
    Plain to;
    to.number = 2;
    to.text = "another text that is too long for the place inside a string";
    to.list = {3, 2};
    to.map = {{"b", 2}};
    to.maybe = "there";
    to.deep.front().push_back("w");
    return to;
}

}  // namespace

TEST_CASE("Slot<T>: exchanges without throwing, whatever the type says") {
    Slot<Heavy> one(Heavy{1, Stubborn(1)});
    Slot<Heavy> two(Heavy{2, Stubborn(2)});
    static_assert(noexcept(one.exchange(two)));
    one.exchange(two);
    CHECK(one.get().stubborn.value == 2);
    CHECK(two.get().number == 1);
    Slot<Heavy> moved(std::move(one));
    CHECK(moved.get().number == 2);
    Slot<std::string> a(std::string("a"));
    Slot<std::string> b(std::string("b"));
    a.exchange(b);
    CHECK(a.get() == "b");
}

TEST_CASE("leaves_swap: only if every leaf does") {
    static_assert(stet::detail::leaves_swap<Plain>());
    static_assert(!stet::detail::leaves_swap<Heavy>());
    CHECK(stet::detail::leaves_swap<Plain>());
}

TEST_CASE("Replacement: nothing happens until it is published") {
    Slot<Plain> current{Plain{}};
    Slot<Plain> draft{changed()};
    {
        const Replacement<Plain> dropped(current, draft);
        CHECK(dropped.value().number == 2);
    }
    CHECK(current.get().number == 1);
    Replacement<Plain> kept(current, draft);
    kept.publish();
    CHECK(current.get().number == 2);
}

TEST_CASE("InPlace: forward, and back unless it is published") {
    const Plain from;
    const Plain to = changed();
    const auto patch = stet::diff(from, to);
    for (const bool back : {false, true}) {
        Slot<Plain> current{back ? to : from};
        current.get().cache = 7;
        const std::string before = dump(current.get());
        {
            const InPlace<Plain> dropped(current, patch, back);
            CHECK(dropped.value().number == (back ? 1 : 2));
            CHECK(dropped.value().list.size() == (back ? 3 : 2));
        }
        CHECK(dump(current.get()) == before);
        {
            InPlace<Plain> withdrawn(current, patch, back);
            withdrawn.withdraw();
            CHECK(dump(current.get()) == before);
        }
        CHECK(dump(current.get()) == before);
        InPlace<Plain> kept(current, patch, back);
        kept.publish();
        CHECK(stet::equal(current.get(), back ? from : to));
        CHECK(current.get().cache == 7);
    }
    Plain two;
    two.number = 2;
    Plain three;
    three.number = 3;
    const auto plain = stet::diff(two, three);  // nothing that could throw
    CHECK(plain.nothrow());
    for (const bool back : {false, true}) {
        Slot<Plain> current{back ? three : two};
        {
            const InPlace<Plain> dropped(current, plain, back);
            CHECK(dropped.value().number == (back ? 2 : 3));
        }
        CHECK(current.get().number == (back ? 3 : 2));
    }
    const auto inverse = patch.inverted();
    Slot<Plain> current{to};
    InPlace<Plain> kept(current, inverse);
    kept.publish();
    CHECK(stet::equal(current.get(), from));
}

TEST_CASE("set_alone: which leaves can be set without the others") {
    using stet::detail::set_alone;
    static_assert(set_alone<Plain, 1>());
    static_assert(!set_alone<Plain, 6>(), "transient");
    static_assert(!set_alone<Plain, stet::detail::not_found>());
    CHECK(set_alone<Plain, 2>());
}
