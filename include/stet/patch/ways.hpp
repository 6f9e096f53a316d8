#pragma once
// The way from a value to something inside it, as a type: which field, which element, under which key. A way keeps no
// pointer, so that it can be gone again whatever has happened since to the containers on it.

#include <stet/patch/place.hpp>
#include <stet/patch/record_format.hpp>
#include <stet/patch/walk.hpp>
#include <stet/schema/leaves.hpp>
#include <stet/schema/path_view.hpp>
#include <stet/schema/print.hpp>
#include <stet/schema/unique.hpp>

#include <cstddef>
#include <type_traits>
#include <utility>

namespace stet::detail {

/// Where a change at the end of a way is written: there, as a change of the whole value around it, or nowhere.
enum class Written { here, around, nowhere };

/// Does a comparison match the elements of a `V` by their key?
template <class Key, class V>
constexpr bool by_identity() {
    return keyed_elements<Key, V>() && !std::is_trivially_copyable_v<V>;
}

// Every way has: Value, what it leads to; Key, by which its elements are identified; Identity, by which it is an
// element of what is around it (NotKeyed: by its position, or it is none); `one_value`, whether a change
// inside it is written as one of all of it; `root_leaf`, in which leaf of T it is; `find`, the Value inside a T, or
// nullptr; `step`, the last part of that; `node`, which calls f with the node of the place; `words`, what the way there
// takes in records where there is no key on it, and `leads`, which writes it; `path`, which calls f with its path;
// `structs`, how many structs' fields are on it.
template <class T>
struct WholeValue {
    using Value = T;
    using Key = NotKeyed;
    using Identity = NotKeyed;
    static constexpr Written written = Written::here;
    static constexpr bool one_value = false;
    static constexpr bool in_parts = false;
    static constexpr bool several = true;
    static constexpr std::size_t root_leaf = not_found;

    T* find(T& root) const { return &root; }
    template <class F>
    void node(RecordNode& root, const F& f) const {
        f(root);
    }
    static constexpr std::size_t words = 0;
    static constexpr std::size_t structs = 0;
    static constexpr void leads(Records&, std::byte*) {}
    template <class F>
    void path(const F& f) const {
        f(PathView{});
    }
};

template <class Up>
constexpr Written written_inside() {
    if constexpr (Up::written == Written::here) return Up::one_value ? Written::around : Written::here;
    else return Up::written;
}

template <class Up, class Here>
struct WayPart {
    using Identity = NotKeyed;
    static constexpr std::size_t root_leaf = Up::root_leaf;
    static constexpr std::size_t structs = Up::structs;
    Up up;

    template <class T>
    auto* find(T& root) const {
        auto* const around = up.find(root);
        return around == nullptr ? nullptr : here().step(*around);
    }
    template <class F>
    void node(RecordNode& root, const F& f) const {
        up.node(root, [&](RecordNode& around) {
            RecordNode inner = here().node_in(around);
            f(inner);
        });
    }
    static constexpr std::size_t words = Up::words == not_found || !Here::leads_alone ? not_found : Up::words + 1;
    STET_ALWAYS_INLINE void leads(Records& records, std::byte* place) const {
        up.leads(records, place);
        ::new (place + Up::words * Records::word) Lead(here().lead(records));
    }
    template <class F>
    void path(const F& f) const {
        up.path([&](const PathView& around) { f(here().path_in(around)); });
    }

private:
    const Here& here() const { return static_cast<const Here&>(*this); }
};

constexpr bool overlap(const LeafRange& a, const LeafRange& b) {
    return a.first < b.first + b.count && b.first < a.first + a.count;
}

/// A field, which may lie deeper than one struct: one leaf, or a struct that opens into several.
template <class Up, IndexPath Path>
struct InField : WayPart<Up, InField<Up, Path>> {
    using Struct = typename Up::Value;
    using Value = typename TypeAt<Struct, Path>::type;
    static constexpr std::size_t leaf = leaf_table<Struct>.find(Path);
    static constexpr bool several = leaf == not_found;
    static constexpr std::size_t structs = Up::structs + 1;
    static constexpr std::size_t root_leaf = Up::root_leaf == not_found ? leaf : Up::root_leaf;
    static constexpr Marks marks = [] {
        if constexpr (several) return Marks{};
        else return leaf_marks<Struct, leaf>;
    }();
    static constexpr auto key() {
        if constexpr (several) return NotKeyed{};
        else return leaf_key<Struct, leaf>();
    }
    using Key = decltype(key());
    // With another key it is another element: that is for who writes the element.
    static constexpr bool in_key = overlap(leaf_range<Struct, Path>, key_leaves<typename Up::Identity, Struct>);
    static constexpr Written inside = written_inside<Up>();
    static constexpr Written written = inside != Written::here ? inside
                                       : in_key                ? Written::around
                                       : marks.transient       ? Written::nowhere
                                                               : Written::here;
    static constexpr bool one_value = !several && (marks.indivisible || is_whole<Value>);
    /// May a text be written in parts? Not where a strategy of the schema decides over all of it.
    static constexpr bool in_parts = [] {
        if constexpr (several || marks.indivisible) return false;
        else return std::is_same_v<decltype(leaf_merge_by<Struct, leaf>()), NotKeyed>;
    }();

