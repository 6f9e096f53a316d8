#include <stet/reflect/field.hpp>

#include "../both.hpp"
#include "corners.hpp"

#include <type_traits>

using stet::field;
using stet::detail::IndexPath;
using stet::detail::resolve;

namespace {

struct Endpoint {
    int port = 0;
    int timeout = 0;
};
struct Server {
    int port = 0;  // the same type and name as a member of Endpoint
    Endpoint in;
    Endpoint out;
};
class Private {
public:
    Private() = default;
    static constexpr auto members() { return stet::members<&Private::low_, &Private::high_>; }
    static constexpr auto low() { return field<&Private::low_>; }
    static constexpr auto high() { return field<&Private::high_>; }

private:
    int low_ = 0;
    int high_ = 0;
};
struct Holder {
    Private inside;
    std::pair<int, int> pair;
};

constexpr IndexPath way(std::initializer_list<int> steps) {
    IndexPath path;
    for (const int step : steps) path = path.then(static_cast<std::size_t>(step));
    return path;
}

constexpr bool fields_are_found_by_text() {
    return resolve<Server>(field<"port">) == way({0}) && resolve<Server>(field<"out.timeout">) == way({2, 1}) &&
           resolve<Server>(field<"in">) == way({1});
}

constexpr bool fields_are_found_by_members() {
    return resolve<Server>(field<&Server::port>) == way({0}) &&
           resolve<Server>(field<&Server::out, &Endpoint::port>) == way({2, 0}) &&
           resolve<Server>(field<&Server::in>) == way({1});
}

constexpr bool fields_are_found_by_both() {
    return resolve<Server>(field<&Server::out, "timeout">) == way({2, 1}) &&
           resolve<Server>(field<"out", &Endpoint::timeout>) == way({2, 1}) &&
           resolve<Server>(field<"out", "port">) == way({2, 0});
}

constexpr bool fields_of_listed_classes() {
    return resolve<Private>(Private::high()) == way({1}) && resolve<Holder>(field<"inside.high_">) == way({0, 1}) &&
           resolve<Holder>(field<"pair.second">) == way({1, 1}) &&
           resolve<Holder>(field<&Holder::pair, &std::pair<int, int>::second>) == way({1, 1});
}

}  // namespace

TEST_CASE("field<\"text\">") {
    STET_BOTH(fields_are_found_by_text);
    static_assert(resolve<corners::Umlaute>(field<"gr\u00f6\u00dfe">) == way({0}));
}

TEST_CASE("field<&T::member>") {
    STET_BOTH(fields_are_found_by_members);
    static_assert(resolve<corners::Settings>(field<&corners::Settings::llm, &corners::Llm::model>) == way({2, 0}));
    static_assert(resolve<corners::Hundred>(field<&corners::Hundred::f98>) == way({98}));
}

TEST_CASE("field<...> of text and members") { STET_BOTH(fields_are_found_by_both); }

TEST_CASE("field<...> of classes that list their members") { STET_BOTH(fields_of_listed_classes); }

TEST_CASE("field<...> of members that cannot be made, moved or compared") {
    static_assert(resolve<corners::HoldsMoveOnly>(field<&corners::HoldsMoveOnly::owner>) == way({0}));
    static_assert(resolve<corners::HoldsReferenceLike>(field<&corners::HoldsReferenceLike::mutex>) == way({1}));
    static_assert(resolve<corners::HoldsNoDefault>(field<&corners::HoldsNoDefault::inside>) == way({1}));
    static_assert(resolve<corners::HoldsConst>(field<&corners::HoldsConst::fixed>) == way({0}));
    static_assert(resolve<corners::Tags>(field<&corners::Tags::second>) == way({2}));
}

TEST_CASE("field<...> is an empty object that is passed as an argument") {
    static_assert(std::is_empty_v<std::remove_cv_t<decltype(field<"port">)>>);
    static_assert(std::is_same_v<decltype(field<"port">), decltype(field<"port">)>);
    static_assert(!std::is_same_v<decltype(field<"port">), decltype(field<"prot">)>);
    CHECK(sizeof(field<"port">) == 1);
}

TEST_CASE("field<...>(said...)") {
    constexpr auto declaration = field<"port">(1, 'c');
    static_assert(declaration.said.get<0>() == 1);
    CHECK(declaration.said.get<1>() == 'c');
}
