#pragma once
// An operation of RFC 6902, of those that `json_patch` writes: read, and carried out where it fits.

#include <stet/with/nlohmann_json/sentences.hpp>

#include <stet/reflect/field.hpp>
#include <stet/schema/attribute.hpp>
#include <stet/schema/schema.hpp>
#include <stet/with/nlohmann_json/format.hpp>

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace stet {
namespace detail {

struct StoredJson {
    std::optional<Json> json{};
};

}  // namespace detail

template <>
struct JsonFormat<detail::StoredJson> {
    static nlohmann::json write(const detail::StoredJson& value) { return value.json.value_or(nullptr); }
    static bool read(const nlohmann::json& json, detail::StoredJson& value) {
        value.json = json;
        return true;
    }
};

namespace detail {

struct StoredOperation {
    std::string op{};
    std::string path{};
    StoredJson value{};

    static constexpr auto schema() { return fields(field<"value">(transient)); }  // which `remove` does not have
};

/// Changes a document; one that an operation does not fit is not to be used any more.
class JsonPatcher {
public:
    explicit JsonPatcher(Json& document) : document_(document) {}

    bool carry_out(StoredOperation& operation) {
        std::string_view rest = operation.path;
        Json* at = &document_;
        if (rest.empty()) return operation.op != "remove" && put(*at, operation);
        for (std::string part; take(rest, part);) {
            const bool last = rest.empty();
            if (auto* const object = at->get_ptr<Json::object_t*>()) {
                if (last) return change(*object, part, operation);
                const auto found = object->find(part);
                if (found == object->end()) return false;
                at = &found->second;
            } else {
                auto* const array = at->get_ptr<Json::array_t*>();
                std::size_t index = 0;
                if (array == nullptr || !position(part, array->size(), index)) return false;
                if (last) return change(*array, index, operation);
                if (index == array->size()) return false;
                at = &(*array)[index];
            }
        }
        return false;
    }

private:
    static bool put(Json& at, StoredOperation& operation) {
        take_apart(at);
        at = *std::move(operation.value.json);
        return true;
    }
    static bool change(Json::object_t& object, const std::string& key, StoredOperation& operation) {
        if (operation.op == "add") return put(object[key], operation);
        const auto found = object.find(key);
        if (found == object.end()) return false;
        if (operation.op == "replace") return put(found->second, operation);
        take_apart(found->second);
        object.erase(found);
        return true;
    }
    static bool change(Json::array_t& array, std::size_t index, StoredOperation& operation) {
        const auto at = array.begin() + static_cast<std::ptrdiff_t>(index);
        if (operation.op == "add") return put(*array.insert(at, Json()), operation);
        if (at == array.end()) return false;
        if (operation.op == "replace") return put(*at, operation);
        take_apart(*at);
        array.erase(at);
        return true;
    }

    // RFC 6901: the part behind the next slash.
    static bool take(std::string_view& rest, std::string& part) {
        if (!rest.starts_with('/')) return false;
        rest.remove_prefix(1);
        const std::string_view text = rest.substr(0, rest.find('/'));
        rest.remove_prefix(text.size());
        part.clear();
        for (std::size_t i = 0; i < text.size(); ++i) {
            if (text[i] != '~') {
                part += text[i];
                continue;
            }
            ++i;
            if (i == text.size() || (text[i] != '0' && text[i] != '1')) return false;
            part += text[i] == '0' ? '~' : '/';
        }
        return true;
    }
    // At most the one behind the last.
    static bool position(std::string_view text, std::size_t size, std::size_t& index) {
        if (text.empty() || (text.front() == '0' && text.size() > 1)) return false;
        for (const char c : text) {
            if (c < '0' || c > '9') return false;
            index = index * 10 + static_cast<std::size_t>(c - '0');
            if (index > size) return false;
        }
        return true;
    }

    Json& document_;
};

}  // namespace detail
}  // namespace stet