    Value* step(Struct& around) const { return &get_at<Path>(around); }
    RecordNode node_in(RecordNode& around) const { return around.template leaf<Struct, leaf>(); }
    static constexpr bool leads_alone = true;
    static Lead lead(Records& records) {
        if constexpr (Up::root_leaf != not_found && has_rules<Struct>())
            if (ruled_leaves<Struct>[leaf]) records.set_ruled();
        return {EditKind::changed, leaf};
    }
    PathView path_in(const PathView& around) const {
        return around.named(path_text_v<Struct, Path>.view(), leaf_range<Struct, Path>.first);
    }
};

/// An element of an array or sequence.
template <class Up>
struct InElement : WayPart<Up, InElement<Up>> {
    using Value = std::remove_cv_t<typename Up::Value::value_type>;
    using Key = NotKeyed;
    using Identity =
        std::conditional_t<by_identity<typename Up::Key, typename Up::Value>(), typename Up::Key, NotKeyed>;
    static constexpr Written written = written_inside<Up>();
    static constexpr bool one_value = is_whole<Value>;
    static constexpr bool in_parts = true;
    static constexpr bool several = false;
    std::size_t index;

    Value* step(typename Up::Value& around) const {
        return index < around.size() ? &*detail::nth(around, index) : nullptr;
    }
    RecordNode node_in(RecordNode& around) const { return around.element(index, index); }
    static constexpr bool leads_alone = true;
    Lead lead(Records&) const { return {EditKind::changed, index}; }
    PathView path_in(const PathView& around) const { return around.at(index); }
};

/// The value of a map's key.
template <class Up>
struct InEntry : WayPart<Up, InEntry<Up>> {
    using Value = typename Up::Value::mapped_type;
    using Key = NotKeyed;
    static constexpr Written written = written_inside<Up>();
    static constexpr bool one_value = is_whole<Value>;
    static constexpr bool in_parts = true;
    static constexpr bool several = false;
    typename Up::Value::key_type entry;

    Value* step(typename Up::Value& around) const {
        const auto found = around.find(entry);
        return found == around.end() ? nullptr : &found->second;
    }
    RecordNode node_in(RecordNode& around) const { return around.entry(entry); }
    static constexpr bool leads_alone = false;
    PathView path_in(const PathView& around) const { return entry_at(around, entry); }
};

/// What an optional holds, or a variant as its alternative number `I`.
template <class Up, class V, std::size_t I>
struct InContent : WayPart<Up, InContent<Up, V, I>> {
    using Value = V;
    using Key = NotKeyed;
    static constexpr Written written = written_inside<Up>();
    static constexpr bool one_value = is_whole<Value>;
    static constexpr bool in_parts = true;
    static constexpr bool several = false;

    Value* step(typename Up::Value& around) const {
        if constexpr (optional_like<typename Up::Value>) return around.has_value() ? &*around : nullptr;
        else return get_if<I>(&around);
    }
    RecordNode node_in(RecordNode& around) const { return around.template content<typename Up::Value, I>(); }
    static constexpr bool leads_alone = true;
    static Lead lead(Records&) { return {EditKind::changed, I}; }
    PathView path_in(const PathView& around) const { return around.content(); }
};

// ---- how a field is reached from where a way ends

constexpr IndexPath behind(const IndexPath& path, std::size_t depth) {
    IndexPath rest;
    for (std::size_t i = depth; i < path.depth; ++i) rest = rest.then(path.index[i]);
    return rest;
}

// A field of a struct that a way leads to. What lies inside an indivisible leaf is two steps away.
template <IndexPath Path, class Up>
auto field_from(const Up& up) {
    using Struct = typename Up::Value;
    constexpr LeafRange leaves = leaf_range<Struct, Path>;
    constexpr std::size_t depth = leaves.count == 1 ? leaf_table<Struct>.path[leaves.first].depth : Path.depth;
    if constexpr (depth < Path.depth) {
        constexpr IndexPath outer = leaf_table<Struct>.path[leaves.first];
        using Leaf = InField<Up, outer>;
        return InField<Leaf, behind(Path, depth)>{{Leaf{{up}}}};
    } else return InField<Up, Path>{{up}};
}
template <IndexPath Path, class Way>
struct Further {
    static auto from(const Way& way) { return field_from<Path>(way); }
};
template <IndexPath Path, class Up, IndexPath Before>
    requires(InField<Up, Before>::several)
struct Further<Path, InField<Up, Before>> {
    static auto from(const InField<Up, Before>& way) { return field_from<Before.then(Path)>(way.up); }
};

}  // namespace stet::detail
