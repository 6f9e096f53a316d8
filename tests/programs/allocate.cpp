// With STET_ALLOCATE defined, a History takes all its memory from there and gives back all of it, with the same
// numbers.
#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <new>

namespace own {
std::size_t taken = 0, bytes_held = 0, blocks_held = 0, others = 0;
void* take(std::size_t bytes, std::size_t alignment);
void give(void* memory, std::size_t bytes, std::size_t alignment) noexcept;
}  // namespace own
#define STET_ALLOCATE(bytes, alignment) own::take(bytes, alignment)
#define STET_DEALLOCATE(memory, bytes, alignment) own::give(memory, bytes, alignment)

#include <stet/stet.hpp>

#include <stet/history_branching.hpp>

#include <list>
#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace own {
struct Header {
    std::size_t bytes, alignment;
};
constexpr std::size_t header = 2 * alignof(std::max_align_t) > sizeof(Header) ? 2 * alignof(std::max_align_t) : 64;
void* take(std::size_t bytes, std::size_t alignment) {
    ++taken;
    ++blocks_held;
    bytes_held += bytes;
    auto* const memory = static_cast<std::byte*>(std::malloc(bytes + header));
    if (memory == nullptr) std::abort();
    ::new (static_cast<void*>(memory)) Header{bytes, alignment};
    return memory + header;
}
void give(void* memory, std::size_t bytes, std::size_t alignment) noexcept {
    auto* const begin = static_cast<std::byte*>(memory) - header;
    const auto& was = *std::launder(reinterpret_cast<Header*>(begin));
    if (was.bytes != bytes || was.alignment != alignment) {
        std::fprintf(stderr, "%zu bytes were taken, %zu are given back\n", was.bytes, bytes);
        std::abort();
    }
    --blocks_held;
    bytes_held -= bytes;
    std::free(begin);
}

// What the fields take is theirs, and does not count.
template <class X>
struct Field {
    using value_type = X;
    Field() = default;
    template <class Y>
    Field(const Field<Y>&) noexcept {}
    X* allocate(std::size_t count) { return static_cast<X*>(std::malloc(count * sizeof(X))); }
    void deallocate(X* memory, std::size_t) noexcept { std::free(memory); }
    bool operator==(const Field&) const = default;
};
}  // namespace own

void* operator new(std::size_t bytes) {
    ++own::others;
    if (void* const memory = std::malloc(bytes)) return memory;
    std::abort();
}
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }

namespace {

using stet::field;

using Text = std::basic_string<char, std::char_traits<char>, own::Field<char>>;
template <class X>
using List = std::vector<X, own::Field<X>>;

struct Shape {
    int id = 0;
    float x = 0;
    Text label;
};
struct Document {
    int width = 1;
    Text title;
    Text body;
    List<Shape> shapes;
    List<int> numbers;
    std::list<int, own::Field<int>> chain;
    std::map<int, Text, std::less<>, own::Field<std::pair<const int, Text>>> names;
    std::optional<Text> maybe;
    std::variant<int, Text> either;
    Text cache;
    static constexpr auto schema() {
        return stet::fields(field<&Document::width>(stet::in_range(1, 100)),
                            field<&Document::shapes>(stet::keyed_by<&Shape::id>),
                            field<&Document::cache>(stet::transient));
    }
};

Text text(char c) { return Text(200, c); }

template <class H>
void works(H history) {
    const auto must = [](bool done) {
        if (!done) std::abort();
    };
    for (int i = 0; i < 60; ++i) {
        must(static_cast<bool>(history.edit("edit", [&](auto& edit) {
            edit.set(field<"width">, 1 + i % 90);
            edit.at(field<"body">).insert(0, "words");
            edit.at(field<"shapes">).push_back({i, 1, text('l')});
            edit.at(field<"shapes">)[0].set(field<"x">, static_cast<float>(i));
            edit.at(field<"names">).insert(i, text('n'));
            edit.set(field<"cache">, text('c'));
        })));
        must(static_cast<bool>(
            history.commit(i % 2 == 0 ? "even" : "a name that is too long for the place in a string", [&](Document& d) {
                d.title = text(static_cast<char>('a' + i % 20));
                for (int n = 0; n < 40; ++n) d.numbers.push_back(n * i);
                d.chain.push_front(i);
                d.maybe = text('m');
                d.either = text('e');
                if (i % 3 == 0) d.shapes.erase(d.shapes.begin());
                d.cache = text('d');
            })));
        must(static_cast<bool>(history.set(field<"width">, 99)));
    }
    {
        auto outer = history.group("drag");
        auto inner = history.group();
        for (int i = 0; i < 20; ++i) must(static_cast<bool>(history.set(field<"width">, 1 + i)));
        inner.close();
    }
    history.coalesce(stet::within(10));
    for (stet::Ticks now = 1; now < 20; ++now) {
        history.tick(now);
        must(static_cast<bool>(history.edit([&](auto& edit) {
            edit.at(field<"body">).insert(0, "w");
            edit.at(field<"numbers">).push_back(static_cast<int>(now));
        })));
    }
    int told = 0;
    {
        const auto subscription = history.subscribe([&](const stet::Patch<Document>&, stet::When) { ++told; });
        must(static_cast<bool>(history.set(field<"title">, text('!'))));
        must(static_cast<bool>(history.edit([](auto& edit) { edit.at(field<"shapes">).erase(0); })));
        must(static_cast<bool>(history.undo()));
        must(static_cast<bool>(history.redo()));
    }
    must(told == 8);
    while (history.undo()) {
    }
    must(static_cast<bool>(history.go_to(history.size() - 1)));
    must(static_cast<bool>(history.go_to(0)));
    must(static_cast<bool>(history.edit([](auto& edit) { edit.set(field<"width">, 7); })));
    H copy(history);
    must(static_cast<bool>(copy.undo()) && stet::equal(copy.at(1).value(), history.current()));
    history = std::move(copy);
}

template <class H>
bool all_from_there(const char* name) {
    own::taken = own::others = 0;
    works(H(Document{}));
    const bool ok = own::taken > 0 && own::others == 0 && own::blocks_held == 0 && own::bytes_held == 0;
    if (!ok)
        std::printf("%s: %zu blocks taken, %zu from elsewhere; %zu bytes in %zu blocks not given back\n", name,
                    own::taken, own::others, own::bytes_held, own::blocks_held);
    return ok;
}

}  // namespace

int main() {
    const bool line = all_from_there<stet::History<Document, 50>>("History");
    const bool tree = all_from_there<stet::History<Document, 50, stet::Branching>>("Branching");
    return line && tree ? 0 : 1;
}
