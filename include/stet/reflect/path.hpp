#pragma once
// Where something is inside a struct: the numbers of the fields on the way, found from a text or counted out of it.

#include <stet/reflect/names.hpp>
#include <stet/text.hpp>

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace stet::detail {

/// The field numbers that lead from a struct to one of its fields, through nested structs.
struct IndexPath {
    static constexpr std::size_t max_depth = 12;

    std::uint8_t index[max_depth]{};
    std::uint8_t depth = 0;

    constexpr IndexPath then(std::size_t field) const {
        IndexPath longer = *this;
        if (depth == max_depth) fail("stet: structs are nested more than 12 deep; flatten some of them");
        longer.index[longer.depth++] = static_cast<std::uint8_t>(field);
        return longer;
    }
    constexpr IndexPath then(const IndexPath& rest) const {
        IndexPath longer = *this;
        for (std::size_t i = 0; i < rest.depth; ++i) longer = longer.then(rest.index[i]);
        return longer;
    }
    constexpr IndexPath without_first() const {
        IndexPath shorter;
        for (std::size_t i = 1; i < depth; ++i) shorter = shorter.then(index[i]);
        return shorter;
    }
    constexpr bool starts_with(const IndexPath& other) const {
        if (other.depth > depth) return false;
        for (std::size_t i = 0; i < other.depth; ++i)
            if (index[i] != other.index[i]) return false;
        return true;
    }
    constexpr bool operator==(const IndexPath&) const = default;
    /// In the order of the fields; what holds a field is before it.
    constexpr bool before(const IndexPath& other) const {
        for (std::size_t i = 0; i < depth && i < other.depth; ++i)
            if (index[i] != other.index[i]) return index[i] < other.index[i];
        return depth < other.depth;
    }
};

/// What a text names: a field, and the rest of the text, which goes on inside a container and is known at run time
/// only.
struct FieldMatch {
    IndexPath path;
    std::string_view tail;
    bool ok = false;
};

template <class T>
constexpr FieldMatch find_field(std::string_view text, IndexPath at = {}) {
    const std::size_t end = text.find_first_of(".[");
    const std::string_view head = text.substr(0, end);
    const std::string_view rest = end == std::string_view::npos ? std::string_view{} : text.substr(end);
    FieldMatch found;
    for_each_field<T>([&]<std::size_t I>() {
        if (field_name<T, I>() != head) return;
        if constexpr (opens<field_type<T, I>>()) {
            if (rest.empty()) found = {at.then(I), rest, true};
            else if (rest.size() > 1 && rest[0] == '.')
                found = find_field<field_type<T, I>>(rest.substr(1), at.then(I));
        } else {
            found = {at.then(I), rest, true};
        }
    });
    return found;
}

/// The field that a path leads to.
template <IndexPath Path, std::size_t Depth = 0, class T>
STET_ALWAYS_INLINE constexpr auto& get_at(T& value) {
    if constexpr (Depth == Path.depth) return value;
    else return get_at<Path, Depth + 1>(get_field<Path.index[Depth]>(value));
}

/// The type that a path leads to.
template <class T, IndexPath Path>
struct TypeAt {
    using type = std::remove_cvref_t<decltype(get_at<Path>(std::declval<T&>()))>;
};

/// Calls `visit(path, name)` for every field of `T` and of the structs in it; `Out` is a text that is built on the way.
template <class T, class Text, class Visit>
constexpr void for_each_path(Visit& visit, IndexPath at = {}, Text prefix = {}) {
    for_each_field<T>([&]<std::size_t I>() {
        Text name = prefix;
        if (!name.empty()) name.append(".", 1);
        name.append(field_name<T, I>().data(), field_name<T, I>().size());
        visit(at.then(I), name);
        if constexpr (opens<field_type<T, I>>()) for_each_path<field_type<T, I>>(visit, at.then(I), name);
    });
}

using PathText = FixedText<120>;

/// The names of the fields on a path, joined by dots, in static storage.
template <class T, IndexPath Path, std::size_t Depth = 0>
constexpr void write_path(PathText& text) {
    if constexpr (Depth < Path.depth) {
        if (Depth > 0) text.append(".", 1);
        constexpr std::string_view name = field_name<T, Path.index[Depth]>();
        text.append(name.data(), name.size());
        write_path<field_type<T, Path.index[Depth]>, Path, Depth + 1>(text);
    }
}
template <class T, IndexPath Path>
constexpr PathText path_as_text() {
    PathText text;
    write_path<T, Path>(text);
    return text;
}
template <class T, IndexPath Path>
inline constexpr auto path_text_v = static_text<path_as_text<T, Path>().view().size()>(path_as_text<T, Path>());

// The same as it is shown at run time: as numbers where the program keeps no names.
template <IndexPath Path>
constexpr PathText numbers_as_text() {
    PathText text;
    for (std::size_t i = 0; i < Path.depth; ++i) {
        if (i > 0) text.append(".", 1);
        char digits[3]{};  // a field number is a byte
        std::size_t first = 3;
        unsigned number = Path.index[i];
        do digits[--first] = static_cast<char>('0' + number % 10);
        while ((number /= 10) != 0);
        text.append(digits + first, 3 - first);
    }
    return text;
}
template <IndexPath Path>
inline constexpr auto numbers_v = static_text<numbers_as_text<Path>().view().size()>(numbers_as_text<Path>());

template <class T, IndexPath Path>
constexpr std::string_view shown_path() {
    if constexpr (keeps_names) return path_text_v<T, Path>.view();
    else return numbers_v<Path>.view();
}

// Edit distance, cut off at 64 characters.
constexpr std::size_t distance(std::string_view a, std::string_view b) {
    constexpr std::size_t longest = 64;
    a = a.substr(0, longest);
    b = b.substr(0, longest);
    std::size_t row[longest + 1]{};
    for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
    for (std::size_t i = 1; i <= a.size(); ++i) {
        std::size_t diagonal = row[0];
        row[0] = i;
        for (std::size_t j = 1; j <= b.size(); ++j) {
            const std::size_t above = row[j];
            const std::size_t replaced = diagonal + (a[i - 1] != b[j - 1]);
            const std::size_t moved = (above < row[j - 1] ? above : row[j - 1]) + 1;
            row[j] = replaced < moved ? replaced : moved;
            diagonal = above;
        }
    }
    return row[b.size()];
}

/// The existing path that looks most like `text`.
template <class T>
constexpr PathText nearest_path(std::string_view text) {
    PathText best;
    std::size_t least = not_found;
    auto visit = [&](const IndexPath&, const PathText& name) {
        // a last name alone is as good as its whole path: "max_token" means llm.max_tokens
        const std::size_t dot = name.view().rfind('.');
        const std::string_view last = dot == std::string_view::npos ? name.view() : name.view().substr(dot + 1);
        const std::size_t whole = distance(text, name.view()) * 2;
        const std::size_t part = distance(text, last) * 2 + 1;
        const std::size_t away = whole < part ? whole : part;
        if (away < least) {
            least = away;
            best = name;
        }
    };
    for_each_path<T, PathText>(visit);
    return best;
}

}  // namespace stet::detail
