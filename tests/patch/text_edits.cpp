#include <stet/patch/text_edits.hpp>

#include <stet/stet.hpp>

#include <doctest/doctest.h>

#include <deque>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

using stet::field;

namespace {

struct Note {
    int id = 0;
    std::string body;
};
struct Document {
    std::string title = "untitled";
    std::vector<Note> notes{{1, "first"}, {2, "second"}};
    std::map<std::string, std::string> tags{{"a", "alpha"}};
    std::optional<std::string> summary = "short";
    std::variant<int, std::string> extra = std::string("extra");
    std::string password = "hidden";
    std::string motto = "whole";
    int port = 1;
    static constexpr auto schema() {
        return stet::fields(field<"password">(stet::secret), field<"motto">(stet::indivisible),
                            field<"title">(stet::not_empty));
    }
};

std::string shown(const stet::Patch<Document>& patch) { return stet::text(patch); }

stet::Result<void> apply_to(Document& value, const stet::Patch<Document>& patch) {
    auto made = stet::apply(patch, value);
    if (!made) return stet::Failure(stet::Error(made.error()));
    value = *std::move(made);
    return {};
}

template <class F>
stet::Patch<Document> edited(Document& document, F f) {
    const Document before = document;
    auto patch = stet::edit_in_place(document, f);
    REQUIRE(patch);
    Document again = before;
    REQUIRE(apply_to(again, *patch));
    CHECK(stet::equal(again, document));
    REQUIRE(apply_to(again, patch->inverted()));
    CHECK(stet::equal(again, before));
    REQUIRE(apply_to(again, patch->inverted().inverted()));
    CHECK(stet::equal(again, document));
    return *patch;
}

}  // namespace

TEST_CASE("insert, erase: a patch holds what was typed, wherever the text is") {
    Document d;
    CHECK(shown(edited(d, [](auto& edit) { edit.at(field<"title">).insert(2, "XY"); })) == "+ title[2]: \"XY\"");
    CHECK(d.title == "unXYtitled");
    CHECK(shown(edited(d, [](auto& edit) { edit.at(field<"title">).erase(0, 4); })) == "- title[0]: \"unXY\"");
    CHECK(d.title == "titled");
    CHECK(shown(edited(d, [](auto& edit) { edit.at(field<"notes">)[1].at(field<"body">).insert(6, "!"); })) ==
          "+ notes[1].body[6]: \"!\"");
    CHECK(shown(edited(d, [](auto& edit) { edit.at(field<"tags">).at("a").erase(1, 4); })) ==
          "- tags[\"a\"][1]: \"lpha\"");
    CHECK(shown(edited(d, [](auto& edit) { edit.at(field<"summary">).content().insert(0, "not "); })) ==
          "+ summary[0]: \"not \"");
    CHECK(shown(edited(d, [](auto& edit) { edit.at(field<"extra">).template content<1>().erase(0, 1); })) ==
          "- extra[0]: \"e\"");
    CHECK(shown(edited(d, [](auto& edit) { edit.at(field<"password">).insert(0, "x"); })) ==
          "~ password: \u2022\u2022\u2022 -> \u2022\u2022\u2022");
    CHECK(shown(edited(d, [](auto& edit) { edit.at(field<"motto">).insert(5, "!"); })) ==
          "~ motto: \"whole\" -> \"whole!\"");
    CHECK(d.notes[1].body == "second!");
    CHECK(d.tags["a"] == "a");
    CHECK(*d.summary == "not short");
    CHECK(std::get<std::string>(d.extra) == "xtra");
}

TEST_CASE("insert, erase: several in one edit are one change of the text") {
    Document d;
    CHECK(shown(edited(d, [](auto& edit) {
              const auto title = edit.at(field<"title">);
              title.erase(0, 2);
              title.insert(0, "en");
              for (const char c : std::string_view(" now")) title.insert(title.current().size(), {&c, 1});
              title.insert(2, "-");
          })) == "~ title[0]: \"u\" -> \"e\"\n+ title[2]: \"-\"\n+ title[9]: \" now\"");
    CHECK(d.title == "en-titled now");
    CHECK(edited(d, [](auto& edit) {
              edit.at(field<"title">).insert(3, "abc");
              edit.at(field<"title">).erase(3, 3);
          }).empty());
    CHECK(shown(edited(d, [](auto& edit) {
              edit.at(field<"title">).insert(0, "x");
              edit.at(field<"title">).set("new");
              edit.at(field<"title">).insert(3, "er");
          })) == "~ title: \"en-titled now\" -> \"newer\"");
    CHECK(shown(edited(d, [](auto& edit) {
              edit.at(field<"title">)
                  .insert(edit.at(field<"title">).current().size(),
                          edit.at(field<"title">).current());  // of itself
          })) == "+ title[5]: \"newer\"");
}

TEST_CASE("insert, erase: a position that is not there, a rule that breaks") {
    Document d;
    const auto far = stet::edit_in_place(d, [](auto& edit) { edit.at(field<"title">).insert(9, "x"); });
    REQUIRE_FALSE(far);
    CHECK(far.error().subject() == "title[9]");
    const auto much = stet::edit_in_place(d, [](auto& edit) {
        edit.at(field<"title">).erase(0, 8);
        edit.at(field<"title">).erase(0, 1);
    });
    REQUIRE_FALSE(much);
    CHECK(d.title == "untitled");
    const auto rest = stet::edit_in_place(d, [](auto& edit) {
        edit.at(field<"title">).erase(2, std::string_view::npos);  // as std::string has it
        edit.at(field<"title">).insert(2, '!');
    });
    REQUIRE(rest);
    CHECK(d.title == "un!");
    d.title = "untitled";
    stet::History<Document, 4> history{d};
    const auto refused = history.edit([](auto& edit) { edit.at(field<"title">).erase(0, 8); });
    REQUIRE_FALSE(refused);
    CHECK(refused.error().violations()[0].path() == "title");
    CHECK(history.current().title == "untitled");
}

