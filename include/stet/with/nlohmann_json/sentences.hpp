#pragma once
// Why a type has no form in JSON, each reason in one sentence. This header includes nothing, and headers that people
// include have it first: compilers print the way to a header above every sentence that stands in it.

namespace stet::detail {

enum class NoJson { no, opaque, unreadable, long_double, not_to_be_set, no_default };

template <class Type, NoJson Why>
struct JsonVerdict {
    static constexpr bool ok = Why == NoJson::no;
    template <NoJson Reason>
    static constexpr bool not_because = Why != Reason;
};

template <class Verdict>
constexpr bool require_json() {
    using enum NoJson;
    static_assert(
        Verdict::template not_because<opaque>,
        "stet: JSON: T has a field of a type whose inside the library does not know; specialise stet::JsonFormat "
        "for it, with write and read");
    static_assert(Verdict::template not_because<unreadable>,
                  "stet: JSON: T has a struct that cannot be read field by field; list its members, or specialise "
                  "stet::JsonFormat for it");
    static_assert(Verdict::template not_because<long_double>,
                  "stet: JSON: T has a long double, and JSON's numbers do not hold all of it; write double instead");
    static_assert(Verdict::template not_because<not_to_be_set>,
                  "stet: JSON: T has a text that owns no characters; write std::string instead of std::string_view");
    static_assert(
        Verdict::template not_because<no_default>,
        "stet: JSON: T, or an element inside T, has no default constructor, so there is nothing to read into; "
        "give it one, or specialise stet::JsonFormat for it");
    return Verdict::ok;
}

}  // namespace stet::detail
