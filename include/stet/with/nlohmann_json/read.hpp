#pragma once
// `from_json`: a value from JSON, or everything that is wrong with it.

#include <stet/with/nlohmann_json/sentences.hpp>

#include <stet/schema/migrations.hpp>
#include <stet/schema/print.hpp>
#include <stet/schema/violations.hpp>
#include <stet/with/nlohmann_json/names.hpp>
#include <stet/with/nlohmann_json/problems.hpp>
#include <stet/with/nlohmann_json/standard.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

namespace stet {

/// What becomes of a field that the JSON does not have (transient fields always keep their default).
enum class Missing : std::uint8_t { report, keep_default };

/// For `from_json` and `parse_json`.
struct JsonInput {
    bool comments = false;  ///< // and /* */ are allowed (parse_json)
    Missing missing = Missing::report;
    std::size_t depth = 100;  ///< how deep arrays and objects may be nested
};

namespace detail {

class JsonReader : public JsonProblems {
public:
    JsonReader(Violations& found, JsonInput input, bool stored = false, bool by_name = false)
        : JsonProblems(found, input.depth), input_(input), stored_(stored), by_name_(by_name) {}

    /// Reads into `to`; false, and violations, if something is wrong. `depth` levels may follow.
    template <class V>
    bool read(const Json& from, V& to, const PathView& where, std::size_t depth) {
        constexpr Kind kind = kind_v<V>;
        if constexpr (has_json_format<V>) {
            if (JsonFormat<V>::read(from, to)) return true;
            if constexpr (requires { std::string_view(JsonFormat<V>::expected); })
                return wrong(from, where, "wrong type", std::string(std::string_view(JsonFormat<V>::expected)));
            else return wrong(from, where, "wrong type", "must have another form");
        } else if constexpr (std::is_same_v<V, bool>) {
            const bool* const value = from.get_ptr<const bool*>();
            if (value == nullptr) return wrong(from, where, "wrong type", "must be true or false");
            to = *value;
            return true;
        } else if constexpr (std::is_same_v<V, char>) return character(from, to, where);
        else if constexpr (kind == Kind::number) return number(from, to, where);
        else if constexpr (kind == Kind::enumeration) return enumerator(from, to, where);
        else if constexpr (kind == Kind::text) {
            const std::string* const value = from.get_ptr<const std::string*>();
            if (value == nullptr) return wrong(from, where, "wrong type", "must be a text");
            return text(*value, to, from, where);
        } else if constexpr (kind == Kind::variant) {
            return container(from, where, depth) && variant(from, to, where, depth - 1);
        } else if constexpr (kind == Kind::optional) return optional(from, to, where, depth);
        else if constexpr (is_json_object<V>) return structure<V, IndexPath{}>(from, to, where, depth);
        else if constexpr (kind == Kind::map) return container(from, where, depth) && map(from, to, where, depth - 1);
        else return container(from, where, depth) && elements(from, to, where, depth - 1);
    }

