#pragma once
// `diff`, `apply` and the patch between them. A patch knows what was there before and what is there after, so it can be
// applied, inverted, shown and asked which fields it touches.

#include <stet/reflect/sentences.hpp>

#include <stet/patch/flat_patch.hpp>

#include <concepts>
#include <cstddef>
#include <string_view>
#include <type_traits>
#include <utility>

namespace stet {

namespace detail {

template <class T>
class RecordPatch;  // in <stet/patch/record_patch.hpp>, because it needs the heap

/// Before something is changed, is it asked whether it is as it was? Not where the library knows.
enum class Trust { verify, known };

struct NoPatch {};  // of what was refused with a sentence already

template <class T>
constexpr auto patch_base() {
    if constexpr (!require_schema<T>) return std::type_identity<NoPatch>{};
    else if constexpr (!versionable<T>) return std::type_identity<NoPatch>{};
    else if constexpr (flat<T>) return std::type_identity<FlatPatch<T>>{};
    else {
        constexpr bool with_heap = requires { sizeof(RecordPatch<T>); };
        static_assert(with_heap,
                      "stet: T has a field that needs the heap; include <stet/stet.hpp>, or make T flat: no "
                      "strings and no growing containers");
        if constexpr (with_heap) return std::type_identity<RecordPatch<T>>{};
        else return std::type_identity<NoPatch>{};
    }
}

template <class T, class Base>
constexpr std::size_t patch_bytes() {
    static_assert(flat<T>, "stet: Patch<T>::max_bytes: T has a field that needs the heap, as what changed of it may");
    return sizeof(Base);
}

struct Apply;

}  // namespace detail

/// What changed from one value to another. Size and cost follow what changed; a flat struct's patch is a mask and the
/// two values, in place.
template <class T>
class Patch : public decltype(detail::patch_base<T>())::type {
    static_assert(detail::require_schema<T> && detail::require_versionable<T>());
    using Base = typename decltype(detail::patch_base<T>())::type;

public:
    using Base::Base;
    constexpr explicit Patch(Base base) : Base(static_cast<Base&&>(base)) {}

    /// What the largest patch of a flat struct takes: so much takes each.
    static constexpr std::size_t max_bytes = detail::patch_bytes<T, Base>();

    /// The number of leaves that it touches.
    constexpr std::size_t size() const {
        std::size_t count = 0;
        for (std::size_t leaf = 0; leaf < leaf_count<T>; ++leaf) count += this->leaves()[leaf] ? 1 : 0;
        return count;
    }

    /// Does it change this field, or anything inside it?
    template <Step... Steps>
    constexpr bool touches(Field<Steps...> named) const {
        detail::LeafMask<T> wanted;
        wanted.set(detail::leaf_range<T, detail::resolve<T>(named)>);
        return this->leaves().intersects(wanted);
    }
    bool touches(const Path<T>& path) const { return path.touched_by(*this); }

    /// The patch that takes this one back. For an rvalue it costs nothing.
    constexpr Patch inverted() const& { return Patch(Base::inverse()); }
    constexpr Patch inverted() && { return Patch(static_cast<Base&&>(*this).inverse()); }

    // Calls `f(const PathView&, before, after)` for every change: see `visit` of the bases.

private:
    friend struct detail::Apply;
};

namespace detail {

struct Diff {
    template <class T>
    constexpr Patch<T> operator()(const T& from, const T& to) const {
        return Patch<T>(from, to);
    }
};

struct Apply {
    template <class T>
    constexpr Result<T, ErrorOf<T>> operator()(const Patch<T>& patch, T value) const {
        std::size_t leaf = 0;
        if constexpr (flat<T>) leaf = patch.apply(value);
        else leaf = patch.template carry_out<Trust::verify>(value);
        if (leaf != leaf_count<T>)
            return Result<T, ErrorOf<T>>(MakeError{}, Errc::patch_conflict, Lasting{leaf_paths<T>.of[leaf]}, Lasting{});
        return value;
    }

    // Where the library knows that the patch fits.
    template <class T>
    static constexpr void trusted(const Patch<T>& patch, T& value) {
        if constexpr (flat<T>) patch.carry_out(value);
        else patch.template carry_out<Trust::known>(value);
    }
    template <class T>
    static constexpr void undo(const Patch<T>& patch, T& value) {
        if constexpr (flat<T>) patch.take_back(value);
        else patch.template carry_out<Trust::known>(value, !patch.is_inverted());
    }
};

}  // namespace detail

/// `diff(from, to)`: the patch from one value to another.
inline constexpr detail::Diff diff{};

/// `apply(patch, value)`: the changed value, or a conflict where the value does not have what the patch changes.
inline constexpr detail::Apply apply{};

}  // namespace stet
