#include <stet/result.hpp>

#include "both.hpp"

#include <memory>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

using stet::BasicError;
using stet::Errc;
using stet::Failure;
using stet::Result;

namespace {

// A list of violations as the error needs it, small enough for this test.
struct TwoViolations {
    std::string_view item[2]{"port is 0, must be in 1..65535", "name is \"\", must not be empty"};
    std::size_t count = 2;
    constexpr std::size_t size() const { return count; }
    constexpr bool empty() const { return count == 0; }
    constexpr const std::string_view* begin() const { return item; }
    constexpr const std::string_view* end() const { return item + count; }
};
struct OneViolation {
    std::string_view item = "one";
    OneViolation() = default;
    explicit OneViolation(const TwoViolations& two) : item(two.item[0]) {}
    static constexpr std::size_t size() { return 1; }
    static constexpr bool empty() { return false; }
    const std::string_view* begin() const { return &item; }
    const std::string_view* end() const { return &item + 1; }
};

using Plain = BasicError<stet::detail::NoViolations>;
using WithViolations = BasicError<TwoViolations>;

template <class E>
std::string text_of(const E& error) {
    std::string text;
    error.write(stet::Writer(text));
    return text;
}

constexpr bool result_holds_a_value_or_an_error() {
    const Result<int, Plain> seven = 7;
    const Result<int, Plain> failed = Failure(Plain(Errc::no_such_field, "prot", "port"));
    return seven && *seven == 7 && seven == 7 && seven.value() == 7 && seven.value_or(1) == 7 && !failed &&
           !failed.has_value() && failed.error().code() == Errc::no_such_field && failed.error().subject() == "prot" &&
           failed.error().nearest() == "port" && failed.value_or(1) == 1 && !(failed == 7);
}

constexpr bool result_of_nothing() {
    const Result<void, Plain> done;
    const Result<void, Plain> failed = Failure(Plain(Errc::gave_up));
    return done && !failed && failed.error().code() == Errc::gave_up;
}

constexpr bool result_is_copied_as_bytes_where_its_parts_are() {
    using Small = Result<int, Plain>;
    Small one = 1;
    const Small copy = one;
    *one = 2;
    const Small moved = static_cast<Small&&>(one);
    return *copy == 1 && *moved == 2 && std::is_trivially_copy_constructible_v<Small> &&
           std::is_trivially_destructible_v<Small>;
}

}  // namespace

TEST_CASE("Result<V, E>") {
    STET_BOTH(result_holds_a_value_or_an_error);
    STET_BOTH(result_is_copied_as_bytes_where_its_parts_are);
}

TEST_CASE("Result<void, E>") {
    STET_BOTH(result_of_nothing);
    const Result<void, Plain> done;
    done.value();
    static_assert(std::is_void_v<decltype(done.value())>);
}

TEST_CASE("Result<V, E> owns what is more than its bytes") {
    using Text = Result<std::string, Plain>;
    Text text = std::string(100, 'x');
    const Text copy = text;
    CHECK(copy->size() == 100);
    const char* const where = text->data();
    Text moved = std::move(text);
    CHECK(moved->data() == where);
    const std::string taken = *std::move(moved);
    CHECK(taken.data() == where);
    const Text failed = Failure(Plain(Errc::gave_up));
    const Text copied = failed;
    CHECK(copied.error().code() == Errc::gave_up);
    CHECK(failed.value_or("other") == "other");
    CHECK(copy == std::string(100, 'x'));
}

TEST_CASE("Result<V, E> of what can only be moved") {
    Result<std::unique_ptr<int>, Plain> owner = std::make_unique<int>(3);
    const std::unique_ptr<int> taken = std::move(owner).value();
    CHECK(*taken == 3);
}

TEST_CASE("Result<V, E>(Result<V, Other>)") {
    const Result<int, WithViolations> broken = Failure(WithViolations(Errc::rule_broken, TwoViolations{}));
    const Result<int, BasicError<OneViolation>> converted = broken;
    CHECK(converted.error().violations().item == "port is 0, must be in 1..65535");
    const Result<int, WithViolations> four = 4;
    const Result<int, BasicError<OneViolation>> also_four = four;
    CHECK(*also_four == 4);
    const Result<void, WithViolations> done;
    const Result<void, BasicError<OneViolation>> also_done = done;
    CHECK(also_done.has_value());
}

TEST_CASE("Result(Failure(error)) takes any error that converts") {
    const Result<int, WithViolations> failed = Failure(Plain(Errc::storage_failed, "disk"));
    CHECK(failed.error().code() == Errc::storage_failed);
    CHECK(failed.error().subject() == "disk");
}

TEST_CASE("Result::value() throws the whole text") {
    const Result<int, Plain> failed = Failure(Plain(Errc::revision_conflict, 2, 5));
    std::string said;
    try {
        static_cast<void>(failed.value());
    } catch (const std::exception& thrown) {
        said = thrown.what();
    }
    CHECK(said == text_of(failed.error()));
    const Result<void, Plain> nothing = Failure(Plain(Errc::gave_up));
    CHECK_THROWS_AS(nothing.value(), stet::BadResult);
    CHECK_THROWS_AS(static_cast<void>((Result<int, Plain>(Failure(Plain(Errc::gave_up))).value())), stet::BadResult);
}

TEST_CASE("BadResult::what() ends, however long the text was") {
    const stet::BadResult bad(std::string(1000, 'x'));
    CHECK(std::string_view(bad.what()).size() < 480);
}