    template <class Root, IndexPath At, class T>
    bool structure(const Json& from, T& to, const PathView& where, std::size_t depth) {
        if (!container(from, where, depth)) return false;
        const auto* const object = from.get_ptr<const Json::object_t*>();
        if (object == nullptr) return refuse(where, kind_of_json(from), "wrong type", "must be an object");
        bool ok = true;
        for (const auto& [name, value] : *object)
            if (!by_name_ && !has_field<Root, At, T>(name)) ok = unknown<Root, At, T>(*object, name, where);
        const Json* const outer = root_;
        if constexpr (At.depth == 0) root_ = &from;
        for_each_field<T>([&]<std::size_t I>() {
            constexpr IndexPath path = At.then(I);
            if constexpr (is_in_json<Root, path, true, field_type<T, I>>()) {
                constexpr Marks marks = marks_at<Root, path>();
                const PathView here = where.named(field_name<T, I>(), 0, marks.secret);
                const auto found = object->find(std::string(field_name<T, I>()));
                const Json* was = found != object->end() ? &found->second : nullptr;
                if constexpr (!renamed_at<Root, path>().empty())
                    if (by_name_ && was == nullptr) was = before_renaming(renamed_at<Root, path>());
                if (was != nullptr) {
                    ok = field<Root, path>(*was, get_field<I>(to), here, depth - 1) && ok;
                } else if (!marks.transient && input_.missing == stet::Missing::report) {
                    ok = refuse(here, {}, "missing key", "must be there");
                }
            }
        });
        root_ = outer;
        return ok;
    }

private:
    // What the struct around it has under a name that it had then: "llm.model".
    const Json* before_renaming(std::string_view path) const {
        const Json* at = root_;
        while (at != nullptr && !path.empty()) {
            const auto* const object = at->get_ptr<const Json::object_t*>();
            const std::string name(path.substr(0, path.find('.')));
            path.remove_prefix(path.size() == name.size() ? path.size() : name.size() + 1);
            const auto found = object == nullptr ? Json::object_t::const_iterator{} : object->find(name);
            at = object == nullptr || found == object->end() ? nullptr : &found->second;
        }
        return at;
    }

    template <class Root, IndexPath Path, class V>
    bool field(const Json& from, V& to, const PathView& where, std::size_t depth) {
        if constexpr (is_json_object<V> && !has_json_format<V>) return structure<Root, Path>(from, to, where, depth);
        else {
            if (!stored_ && marks_at<Root, Path>().secret && from.is_string() &&
                *from.get_ptr<const std::string*>() == secret_dots)
                return refuse(where, std::string(secret_dots), "redacted",
                              "was written without its secret; put the real value there");
            return read(from, to, where, depth);
        }
    }

    template <class Root, IndexPath At, class T>
    static bool has_field(std::string_view name) {
        bool has = false;
        for_each_field<T>([&]<std::size_t I>() {
            if constexpr (is_in_json<Root, At.then(I), true, field_type<T, I>>())
                has = has || field_name<T, I>() == name;
        });
        return has;
    }
    template <class Root, IndexPath At, class T>
    bool unknown(const Json::object_t& object, const std::string& name, const PathView& where) {
        Nearest nearest(name);  // among the fields that are not there under their own name
        for_each_field<T>([&]<std::size_t I>() {
            if constexpr (is_in_json<Root, At.then(I), true, field_type<T, I>>())
                if (object.find(std::string(field_name<T, I>())) == object.end()) nearest.offer(field_name<T, I>());
        });
        return refuse(where.named(name, 0), {}, "unknown key", "is no field" + nearest.hint());
    }

    // --- single values

    template <class N>
    bool number(const Json& from, N& to, const PathView& where) {
        const NumberRead done = number_from_json(from, to);
        if (done == NumberRead::ok) return true;
        std::string expected;
        const Writer out(expected);
        if constexpr (!std::is_floating_point_v<N>) {
            out << "must be a whole number in ";
            out << +(std::numeric_limits<N>::min)() << ".." << +(std::numeric_limits<N>::max)();
        } else if (done == NumberRead::wrong_type) out << "must be a number";
        else out << "must be a number that " << (sizeof(N) == sizeof(float) ? "a float" : "a double") << " can hold";
        return wrong(from, where, done == NumberRead::wrong_type ? "wrong type" : "out of range", std::move(expected));
    }
    bool character(const Json& from, char& to, const PathView& where) {
        if (const auto* const held = from.get_ptr<const std::string*>(); held != nullptr && held->size() == 1) {
            to = held->front();
            return true;
        }
        std::uint8_t code = 0;
        if (number_from_json(from, code) != NumberRead::ok)
            return wrong(from, where, "wrong type", "must be one character");
        to = static_cast<char>(code);
        return true;
    }
    template <class V>
    bool text(const std::string& json, V& to, const Json& from, const PathView& where) {
        std::string plain;
        if (!text_from_json(json, plain))
            return wrong(from, where, "wrong type", "must have pairs of hexadecimal digits after the marker");
        if (!set_text(to, plain)) return wrong(from, where, "out of range", "must be a text that the field can hold");
        return true;
    }

