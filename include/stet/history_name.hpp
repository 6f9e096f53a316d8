#pragma once
// The name of a step where nothing is allocated.

#include <stet/reflect/sentences.hpp>

#include <string_view>

namespace stet {

/// The name of a step of `History<T, N, NamedCopies>`: a text that lives as long as the program, such as a literal; the
/// compiler refuses any other.
class StepName {
public:
    constexpr StepName() = default;
    consteval StepName(const char* text) : text_(text) {}

    constexpr std::string_view view() const { return text_ == nullptr ? std::string_view{} : std::string_view(text_); }

private:
    const char* text_ = nullptr;
};

namespace detail {

/// The name of a step that keeps none.
struct Unnamed {
    constexpr Unnamed() = default;
    template <class Text>
    constexpr Unnamed(const Text&) {
        static_assert(sizeof(Text) == 0,
                      "stet: Copies keep no names of steps; write History<T, N, NamedCopies>, or leave the name out");
    }
    static constexpr std::string_view view() { return {}; }
};

}  // namespace detail
}  // namespace stet
