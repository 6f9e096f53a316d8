#pragma once
// A path known at run time only: parsed from text, checked against the same fields as `field<...>`, and able to go on
// inside containers: `limits["gpt-4"]`, `routes[5].to`.

#include <stet/result.hpp>
#include <stet/schema/fit.hpp>
#include <stet/schema/leaves.hpp>
#include <stet/schema/versionable.hpp>
#include <stet/schema/violations.hpp>

#include <charconv>
#include <cstddef>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#if !STET_KEEPS_NAMES
#error "stet: STET_NO_NAMES: a Path is parsed by the names of fields; include <stet/embedded.hpp> only"
#endif

namespace stet {
namespace detail {

/// The next step of a path: `.name`, `[text]` or `["text"]`, and what is behind it.
struct PathStep {
    std::string_view text;
    std::string_view rest;
    bool bracket = false;
    bool quoted = false;
    bool ok = false;
};

// Where a quoted text ends: at a quote that is not escaped.
inline std::size_t end_of_quoted(std::string_view text, std::size_t from) {
    for (; from < text.size() && text[from] != '"'; ++from)
        if (text[from] == '\\') ++from;
    return from;
}

// A quoted text as it was before it was written into a path.
template <class Text>
Text unquoted(std::string_view text) {
    Text plain;
    const auto digit = [](char c) { return c <= '9' ? c - '0' : c - 'a' + 10; };
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] != '\\' || i + 1 == text.size()) plain += text[i];
        else if (text[++i] == 'n') plain += '\n';
        else if (text[i] == 't') plain += '\t';
        else if (text[i] == 'x' && i + 2 < text.size()) {
            plain += static_cast<char>(digit(text[i + 1]) * 16 + digit(text[i + 2]));
            i += 2;
        } else plain += text[i];
    }
    return plain;
}

inline PathStep next_step(std::string_view path) {
    PathStep step;
    if (path.size() > 1 && path[0] == '.') {
        const std::size_t end = path.find_first_of(".[", 1);
        step.text = path.substr(1, end == std::string_view::npos ? end : end - 1);
        step.rest = end == std::string_view::npos ? std::string_view{} : path.substr(end);
        step.ok = !step.text.empty();
    } else if (path.size() > 2 && path[0] == '[') {
        step.quoted = path[1] == '"';
        const std::size_t end = step.quoted ? end_of_quoted(path, 2) + 1 : path.find(']', 1);
        if (end >= path.size() || path[end] != ']') return step;
        step.text = step.quoted ? path.substr(2, end - 3) : path.substr(1, end - 1);
        step.rest = path.substr(end + 1);
        step.bracket = true;
        step.ok = step.quoted || !step.text.empty();  // the empty key is [""]
    }
    return step;
}

/// Do two paths from the same root lead the same way, as far as the shorter one goes? An element's name, key or index
/// may be spelled in two ways: limits["gpt-4"] and limits[gpt-4] are the same.
inline bool go_together(std::string_view& a, std::string_view& b) {
    while (!a.empty() && !b.empty()) {
        const PathStep x = next_step(a), y = next_step(b);
        if (!x.ok || !y.ok) return true;  // a key that no path can name: somewhere in the same container
        const auto plain = [](const PathStep& step) {
            return step.quoted ? unquoted<std::string>(step.text) : std::string(step.text);
        };
        if (x.bracket != y.bracket || plain(x) != plain(y)) return false;
        a = x.rest;
        b = y.rest;
    }
    return true;
}

/// A key from its text; false where the text is none. A number has one spelling: 007 is none.
template <class Key>
bool read_key(std::string_view text, Key& key, bool quoted = false) {
    constexpr Kind kind = kind_v<Key>;
    if constexpr (kind == Kind::text && std::is_constructible_v<Key, std::string_view>) {
        key = quoted ? Key(std::string_view(unquoted<std::string>(text))) : Key(text);
        return true;
    } else if constexpr (kind == Kind::enumeration) return enum_value(text, key);
    else if constexpr (std::is_integral_v<Key> && !std::is_same_v<Key, bool>) {
        const auto end = std::from_chars(text.data(), text.data() + text.size(), key);
        const std::size_t digits = text.size() - (text.starts_with('-') ? 1 : 0);
        return end.ec == std::errc{} && end.ptr == text.data() + text.size() &&
               (text == "0" || text[text.size() - digits] != '0');
    } else return false;
}