    template <class E>
    bool enumerator(const Json& from, E& to, const PathView& where) {
        const auto* const name = from.get_ptr<const std::string*>();
        if (name != nullptr ? enum_value(std::string_view(*name), to) : enum_from_number(from, to)) return true;
        std::string expected = "must be ";
        Nearest nearest(name == nullptr ? std::string_view() : std::string_view(*name));
        std::size_t count = 0;
        for (const std::string_view known : enum_names<E>.name) {
            if (known.empty()) continue;
            nearest.offer(known);
            if (++count > 12) continue;
            expected += count == 1 ? "one of " : ", ";
            expected += known;
        }
        if (count == 0) expected += "a number that the enum can hold";
        if (count > 12) expected += ", ...";
        if (name == nullptr && !from.is_number()) return wrong(from, where, "wrong type", expected);
        return wrong(from, where, "no such enumerator", expected + (name == nullptr ? "" : nearest.hint()));
    }

    // --- containers

    template <class V>
    bool optional(const Json& from, V& to, const PathView& where, std::size_t depth) {
        using Content = std::remove_cv_t<typename V::value_type>;
        if (from.is_null()) {
            to.reset();
            return true;
        }
        const Json* inside = &from;
        if constexpr (is_boxed<Content>) {
            const auto* const box = from.get_ptr<const Json::array_t*>();
            if (box == nullptr || box->size() != 1)
                return wrong(from, where, "wrong type", "must be null or an array of one value");
            if (!container(from, where, depth)) return false;
            inside = &box->front();
            --depth;
        }
        Content content{};
        if (!read(*inside, content, where, depth)) return false;
        to.emplace(std::move(content));
        return true;
    }

    template <class V>
    bool variant(const Json& from, V& to, const PathView& where, std::size_t depth) {
        const auto* const object = from.get_ptr<const Json::object_t*>();
        if (object == nullptr)
            return refuse(where, kind_of_json(from), "wrong type", "must be an object with 'alternative' and 'value'");
        bool ok = true;
        for (const auto& [name, value] : *object)
            if (name != "alternative" && name != "value")
                ok = refuse(where.named(name, 0), {}, "unknown key", "is neither 'alternative' nor 'value'");
        const auto index = object->find("alternative");
        const auto value = object->find("value");
        if (index == object->end()) ok = refuse(where.named("alternative", 0), {}, "missing key", "must be there");
        if (value == object->end()) ok = refuse(where.named("value", 0), {}, "missing key", "must be there");
        if (!ok) return false;
        bool there = false;
        std::size_t number = 0;
        if (index->second.is_number() && number_from_json(index->second, number) == NumberRead::ok) {
            alternatives<V>::for_each_index([&]<std::size_t I, class A>() {
                if (number != I) return;
                there = true;
                A held{};
                ok = read(value->second, held, where.content(), depth);
                if (ok) to.template emplace<I>(std::move(held));
            });
        }
        if (there) return ok;
        return wrong(index->second, where.named("alternative", 0), "no such alternative",
                     "must be a whole number below " + std::to_string(alternatives<V>::count));
    }

