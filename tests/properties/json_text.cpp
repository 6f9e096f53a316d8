// The text that is written at once is the text of the JSON, and the CBOR is its CBOR: random values of every kind, and
// texts of any bytes, with secrets and without, with transient fields and without. RC_PARAMS="max_success=10000 seed=1"
// sets the number of cases and the seed.

#include <stet/with/nlohmann_json/cbor.hpp>
#include <stet/with/nlohmann_json/text.hpp>

#include "../every_kind.hpp"
#include "cases.hpp"

#include <rapidcheck.h>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <variant>
#include <vector>

using every::edit_all;
using every::Every;
using every::Flat;
using stet::field;
using stet::Secrets;

template <>
struct stet::JsonFormat<every::Opaque> {
    static nlohmann::json write(const every::Opaque& value) {
        return {{"z", value.value()}, {"a", {nullptr, "\n", 0.5}}};
    }
    static bool read(const nlohmann::json&, every::Opaque&) { return false; }
};

namespace {

/// Marks on fields of every kind, and on those of the structs inside.
struct Marked {
    std::vector<Marked> inside;
    Every plain;
    Every hidden;
    Every dropped;
    Flat flat;
    static constexpr auto schema() {
        using stet::secret;
        using stet::transient;
        return stet::fields(field<&Marked::hidden>(secret), field<&Marked::dropped>(transient),
                            field<"plain.text">(secret), field<"plain.nested.point">(secret),
                            field<"plain.items">(secret), field<"plain.map">(transient), field<"plain.opaque">(secret),
                            field<"plain.tree">(transient, secret), field<"plain.either">(secret),
                            field<"flat.colour">(secret));
    }
};
struct Texts {
    std::string zero;
    std::vector<std::string> list;
    std::set<std::string> set;
    std::set<std::string, std::greater<>> backwards_set;
    std::map<std::string, std::string> map;
    std::map<std::string, std::map<std::string, int>, std::less<>> maps;
    std::map<std::string, int, std::greater<>> backwards;
    std::unordered_map<std::string, std::optional<std::string>> hashed;
    std::variant<int, std::string, std::map<std::string, int>> either;
    std::optional<std::optional<std::string>> maybe;
    std::vector<char> chars;
    std::vector<double> reals;
    std::vector<float> singles;
    std::vector<every::Mode> modes;
    std::int64_t number = 0;
    std::uint64_t large = 0;
};

template <class T>
void check_same(const T& value) {
    for (const Secrets secrets : {Secrets::keep, Secrets::redact})
        for (const bool with_transient : {true, false}) {
            std::string text;
            stet::detail::JsonText{secrets, with_transient}.write(text, value);
            const auto json = stet::detail::JsonWriter{secrets, with_transient}.write(value);
            RC_ASSERT(text == json.dump());
            std::string bytes;
            stet::detail::CborWriter{secrets, with_transient}.write(bytes, value);
            RC_ASSERT(bytes == stet::detail::to_cbor(json));
        }
}

// Of pieces that have something to say, or of any bytes.
rc::Gen<std::string> any_text() {
    const auto pieces = rc::gen::container<std::vector<std::string>>(
        rc::gen::element<std::string>("a", "Z9 ~", "\"", "\\", "\n", "\x01", "\x1f", "\x7f", std::string(1, '\0'),
                                      "\u00fc", "\U0001f600", "\uFFFD", "\uFFFDhex:", "hex:", "\x80", "\xc3", "\xff"));
    return rc::gen::oneOf(rc::gen::map(pieces,
                                       [](const std::vector<std::string>& all) {
                                           std::string text;
                                           for (const std::string& piece : all) text += piece;
                                           return text;
                                       }),
                          rc::gen::arbitrary<std::string>(), rc::gen::element<std::string>("a", "b", "c"));
}
using Script = std::vector<std::uint8_t>;
Texts texts(const std::vector<std::string>& all) {
    Texts made;
    for (std::size_t i = 0; i < all.size(); ++i) {
        const std::string& text = all[i];
        const std::string& next = all[(i + 1) % all.size()];
        made.zero += text;
        made.list.push_back(text);
        made.set.insert(text);
        made.backwards_set.insert(text);
        made.map[text] = next;
        made.maps[text][next] = static_cast<int>(i);
        made.backwards[text] = 1;
        made.hashed[text] = i % 2 == 0 ? std::optional<std::string>(next) : std::nullopt;
        if (i % 2 == 0) made.either = text;
        else made.either = std::map<std::string, int>{{text, 1}, {next, 2}};
        made.maybe.emplace(i % 3 == 0 ? std::nullopt : std::optional<std::string>(text));
        made.chars.insert(made.chars.end(), text.begin(), text.end());
    }
    return made;
}

template <class T>
bool check(const std::string& what) {
    return rc::check("a text is that of the JSON: " + what, [](const Script& script) {
        T value{};
        edit_all(value, script);
        check_same(value);
    });
}

}  // namespace

int main() {
    use_sequences(2, 60);  // of large structs
    bool all = check<Every>("every kind");
    all &= check<Flat>("flat");
    all &= rc::check("a text is that of the JSON: marks",
                     [](const Script& first, const Script& second, const Script& third) {
                         Marked value;
                         edit_all(value.plain, first);
                         edit_all(value.hidden, second);
                         edit_all(value.dropped, third);
                         edit_all(value.flat, third);
                         if (first.size() % 4 == 1) value.inside = {value};
                         check_same(value);
                     });
    all &= rc::check("a text is that of the JSON: texts, keys and numbers", [] {
        Texts value = texts(*rc::gen::resize(12, rc::gen::container<std::vector<std::string>>(any_text())));
        value.reals = *rc::gen::resize(12, rc::gen::arbitrary<std::vector<double>>());
        value.singles = *rc::gen::resize(12, rc::gen::arbitrary<std::vector<float>>());
        for (const int mode : *rc::gen::container<std::vector<int>>(rc::gen::inRange(0, 9)))
            value.modes.push_back(static_cast<every::Mode>(mode));
        value.number = *rc::gen::arbitrary<std::int64_t>();
        value.large = *rc::gen::arbitrary<std::uint64_t>();
        check_same(value);
    });
    return all ? 0 : 1;
}