/// Could `path` lead somewhere inside a `V`, if every index and key exists?
template <class V>
bool leads_somewhere(std::string_view path) {
    if (path.empty()) return true;
    constexpr Kind kind = kind_v<V>;
    if constexpr (kind == Kind::optional) return leads_somewhere<std::remove_cv_t<typename V::value_type>>(path);
    else if constexpr (kind == Kind::variant) {
        bool any = false;
        alternatives<V>::for_each_index([&]<std::size_t, class A>() { any = any || leads_somewhere<A>(path); });
        return any;
    } else {
        [[maybe_unused]] const PathStep step = next_step(path);
        if constexpr (kind == Kind::structure) {
            bool any = false;
            if (step.ok && !step.bracket)
                for_each_field<V>([&]<std::size_t I>() {
                    if (field_name<V, I>() == step.text) any = leads_somewhere<field_type<V, I>>(step.rest);
                });
            return any;
        } else if constexpr (kind == Kind::array || kind == Kind::sequence) {
            std::size_t index = 0;
            return step.ok && step.bracket && read_key(step.text, index) &&
                   leads_somewhere<std::remove_cv_t<typename V::value_type>>(step.rest);
        } else if constexpr (kind == Kind::map) {
            typename V::key_type key{};
            return step.ok && step.bracket && read_key(step.text, key, step.quoted) &&
                   leads_somewhere<typename V::mapped_type>(step.rest);
        } else return false;
    }
}

// What was most likely meant by a path that leads nowhere: `out` gets the whole of it, step by step.
template <class V>
void mend_path(std::string_view path, const Writer& out) {
    constexpr Kind kind = kind_v<V>;
    if (path.empty()) return;
    if constexpr (kind == Kind::optional) return mend_path<std::remove_cv_t<typename V::value_type>>(path, out);
    else if constexpr (kind == Kind::variant) {
        bool done = false;  // the first alternative that has such an inside
        alternatives<V>::for_each_index([&]<std::size_t, class A>() {
            bool fits = path[0] == '[' && has_elements<kind_v<A>>;
            if constexpr (kind_v<A> == Kind::structure) fits = path[0] == '.' && field_count<A> > 0;
            if (fits && !done) mend_path<A>(path, out);
            done = done || fits;
        });
    } else if constexpr (kind == Kind::structure) {
        const PathStep step = next_step(path);
        if (!step.ok || step.bracket) return;
        std::size_t nearest = 0;
        std::size_t least = not_found;
        for_each_field<V>([&]<std::size_t I>() {
            if (const std::size_t away = distance(field_name<V, I>(), step.text); away < least) {
                least = away;
                nearest = I;
            }
        });
        for_each_field<V>([&]<std::size_t I>() {
            if (I != nearest) return;
            out << '.' << field_name<V, I>();
            mend_path<field_type<V, I>>(step.rest, out);
        });
    } else if constexpr (kind == Kind::array || kind == Kind::sequence || kind == Kind::map) {
        const std::string closed = std::string(path) + ']';
        PathStep step = next_step(path);
        if (!step.ok) step = next_step(closed);  // the end of the bracket is missing
        std::string_view key = step.text;
        std::string_view rest = step.rest;
        if constexpr (kind == Kind::map) {
            typename V::key_type read{};
            if (!step.ok || !read_key(key, read, step.quoted)) return;
            if (!step.bracket && key.find_first_of("\"]") != std::string_view::npos) return;
        } else {
            std::size_t index = 0;
            if (step.ok && !step.bracket) rest = path;  // the index is missing
            while (key.size() > 1 && key[0] == '0') key.remove_prefix(1);
            if (!step.bracket || !read_key(key, index)) key = "0";
        }
        const char* const quote = step.quoted ? "\"" : "";
        out << '[' << quote << key << quote << ']';
        if constexpr (kind == Kind::map) mend_path<typename V::mapped_type>(rest, out);
        else mend_path<std::remove_cv_t<typename V::value_type>>(rest, out);
    }
}

/// The existing path that looks most like `written`.
template <class T>
FixedText<120> nearest_text(std::string_view written, std::string_view rooted, bool starts_well) {
    if (!starts_well && written.find('[') == std::string_view::npos) return nearest_path<T>(written);
    FixedText<120> mended;
    mend_path<T>(rooted, Writer(mended));
    return mended.view().empty() ? mended : FixedText<120>(mended.view().substr(1));
}

enum class Followed { there, no_element };