    template <class V>
    bool elements(const Json& from, V& to, const PathView& where, std::size_t depth) {
        constexpr Kind kind = kind_v<V>;
        using E = std::remove_cv_t<typename V::value_type>;
        const auto* const array = from.get_ptr<const Json::array_t*>();
        if (array == nullptr) return refuse(where, kind_of_json(from), "wrong type", "must be an array");
        bool ok = true;
        if constexpr (kind == Kind::array) {
            if (by_name_ ? array->size() > to.size() : array->size() != to.size())
                return refuse(where, std::to_string(array->size()) + " elements", "wrong length",
                              "must have " + std::to_string(to.size()) + " elements");
            auto at = to.begin();
            for (std::size_t i = 0; i < array->size(); ++i, ++at) ok = read((*array)[i], *at, where.at(i), depth) && ok;
        } else {
            if constexpr (kind == Kind::sequence && requires { static_cast<std::size_t>(to.max_size()); }) {
                if (array->size() > static_cast<std::size_t>(to.max_size()))
                    return refuse(where, std::to_string(array->size()) + " elements", "wrong length",
                                  "must have at most " + std::to_string(to.max_size()) + " elements");
            }
            to.clear();
            for (std::size_t i = 0; i < array->size(); ++i) {
                E element{};
                if (!read((*array)[i], element, where.at(i), depth)) ok = false;
                else if constexpr (kind == Kind::sequence) to.push_back(std::move(element));
                else if (!to.insert(std::move(element)).second)
                    ok = wrong((*array)[i], where.at(i), "duplicate", "must not be there twice");
            }
        }
        return ok;
    }

    template <class V>
    bool map(const Json& from, V& to, const PathView& where, std::size_t depth) {
        using K = typename V::key_type;
        using M = typename V::mapped_type;
        bool ok = true;
        const auto entry = [&](K&& key, const Json& value) {
            const PathView here = detail::entry_at(where, key);
            M mapped{};
            if (!read(value, mapped, here, depth)) ok = false;
            else if (to.find(key) != to.end()) ok = refuse(here, {}, "duplicate key", "must not be there twice");
            else to.try_emplace(std::move(key), std::move(mapped));
        };
        if constexpr (is_json_key<K>) {
            const auto* const object = from.get_ptr<const Json::object_t*>();
            if (object == nullptr) return refuse(where, kind_of_json(from), "wrong type", "must be an object");
            to.clear();
            for (const auto& [name, value] : *object) {
                K key{};
                if (key_from_json(name, key)) entry(std::move(key), value);
                else ok = refuse(detail::entry_at(where, name), {}, "no such key", expected_key<K>(name));
            }
        } else {
            const auto* const array = from.get_ptr<const Json::array_t*>();
            if (array == nullptr)
                return refuse(where, kind_of_json(from), "wrong type", "must be an array of [key, value] pairs");
            to.clear();
            for (std::size_t i = 0; i < array->size(); ++i) {
                const auto* const pair = (*array)[i].template get_ptr<const Json::array_t*>();
                K key{};
                if (pair == nullptr || pair->size() != 2)
                    ok = refuse(where.at(i), {}, "wrong type", "must be a [key, value] pair");
                else if (!read((*pair)[0], key, where.at(i), depth)) ok = false;
                else entry(std::move(key), (*pair)[1]);
            }
        }
        return ok;
    }
    JsonInput input_;
    bool stored_;   // by the library itself: every secret is itself, even one of dots
    bool by_name_;  // from another version of the struct: what has no field is left behind
    const Json* root_ = nullptr;
};

template <class T>
struct FromJson {
    static_assert(!std::is_reference_v<T> && !std::is_const_v<T>, "stet: from_json<T>: write the type alone");

    /// A value from JSON in the form that `to_json` gives. Numbers must fit exactly. Errors: `malformed` with all
    /// problems: unknown, missing and mistyped keys and elements, numbers out of range. The rules of `T` are not run:
    /// `create`, `commit` and `open` do that, and `check`.
    Result<T> operator()(const Json& json, JsonInput input = {}) const {
        if constexpr (require_json_in<T>()) {
            Violations found;
            T value{};
            JsonReader(found, input).read(json, value, PathView{}, input.depth);
            if (!found.empty()) return Failure(Error(Errc::malformed, std::move(found)));
            return value;
        }
    }
};

}  // namespace detail

/// `from_json<Settings>(json)`, `from_json<Settings>(json, {.missing = Missing::keep_default})`
template <class T>
inline constexpr detail::FromJson<T> from_json{};

}  // namespace stet
