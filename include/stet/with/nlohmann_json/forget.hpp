#pragma once
// Puts another value into the place of a field in what is stored: in whole documents and in the operations between
// them.

#include <stet/with/nlohmann_json/sentences.hpp>

#include <stet/schema/path.hpp>
#include <stet/schema/schema.hpp>
#include <stet/with/nlohmann_json/format.hpp>
#include <stet/with/nlohmann_json/write.hpp>

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace stet::detail {

inline void add_to_pointer(std::string& pointer, std::string_view part) {
    pointer += '/';
    for (const char c : part) c == '~' ? pointer += "~0" : c == '/' ? pointer += "~1" : pointer += c;
}

/// The place in JSON that a path leads to; false where it has none of its own, or another one tomorrow: a position.
template <class V>
bool pointer_of(std::string_view path, std::string& pointer) {
    if (path.empty()) return true;
    constexpr Kind kind = kind_v<V>;
    if constexpr (has_json_format<V>) return false;
    else if constexpr (kind == Kind::optional) {
        using Content = std::remove_cv_t<typename V::value_type>;
        if constexpr (is_boxed<Content>) return false;
        else return pointer_of<Content>(path, pointer);
    } else if constexpr (kind == Kind::structure) {
        const PathStep step = next_step(path);
        bool found = false;
        for_each_field<V>([&]<std::size_t I>() {
            if (found || step.bracket || field_name<V, I>() != step.text) return;
            add_to_pointer(pointer, step.text);
            found = pointer_of<field_type<V, I>>(step.rest, pointer);
        });
        return found;
    } else if constexpr (kind == Kind::map) {
        const PathStep step = next_step(path);
        if constexpr (is_json_key<typename V::key_type>) {
            typename V::key_type key{};
            if (!step.bracket || !read_key(step.text, key, step.quoted)) return false;
            add_to_pointer(pointer, json_key(key));
            return pointer_of<typename V::mapped_type>(step.rest, pointer);
        } else return false;
    } else return false;
}

/// All places where it may be, those of the names that it had before, too. None where it has none.
template <class T>
std::vector<std::string> pointers_of(const Path<T>& path) {
    std::vector<std::string> all;
    std::string pointer;
    if (!pointer_of<T>("." + std::string(path.text()), pointer)) return all;
    all.push_back(pointer);
    if constexpr (has_schema<T>) {
        [&]<std::size_t... I>(std::index_sequence<I...>) {
            const auto one = [&]<std::size_t J>() {
                constexpr const Declared& said = declarations<T>.all[J];
                if constexpr (said.of_field && !said.renamed_from.empty()) {
                    std::string now;
                    std::string before;
                    pointer_of<T>("." + std::string(path_text_v<T, said.path>.view()), now);
                    for (std::string_view rest = said.renamed_from; !rest.empty();) {
                        const std::string_view name = rest.substr(0, rest.find('.'));
                        add_to_pointer(before, name);
                        rest.remove_prefix(name.size() < rest.size() ? name.size() + 1 : rest.size());
                    }
                    if (pointer.starts_with(now) && (pointer.size() == now.size() || pointer[now.size()] == '/'))
                        all.push_back(before + pointer.substr(now.size()));
                }
            };
            (one.template operator()<I>(), ...);
        }(std::make_index_sequence<decltype(schema_v<T>.items)::size>{});
    }
    return all;
}

/// True if something else was there.
inline bool put_in_document(Json& document, std::string_view pointer, const Json& value) {
    Json* at = &document;
    while (!pointer.empty()) {
        pointer.remove_prefix(1);
        const std::string_view part = pointer.substr(0, pointer.find('/'));
        pointer.remove_prefix(part.size());
        std::string name;
        for (std::size_t i = 0; i < part.size(); ++i) {
            if (part[i] == '~' && i + 1 < part.size()) name += part[++i] == '0' ? '~' : '/';
            else name += part[i];
        }
        auto* const object = at->get_ptr<Json::object_t*>();
        if (object == nullptr) return false;
        const auto found = object->find(name);
        if (found == object->end()) return false;
        at = &found->second;
    }
    if (*at == value) return false;
    *at = value;
    return true;
}

/// The same in the operations that lead from one document to the next.
inline bool put_in_operations(Json& operations, std::string_view pointer, const Json& value) {
    auto* const list = operations.get_ptr<Json::array_t*>();
    if (list == nullptr) return false;
    const auto below = [](std::string_view path, std::string_view top) {
        return path.starts_with(top) && (path.size() == top.size() || path[top.size()] == '/');
    };
    bool changed = false;
    Json::array_t kept;
    for (Json& one : *list) {
        auto* const object = one.get_ptr<Json::object_t*>();
        const auto at = object == nullptr ? Json::object_t::iterator{} : object->find("path");
        const auto* const text =
            object == nullptr || at == object->end() ? nullptr : at->second.get_ptr<const std::string*>();
        if (text != nullptr && below(*text, pointer)) {
            changed = true;
            continue;
        }
        if (text != nullptr && below(pointer, *text))
            if (const auto inside = object->find("value"); inside != object->end())
                changed = put_in_document(inside->second, pointer.substr(text->size()), value) || changed;
        kept.push_back(std::move(one));
    }
    *list = std::move(kept);
    return changed;
}

}  // namespace stet::detail