/// Goes along a path that leads somewhere and calls `f` with what is there.
template <class V, class F>
Followed follow(V& value, std::string_view path, F& f) {
    if (path.empty()) {
        f(value);
        return Followed::there;
    }
    constexpr Kind kind = kind_v<V>;
    Followed result = Followed::no_element;
    if constexpr (kind == Kind::optional) {
        if (value.has_value()) result = follow(*value, path, f);
    } else if constexpr (kind == Kind::variant) {
        alternatives<std::remove_const_t<V>>::for_each_index([&]<std::size_t I, class A>() {
            if (value.index() == I && leads_somewhere<A>(path)) result = follow(*get_if<I>(&value), path, f);
        });
    } else {
        [[maybe_unused]] const PathStep step = next_step(path);
        if constexpr (kind == Kind::structure) {
            for_each_field<std::remove_const_t<V>>([&]<std::size_t I>() {
                if (field_name<V, I>() == step.text) result = follow(get_field<I>(value), step.rest, f);
            });
        } else if constexpr (kind == Kind::array || kind == Kind::sequence) {
            std::size_t index = 0;
            if (read_key(step.text, index) && index < value.size()) {
                auto at = value.begin();
                for (; index > 0; --index) ++at;
                result = follow(*at, step.rest, f);
            }
        } else if constexpr (kind == Kind::map) {
            typename V::key_type key{};
            if (read_key(step.text, key, step.quoted))
                if (const auto found = value.find(key); found != value.end())
                    result = follow(found->second, step.rest, f);
        }
    }
    return result;
}

}  // namespace detail

/// A field, or something inside a container, of `T`. Goes everywhere a `field<...>` goes.
template <class T>
class Path {
public:
    /// Errors: `no_such_field` with the nearest path that exists. Whether an index or key exists is found when it is
    /// used.
    static Result<Path> parse(std::string_view written) {
        static_assert(detail::require_versionable<T>());
        if constexpr (versionable<T>) {
            const std::string rooted = "." + std::string(written);
            const detail::FieldMatch match = detail::find_field<T>(written);
            if (match.ok && detail::leads_somewhere<T>(rooted)) return Path(rooted, match);
            return Failure(
                Error(Errc::no_such_field, written, detail::nearest_text<T>(written, rooted, match.ok).view()));
        }
    }

    /// A field that the compiler has checked.
    template <Step... Steps>
    Path(Field<Steps...> named)
        : Path("." + std::string(detail::path_text_v<T, detail::resolve<T>(named)>.view()),
               detail::FieldMatch{detail::resolve<T>(named), {}, true}) {}

    std::string_view text() const { return std::string_view(text_).substr(1); }

    /// Calls `f` with a reference to what the path leads to. Errors: `no_such_element`.
    template <class V, class F>
        requires std::is_same_v<std::remove_const_t<V>, T>
    Result<void> visit(V& value, F f) const {
        if (detail::follow(value, text_, f) == detail::Followed::there) return {};
        return Failure(Error(Errc::no_such_element, text()));
    }

    /// The leaves of `T` that it covers or lies in.
    detail::LeafRange leaves() const { return leaves_; }
    /// Does it lead to one leaf or into it, and not to a struct around it?
    bool in_one_leaf() const { return in_one_leaf_; }
    /// What of the path lies inside the one leaf that it covers: `"[5].to"`.
    std::string_view inside() const { return std::string_view(text_).substr(text_.size() - inside_); }

    /// Does a patch change what is here, something inside it, or something around it?
    bool touched_by(const Patch<T>& patch) const {
        bool candidate = false;
        for (std::size_t i = 0; i < leaves_.count; ++i) candidate = candidate || patch.leaves()[leaves_.first + i];
        if (!candidate || inside_ == 0) return candidate;
        bool touched = false;
        std::string there;
        patch.visit([&](const PathView& at, const auto&, const auto&) {
            if (touched) return;
            there = '.';
            Writer(there) << at;
            std::string_view a = there, b = text_;
            touched = detail::go_together(a, b);
        });
        return touched;
    }

    bool operator==(const Path& other) const {
        std::string_view a = text_, b = other.text_;
        return detail::go_together(a, b) && a.empty() && b.empty();
    }

private:
    Path(std::string text, const detail::FieldMatch& match)
        : text_(std::move(text)), leaves_(detail::leaf_table<T>.range(match.path)), inside_(match.tail.size()) {
        if (leaves_.count != 1) return;
        const std::size_t depth = detail::leaf_table<T>.path[leaves_.first].depth;
        in_one_leaf_ = match.path.depth >= depth;
        // the fields that lie inside an indivisible leaf are part of the way inside it
        for (std::size_t i = depth; i < match.path.depth; ++i)
            inside_ = text_.size() - text_.rfind('.', text_.size() - inside_ - 1);
    }

    std::string text_;  // with a dot in front
    detail::LeafRange leaves_;
    std::size_t inside_ = 0;
    bool in_one_leaf_ = false;
};

}  // namespace stet
