#pragma once
// `json_patch`: a patch as RFC 6902, for everybody who speaks JSON and not C++.

#include <stet/with/nlohmann_json/sentences.hpp>

#include <stet/patch/patch.hpp>
#include <stet/patch/record_patch.hpp>
#include <stet/with/nlohmann_json/write.hpp>

#include <cstddef>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

namespace stet {
namespace detail {

/// Operations as JSON.
class JsonOperations {
public:
    explicit JsonOperations(JsonWriter writer) : writer_(writer) {}

    void remove(const std::string& pointer) { operation("remove", pointer); }
    template <class V>
    void put(const char* name, const std::string& pointer, const V& value) {
        put_json(name, pointer, writer_.write(value));
    }
    void put_json(const char* name, const std::string& pointer, Json&& value) {
        operation(name, pointer).emplace("value", std::move(value));
    }
    bool empty() const { return list_.empty(); }
    Json take() { return Json(std::move(list_)); }

private:
    // Without a copy of anything.
    Json::object_t& operation(const char* name, const std::string& pointer) {
        auto& made = *list_.emplace_back(Json::value_t::object).get_ptr<Json::object_t*>();
        made.emplace("op", name);
        made.emplace("path", pointer);
        return made;
    }

    JsonWriter writer_;
    Json::array_t list_;
};

/// The operations of RFC 6902 that a patch is, which led to `after`.
template <class T, class Operations = JsonOperations>
class JsonPatch {
public:
    explicit JsonPatch(const T& after, Operations operations = Operations(JsonWriter{}))
        : after_(after), operations_(std::move(operations)) {}

    auto make(const Patch<T>& patch) && {
        patch.visit(
            [this](const PathView& path, const auto& before, const auto& now) { this->change(path, before, now); });
        return operations_.take();
    }
    // Where parts of a value are dots in its place, whole fields are replaced.
    auto make_redacted(const Patch<T>& patch) && {
        const JsonWriter writer{Secrets::redact};
        for_each_leaf<T>([&]<std::size_t L>() {
            if (!patch.leaves()[L]) return;
            pointer_.clear();
            along<leaf_table<T>.path[L], 0>(after_, [&](const auto& leaf) {
                operations_.put_json("replace", pointer_, writer.field<T, leaf_table<T>.path[L]>(leaf));
                return true;
            });
        });
        return operations_.take();
    }

private:
    template <class A, class B>
    void change(const PathView& path, const A&, const B& now) {
        steps_.clear();
        for (const PathView* at = &path; at->parent() != nullptr; at = at->parent()) steps_.push_back(at);
        pointer_.clear();
        in_parts_ = std::is_same_v<B, TextPart>;  // no operation replaces a part of a text
        if (descend(after_, steps_.size())) return;
        if constexpr (std::is_same_v<B, TextPart>) return;
        else if constexpr (is_absent<B>) operations_.remove(pointer_);
        else operations_.put(is_absent<A> ? "add" : "replace", pointer_, now);
    }

    // Goes along the steps, the last of which is the first, in the value that the patch leads to. What has no place of
    // its own for a part in JSON is replaced as a whole; then the answer is true.
    template <class V>
    bool descend(const V& now, std::size_t steps) {
        if (steps == 0) return in_parts_ && replace(now);
        constexpr Kind kind = kind_v<V>;
        const PathView& step = *steps_[steps - 1];
        if constexpr (has_json_format<V>) return replace(now);
        else if constexpr (is_json_object<V>) {
            if constexpr (leaf_count<V> == 0) return replace(now);
            else
                return with_leaf<V>(step.index(), [&]<std::size_t L>() -> bool {
                    return along<leaf_table<V>.path[L], 0>(now,
                                                           [&](const auto& leaf) { return descend(leaf, steps - 1); });
                });
        } else if constexpr (kind == Kind::array || kind == Kind::sequence) {
            pointer_ += '/' + std::to_string(step.position());
            return (steps > 1 || in_parts_) &&
                   descend<std::remove_cv_t<typename V::value_type>>(*nth(now, step.position()), steps - 1);
        } else if constexpr (kind == Kind::map) {
            if constexpr (is_json_key<typename V::key_type>) {
                const auto& key = step.template key<typename V::key_type>();
                pointer_ += '/';
                for (const char c : json_key(key))
                    c == '~' ? pointer_ += "~0" : c == '/' ? pointer_ += "~1" : pointer_ += c;
                return (steps > 1 || in_parts_) && descend<typename V::mapped_type>(now.find(key)->second, steps - 1);
            } else return replace(now);
        } else return replace(now);
    }

    // From a struct to one of its leaves, field by field.
    template <IndexPath Path, std::size_t Depth, class V, class Arrive>
    bool along(const V& now, const Arrive& arrive) {
        if constexpr (Depth == Path.depth) return arrive(now);
        else if constexpr (has_json_format<V>) return replace(now);
        else {
            pointer_ += '/';
            pointer_ += field_name<V, Path.index[Depth]>();
            return along<Path, Depth + 1>(get_field<Path.index[Depth]>(now), arrive);
        }
    }

    template <class V>
    bool replace(const V& now) {
        if (!operations_.empty() && pointer_ == replaced_) return true;  // another change in the same place
        replaced_ = pointer_;
        operations_.put("replace", pointer_, now);
        return true;
    }

    const T& after_;
    Operations operations_;
    std::vector<const PathView*> steps_;
    std::string pointer_;
    std::string replaced_;
    bool in_parts_ = false;
};

struct ToJsonPatch {
    /// The operations of RFC 6902 that make `to_json(apply(patch, before))` of `to_json(before)`. Sets, maps whose keys
    /// are no text, variants and optionals are replaced as a whole; without secrets, every changed field is. Errors:
    /// `patch_conflict` where `before` does not have what the patch changes.
    template <class T>
    Result<Json> operator()(const Patch<T>& patch, const T& before, JsonOptions options = {}) const {
        if constexpr (require_json_out<T>()) {
            const auto after = apply(patch, before);
            if (!after) return Failure(Error(after.error()));
            JsonPatch<T> made(*after);
            if (options.secrets == Secrets::keep) return std::move(made).make(patch);
            return std::move(made).make_redacted(patch);
        } else return Json();
    }
};

}  // namespace detail

/// `json_patch(settings.diff(1, 4), before)`
inline constexpr detail::ToJsonPatch json_patch{};

}  // namespace stet
