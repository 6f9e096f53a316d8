#pragma once
// `field<...>`: a field named at compile time, by text, by members, or by both, checked by the compiler.

#include <stet/pack.hpp>
#include <stet/reflect/path.hpp>

#include <cstddef>
#include <string_view>

namespace stet {

/// One step of a `field`: a text of one or more names, or a pointer to a member.
template <class Kind, std::size_t Size = 0>
struct Step;
template <std::size_t Size>
struct Step<char, Size> {
    char text[Size]{};
    constexpr Step(const char (&chars)[Size]) {
        for (std::size_t i = 0; i < Size; ++i) text[i] = chars[i];
    }
};
template <class Class, class Type>
struct Step<Type Class::*> {
    Type Class::* member;
    constexpr Step(Type Class::* pointer) : member(pointer) {}
};
template <std::size_t Size>
Step(const char (&)[Size]) -> Step<char, Size>;
template <class Class, class Type>
Step(Type Class::*) -> Step<Type Class::*>;

/// What a schema says about one field: rules and attributes, in the order in which they were written.
template <class FieldType, class... Said>
struct Declaration {
    detail::Pack<Said...> said;
};

/// The type of `field<...>`.
template <Step... Steps>
struct Field {
    /// In a schema: what holds for this field.
    template <class... Said>
    constexpr auto operator()(Said... said) const {
        return Declaration<Field, Said...>{detail::make_pack(said...)};
    }
};

/// A field named by text or members: `field<"llm.model">`, `field<&Settings::llm, &Llm::model>`. Everything that takes
/// a field takes a run-time `Path<T>` too.
template <Step... Steps>
inline constexpr Field<Steps...> field{};

namespace detail {

template <Step Wrong, StaticText Nearest>
struct NoSuchField {};

#if defined(__clang__)
#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wundefined-internal"
#pragma clang diagnostic ignored "-Wundefined-var-template"
#endif
template <class T, class Type, class Class, std::size_t I>
constexpr bool is_member(Type Class::* member) {
    if constexpr (!std::is_same_v<field_type<T, I>, std::remove_cv_t<Type>>) return false;
    else if constexpr (listed<T>) {
        constexpr auto pointer = nth_pointer<I>(member_list<T>());
        return pointer == member;
    } else return &get_field<I>(ghost<T>.value) == &(ghost<T>.value.*member);
}
#if defined(__clang__)
#pragma clang diagnostic pop
#endif

template <class T, auto First, class = std::remove_cv_t<decltype(First)>>
struct Stepped;
template <class T, auto First, std::size_t Size>
struct Stepped<T, First, Step<char, Size>> {
    static constexpr std::string_view wanted(const char (&text)[Size]) { return {text, Size - 1}; }
    static constexpr bool found =
        find_field<T>(wanted(First.text)).ok && find_field<T>(wanted(First.text)).tail.empty();
    static constexpr bool inside = find_field<T>(wanted(First.text)).ok && !found;
    static constexpr IndexPath path = find_field<T>(wanted(First.text)).path;
    static constexpr auto nearest() {
        constexpr PathText nearest = nearest_path<T>(wanted(First.text));
        return NoSuchField<First, static_text<nearest.view().size()>(nearest)>{};
    }
};
template <class T, auto First, class Type, class Class>
struct Stepped<T, First, Step<Type Class::*>> {
    static constexpr IndexPath look() {
        IndexPath at;
        if constexpr (std::is_same_v<Class, T>)
            for_each_field<T>([&]<std::size_t I>() {
                if (is_member<T, Type, Class, I>(First.member)) at = at.then(I);
            });
        return at;
    }
    static constexpr IndexPath path = look();
    static constexpr bool found = path.depth == 1;
    static constexpr bool inside = false;
};

template <Missing Why, class Shown>
struct Answer {
    static constexpr bool there = Why == Missing::no;
    static constexpr bool ask() { return require_field<Why, Shown>(); }
};

// Is `field<Steps...>` somewhere in `T`? Answered by a type, which says the sentence when it is asked.
template <class T, Step First, Step... Rest>
constexpr auto missing(Field<First, Rest...>) {
    using Here = Stepped<T, First>;
    if constexpr (Here::found) {
        if constexpr (sizeof...(Rest) == 0) return Answer<Missing::no, Here>{};
        else return missing<typename TypeAt<T, Here::path>::type>(Field<Rest...>{});
    } else if constexpr (Here::inside) return Answer<Missing::inside_container, Here>{};
    else if constexpr (requires { Here::nearest(); })
        return Answer<Missing::no_such_field, decltype(Here::nearest())>{};
    else return Answer<Missing::of_another_struct, Here>{};
}
template <class T, class Named>
struct AskField {
    static constexpr bool ok = decltype(missing<T>(Named{}))::ask();
};

// Where `field<Steps...>` is in `T`; a sentence if it is nowhere.
template <class T, Step First, Step... Rest>
constexpr IndexPath resolve(Field<First, Rest...>) {
    if constexpr (!reflectable<T>) return {};
    else if constexpr (AskField<T, Field<First, Rest...>>::ok) {
        using Here = Stepped<T, First>;
        if constexpr (sizeof...(Rest) == 0) return Here::path;
        else return Here::path.then(resolve<typename TypeAt<T, Here::path>::type>(Field<Rest...>{}));
    } else return {};
}

}  // namespace detail
}  // namespace stet