TEST_CASE("apply: a part that is not there is a conflict, and changes nothing") {
    Document d;
    Document other;
    other.title = "unfitting";
    const auto patch = edited(d, [](auto& edit) { edit.at(field<"title">).erase(2, 3); });
    const auto failed = apply_to(other, patch);
    REQUIRE_FALSE(failed);
    CHECK(failed.error().code() == stet::Errc::patch_conflict);
    other.title = "un";
    CHECK_FALSE(apply_to(other, patch));
    CHECK(other.title == "un");
    other.title = "untitting";
    CHECK(apply_to(other, patch));  // what the patch knows of is there
    CHECK(other.title == "unting");
}

TEST_CASE("then: parts that touch become one, what came and went is gone, whole texts win") {
    Document d;
    const Document begin = d;
    const auto typed = edited(d, [](auto& edit) { edit.at(field<"title">).insert(8, " one"); });
    const auto more = edited(d, [](auto& edit) { edit.at(field<"title">).insert(12, " two"); });
    CHECK(shown(stet::then(typed, more)) == "+ title[8]: \" one two\"");
    const auto cut = edited(d, [](auto& edit) { edit.at(field<"title">).erase(6, 8); });
    CHECK(shown(stet::then(stet::then(typed, more), cut)) == "~ title[6]: \"ed\" -> \"wo\"");
    Document all = begin;
    REQUIRE(apply_to(all, stet::then(stet::then(typed, more), cut)));
    CHECK(all.title == d.title);
    const auto set = edited(d, [](auto& edit) { edit.set(field<"title">, "whole"); });
    CHECK(shown(stet::then(cut, set)) == "~ title: \"untitled one two\" -> \"whole\"");
    const auto after = edited(d, [](auto& edit) { edit.at(field<"title">).insert(0, "a "); });
    CHECK(shown(stet::then(set, after)) == "~ title: \"untitlwo\" -> \"a whole\"");
    CHECK(stet::then(typed, typed.inverted()).empty());
    CHECK(stet::then(stet::then(set, after), stet::then(set, after).inverted()).empty());
}

TEST_CASE("merge: a text that both edited is a conflict, the same edit is none") {
    const Document base;
    Document a = base;
    Document b = base;
    const auto ours = edited(a, [](auto& edit) { edit.at(field<"title">).insert(0, "A"); });
    const auto theirs = edited(b, [](auto& edit) {
        edit.at(field<"title">).insert(8, "B");
        edit.set(field<"port">, 2);
    });
    const stet::Merge<Document> merged(ours, theirs);
    REQUIRE(merged.conflicts().size() == 1);
    CHECK(merged.conflicts()[0].path() == "title");
    for (const auto& [side, title] :
         {std::pair{stet::Side::ours, "Auntitled"}, std::pair{stet::Side::theirs, "untitledB"},
          std::pair{stet::Side::base, "untitled"}}) {
        const auto resolved = stet::resolve(merged, side);
        Document result = a;
        REQUIRE(apply_to(result, resolved.patch()));
        CHECK(result.title == title);
        CHECK(result.port == 2);
    }
    CHECK(stet::Merge<Document>(ours, ours).conflicts().empty());
    CHECK(stet::Merge<Document>(ours, ours).patch().empty());
    b.title = "another";
    const stet::Merge<Document> mixed(ours, stet::diff(base, b));
    REQUIRE(mixed.conflicts().size() == 1);
    CHECK(mixed.conflicts()[0].base() == "\"untitled\"");
    CHECK(mixed.conflicts()[0].ours() == "\"Auntitled\"");
    CHECK(mixed.conflicts()[0].theirs() == "\"another\"");
}

TEST_CASE("History: what is typed into a text of a megabyte is what is kept") {
    Document d;
    d.title = std::string(1'000'000, 'x');
    stet::History<Document, 64> history{d};
    for (int i = 0; i < 40; ++i)
        REQUIRE(history.edit(
            "typing", [&](auto& edit) { edit.at(field<"title">).insert(500'000 + static_cast<std::size_t>(i), "y"); }));
    CHECK(history.bytes() < 40 * 48);
    REQUIRE(history.go_to(0));
    CHECK(history.current().title == d.title);
    REQUIRE(history.go_to(40));
    CHECK(history.current().title.substr(499'999, 42) == 'x' + std::string(40, 'y') + 'x');
    while (history.undo()) {
    }
    CHECK(history.current().title == d.title);
}

TEST_CASE("coalesce(within): what is typed into one text is one step") {
    stet::History<Document, 64> history{Document{}};
    history.coalesce(stet::within(10));
    for (const char c : std::string_view("abc"))
        REQUIRE(history.edit("typing", [&](auto& edit) { edit.at(field<"title">).insert(0, {&c, 1}); }));
    CHECK(history.size() == 2);
    REQUIRE(history.edit("typing", [&](auto& edit) { edit.at(field<"title">).erase(0, 3); }));
    CHECK(history.size() == 1);
    CHECK(history.current().title == "untitled");
}
