#pragma once
// Patches, violations and errors as text, plain or in colour for a terminal.

#include <stet/patch/patch.hpp>
#include <stet/patch/record_patch.hpp>
#include <stet/result.hpp>
#include <stet/schema/violations.hpp>

#include <string>
#include <string_view>
#include <type_traits>

namespace stet {

/// How text looks.
struct TextStyle {
    bool color = false;  ///< ANSI escapes: green for what came, red for what went, yellow for what changed
};

namespace detail {

struct Paint {
    std::string_view on, off;
};
constexpr Paint paint(bool color, char sign) {
    if (!color) return {};
    return {sign == '+' ? "\x1b[32m" : sign == '-' ? "\x1b[31m" : "\x1b[33m", "\x1b[0m"};
}

template <class V>
void write_side(const Writer& out, const PathView& path, const V& value) {
    if (path.secret()) out << secret_dots;
    else write_value(out, value);
}

// Numbers that are closer than their field's tolerance are not shown as changed.
template <class A, class B>
bool within_tolerance(const PathView& path, const A& before, const B& after) {
    if constexpr (std::is_floating_point_v<A> && std::is_same_v<A, B>) {
        const A away = before < after ? after - before : before - after;
        return path.tolerance() > 0 && static_cast<double>(away) <= path.tolerance();
    } else return false;
}

// A change of a part of a text reads as one of elements does: where, and what came or went there.
inline void write_splice(const Writer& out, const PathView& path, const TextPart& before, const TextPart& after,
                         TextStyle style) {
    const char sign = before.text.empty() ? '+' : after.text.empty() ? '-' : '~';
    const Paint painted = paint(style.color, sign);
    out << painted.on << sign << ' ' << path << '[' << (sign == '-' ? before : after).position << "]: ";
    if (sign != '+') write_quoted(out, before.text);
    if (sign == '~') out << " -> ";
    if (sign != '-') write_quoted(out, after.text);
    out << painted.off;
}

template <class T>
void write_patch(const Writer& out, const Patch<T>& patch, TextStyle style) {
    bool first = true;
    patch.visit([&](const PathView& path, const auto& before, const auto& after) {
        if (within_tolerance(path, before, after)) return;
        constexpr bool came = is_absent<decltype(before)>;
        constexpr bool went = is_absent<decltype(after)>;
        const char sign = came ? '+' : went ? '-' : '~';
        const Paint painted = paint(style.color, sign);
        if (!first) out << '\n';
        first = false;
        if constexpr (std::is_same_v<std::remove_cvref_t<decltype(before)>, TextPart>)
            if (!path.secret()) return write_splice(out, path, before, after, style);
        out << painted.on << sign << ' ' << path << ": ";
        if constexpr (came) write_side(out, path, after);
        else if constexpr (went) write_side(out, path, before);
        else {
            write_side(out, path, before);
            out << " -> ";
            write_side(out, path, after);
        }
        out << painted.off;
    });
}

struct Text {
    /// One line for each change: `~ llm.model: "gpt-4" -> "gpt-4o"`, `+` for what came, `-` for what went.
    template <class T>
    std::string operator()(const Patch<T>& patch, TextStyle style = {}) const {
        return to_text([&](const Writer& out) { write_patch(out, patch, style); });
    }
    /// What happened, why, every violation, and how to fix it.
    template <class List>
    std::string operator()(const BasicError<List>& error) const {
        return to_text([&](const Writer& out) { error.write(out); });
    }
    /// One line for each violation.
    template <class List>
        requires requires(const List& list) {
            list.refuse();
            list.begin();
        }
    std::string operator()(const List& violations) const {
        return to_text([&](const Writer& out) {
            bool first = true;
            for (const auto& violation : violations) {
                if (!first) out << '\n';
                first = false;
                out << violation;
            }
        });
    }
    /// What says itself what it is: a conflict, a violation, a path.
    template <class T>
        requires(!versionable<T> && requires(const Writer& out, const T& value) { out << value; })
    std::string operator()(const T& value) const {
        return to_text([&](const Writer& out) { out << value; });
    }
    /// A value as it stands in messages, secrets as dots.
    template <class T>
        requires versionable<T>
    std::string operator()(const T& value) const {
        return to_text([&](const Writer& out) { write_value(out, value); });
    }
};

// A stream, told by what it can do, so that no header of streams is needed.
template <class S>
concept stream_like = requires(S& stream, const char* chars) {
    stream.write(chars, 1);
    stream.flush();
};

}  // namespace detail

/// Anything of the library as text: `text(patch)`, `text(patch, {.color = true})`, `text(error)`, `text(violations)`.
inline constexpr detail::Text text{};

template <detail::stream_like Stream, class List>
Stream& operator<<(Stream& stream, const BasicError<List>& error) {
    const std::string shown = text(error);
    stream.write(shown.data(), static_cast<std::ptrdiff_t>(shown.size()));
    return stream;
}
template <detail::stream_like Stream, class T>
Stream& operator<<(Stream& stream, const Patch<T>& patch) {
    const std::string shown = text(patch);
    stream.write(shown.data(), static_cast<std::ptrdiff_t>(shown.size()));
    return stream;
}
template <detail::stream_like Stream>
Stream& operator<<(Stream& stream, const Violation& violation) {
    const std::string shown = detail::to_text([&](const Writer& out) { out << violation; });
    stream.write(shown.data(), static_cast<std::ptrdiff_t>(shown.size()));
    return stream;
}
template <detail::stream_like Stream, std::size_t Depth, class Known>
Stream& operator<<(Stream& stream, const FlatViolation<Depth, Known>& violation) {
    const std::string shown = detail::to_text([&](const Writer& out) { out << violation; });
    stream.write(shown.data(), static_cast<std::ptrdiff_t>(shown.size()));
    return stream;
}
template <detail::stream_like Stream, std::size_t Capacity>
Stream& operator<<(Stream& stream, const FixedText<Capacity>& shown) {
    stream.write(shown.view().data(), static_cast<std::ptrdiff_t>(shown.view().size()));
    return stream;
}

}  // namespace stet
