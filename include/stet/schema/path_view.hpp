#pragma once
// The way to a value, while somebody walks there: a chain on the stack that costs nothing until it is asked for its
// text.

#include <stet/text.hpp>

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace stet {

/// A path as visitors see it; valid during the call. `patch.visit([](const PathView& path, ...) { ... })`
class PathView {
public:
    /// What a step goes through.
    enum class Step : std::uint8_t { root, name, index, key, member, content };

    constexpr PathView() {}

    /// A field, by its path inside the struct around it: `"llm.model"`; the text must outlive the view.
    constexpr PathView named(std::string_view path, std::size_t leaf, bool is_secret = false, double limit = 0) const {
        PathView next(this, Step::name, is_secret, limit);
        next.name_ = path.data();
        next.position_ = static_cast<std::uint32_t>(path.size());
        next.index_ = static_cast<std::uint32_t>(leaf);
        return next;
    }
    /// An element: `shown` as a person counts it, `position` where it is when all changes before it have been made.
    constexpr PathView at(std::size_t shown, std::size_t position) const {
        PathView next(this, Step::index, false, tolerance_);
        next.index_ = static_cast<std::uint32_t>(shown);
        next.position_ = static_cast<std::uint32_t>(position);
        return next;
    }
    constexpr PathView at(std::size_t shown) const { return at(shown, shown); }
    /// A map's value, or a set's member, whose key is written by `Write`; `found` must outlive the view.
    template <auto Write, class Key>
    constexpr PathView keyed(const Key& found, Step kind) const {
        PathView next(this, kind, false, tolerance_);
        next.key_ = &found;
        next.write_key_ = [](const Writer& out, const void* key) { Write(out, *static_cast<const Key*>(key)); };
        return next;
    }
    /// What is inside an optional or variant: no text of its own.
    constexpr PathView content() const { return PathView(this, Step::content, false, tolerance_); }

    constexpr const PathView* parent() const { return parent_; }
    constexpr Step step() const { return step_; }
    constexpr std::string_view name() const {
        return step_ == Step::name ? detail::chars(name_, position_) : std::string_view{};
    }
    constexpr std::size_t index() const { return index_; }
    constexpr std::size_t position() const { return position_; }
    /// Is this, or anything around it, marked secret?
    constexpr bool secret() const { return secret_; }
    /// How far two numbers may be apart here and still be shown as equal.
    constexpr double tolerance() const { return tolerance_; }
    template <class Key>
    const Key& key() const {
        return *static_cast<const Key*>(key_);
    }
    void write_key(const Writer& out) const {
        if (write_key_ != nullptr) write_key_(out, key_);
    }

    /// `routes[3].limits["gpt-4"].rate`
    void write(const Writer& out) const {
        if (parent_ != nullptr) parent_->write(out);
        switch (step_) {
            case Step::root:
            case Step::content:
                break;
            case Step::name:
                if (has_text_before()) out << '.';
                out << name();
                break;
            case Step::index:
                out << '[' << index_ << ']';
                break;
            case Step::key:
            case Step::member:
                out << '[';
                write_key(out);
                out << ']';
                break;
        }
    }
    friend const Writer& operator<<(const Writer& out, const PathView& path) {
        path.write(out);
        return out;
    }

private:
    constexpr PathView(const PathView* before, Step kind, bool is_secret, double limit)
        : parent_(before), tolerance_(limit), step_(kind), secret_(is_secret || before->secret_) {}

    constexpr bool has_text_before() const {
        for (const PathView* at = parent_; at != nullptr; at = at->parent_)
            if (at->step_ != Step::root && at->step_ != Step::content) return true;
        return false;
    }

    // Small, because one is made at every step of every walk.
    const PathView* parent_ = nullptr;
    union {
        const char* name_ = nullptr;
        const void* key_;
    };
    void (*write_key_)(const Writer&, const void*) = nullptr;
    double tolerance_ = 0;
    std::uint32_t index_ = 0;
    std::uint32_t position_ = 0;
    Step step_ = Step::root;
    bool secret_ = false;
};

namespace detail {

// The same way for structs without rules inside their containers: one field, and maybe one of its elements.
struct Spot {
    static constexpr std::uint32_t no_index = 0xFFFFFFFFU;
    std::string_view name{};
    std::uint32_t index = no_index;
    bool secret = false;

    constexpr Spot named(std::string_view path, std::size_t, bool is_secret = false) const {
        return {path, no_index, is_secret};
    }
    constexpr Spot at(std::size_t element) const { return {name, static_cast<std::uint32_t>(element), secret}; }
    constexpr Spot content() const { return *this; }
};

// The same way for who only asks whether something is there, and not where.
struct Nowhere {
    constexpr Nowhere named(std::string_view, std::size_t, bool = false) const { return {}; }
    constexpr Nowhere at(std::size_t) const { return {}; }
    constexpr Nowhere content() const { return {}; }
};

}  // namespace detail
}  // namespace stet
