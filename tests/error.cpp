#include <stet/error.hpp>

#include "both.hpp"

#include <memory>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

using stet::BasicError;
using stet::Errc;

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

// As those of a flat struct, whose errors must fit on a small stack.
struct InPlace {
    static constexpr bool in_place = true;
    int count = 0;
    constexpr std::size_t size() const { return static_cast<std::size_t>(count); }
    constexpr bool empty() const { return count == 0; }
    constexpr const int* begin() const { return &count; }
    constexpr const int* end() const { return &count + (count != 0 ? 1 : 0); }
};
using Small = BasicError<InPlace>;

using Plain = BasicError<stet::detail::NoViolations>;
using WithViolations = BasicError<TwoViolations>;

template <class E>
std::string text_of(const E& error) {
    std::string text;
    error.write(stet::Writer(text));
    return text;
}

}  // namespace

TEST_CASE("Errc: every code says what happened and how to fix it") {
    for (int code = 0; code <= static_cast<int>(Errc::audit_tampered); ++code) {
        const Plain error(static_cast<Errc>(code));
        INFO("code " << code);
        CHECK_FALSE(error.what().empty());
        CHECK_FALSE(error.fix().empty());
        CHECK(error.what().find('{') == std::string_view::npos);
    }
}

TEST_CASE("BasicError::why") {
    CHECK(Plain(Errc::revision_conflict, 2, 5).why() == "expected revision 2, the head is 5");
    CHECK(Plain(Errc::plan_expired, 2, 5).why() == "expected revision 2, the head is 5");
    CHECK(Plain(Errc::no_such_revision, 99, 5).why() == "revision 99 was never made, the head is 5");
    CHECK(Plain(Errc::revision_pruned, 1, 3).why() == "revision 1 was pruned, the oldest that is kept is 3");
    CHECK(Plain(Errc::frame_not_kept, 2, 12, "12 to 19").why() == "frame 2 is not among 12 to 19");
    CHECK(Plain(Errc::audit_tampered, 7, 0, "altered").why() == "record 7 was altered");
    CHECK(Plain(Errc::no_such_field, "prot").why() == "'prot'");
    CHECK(Plain(Errc::gave_up).why().empty());
}

TEST_CASE("BasicError::why with violations") {
    CHECK(WithViolations(Errc::rule_broken, TwoViolations{}).why() == "port is 0, must be in 1..65535 (and 1 more)");
    TwoViolations one;
    one.count = 1;
    CHECK(WithViolations(Errc::rule_broken, one).why() == "port is 0, must be in 1..65535");
}

TEST_CASE("BasicError::fix names the nearest that exists") {
    CHECK(Plain(Errc::no_such_field, "prot", "port").fix() == "did you mean 'port'?");
    CHECK(Plain(Errc::no_such_field, "prot").fix() == "write a path as it stands in the struct");
}

TEST_CASE("BasicError::write: what, why, how to fix it") {
    CHECK(text_of(Plain(Errc::revision_conflict, 2, 5)) ==
          "somebody else was faster: expected revision 2, the head is 5\n"
          "  fix: read the head again, repeat the change on it, and commit with its number as expected");
    CHECK(text_of(WithViolations(Errc::rule_broken, TwoViolations{})) ==
          "the change breaks a rule:\n"
          "  port is 0, must be in 1..65535\n"
          "  name is \"\", must not be empty\n"
          "  fix: correct the fields named in violations(), then commit again");
    CHECK(text_of(Plain(Errc::gave_up)) ==
          "the change gave up\n  fix: nothing to do: the function that makes the change said no");
}

TEST_CASE("BasicError: long subjects are cut, not lost") {
    const std::string path(200, 'a');
    const Plain error(Errc::no_such_field, path);
    CHECK(error.subject().size() <= 80);
    CHECK(error.subject().substr(0, 70) == std::string(70, 'a'));
    CHECK(error.subject().substr(error.subject().size() - 3) == "...");
}

TEST_CASE("BasicError(BasicError<Other>)") {
    const BasicError<OneViolation> converted(WithViolations(Errc::rule_broken, TwoViolations{}));
    CHECK(converted.code() == Errc::rule_broken);
    CHECK(*converted.violations().begin() == "port is 0, must be in 1..65535");
    const Plain plain(WithViolations(Errc::revision_pruned, 3, 4));
    CHECK(plain.expected() == 3);
    CHECK(plain.actual() == 4);
    const WithViolations named(Plain(Errc::no_such_snapshot, "before", "befor"));
    CHECK(named.subject() == "before");
    CHECK(named.nearest() == "befor");
}

TEST_CASE("BasicError without violations costs no byte for them") {
    static_assert(std::is_trivially_copyable_v<Plain>);
    CHECK(sizeof(Plain) <= sizeof(WithViolations) - sizeof(TwoViolations) + 8);
}

TEST_CASE("BasicError of a flat struct: broken rules, or else texts, of which it copies what may not last") {
    std::string subject = "limits[gpt-4].rate";
    const Small found(Errc::no_such_element, 3, 4, subject);
    const Small wrong(Errc::no_such_field, subject, std::string("limits"));
    const Small far(Errc::no_such_snapshot, std::string(1000, 'x'), "y");
    const Small converted(Plain(Errc::wrong_type, subject, "a number"));
    subject.assign(subject.size(), '?');
    const Small copied = found;
    CHECK(copied.subject() == "limits[gpt-4].rate");
    CHECK(copied.expected() == 3);
    CHECK(copied.actual() == 4);
    CHECK(copied.violations().empty());
    CHECK(wrong.subject() == "limits[gpt-4].rate");
    CHECK(wrong.nearest() == "limits");
    CHECK(far.subject().ends_with("x..."));
    CHECK(far.nearest() == "y");
    CHECK(text_of(converted) == "the field cannot hold this value: 'limits[gpt-4].rate'\n  fix: give a number");

    const Small lasting(Errc::wrong_type, stet::detail::Lasting{"port"}, stet::detail::Lasting{"a number"});
    CHECK(text_of(lasting) == "the field cannot hold this value: 'port'\n  fix: give a number");
    CHECK(Plain(lasting).subject() == "port");
    const Small broken(Errc::rule_broken, InPlace{2});
    CHECK(broken.violations().size() == 2);
    CHECK(broken.subject().empty());
    CHECK(broken.nearest().empty());
    CHECK(broken.expected() == 0);
    CHECK(broken.actual() == 0);
}

TEST_CASE("BasicError: of a flat struct, a long subject leaves room for what is nearest") {
    const Small error(Errc::no_such_field, std::string(200, 's'), "motor.pid.kp");
    CHECK(error.nearest() == "motor.pid.kp");
    CHECK(error.fix() == "did you mean 'motor.pid.kp'?");
    CHECK(error.subject().ends_with("s..."));
    CHECK(error.subject().size() > (sizeof(void*) > 4 ? 60 : 30));
}
