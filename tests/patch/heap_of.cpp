#include <stet/patch/heap_of.hpp>

#include <doctest/doctest.h>

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

using stet::detail::heap_of;

namespace {

struct Item {
    int number = 0;
    std::string text;
};

}  // namespace

TEST_CASE("heap_of: nothing for what holds all of itself") {
    CHECK(heap_of(7) == 0);
    CHECK(heap_of(std::string("short")) == 0);
    CHECK(heap_of(std::optional<std::string>()) == 0);
    CHECK(heap_of(std::vector<int>()) == 0);
}

TEST_CASE("heap_of: the room of text and elements, and what those hold, wherever they are") {
    const std::string text(100, 'x');
    const std::size_t long_text = text.capacity();
    CHECK(heap_of(text) == long_text);
    std::vector<int> numbers;
    numbers.reserve(10);
    CHECK(heap_of(numbers) == numbers.capacity() * sizeof(int));
    const std::vector<std::string> texts{text, "short"};
    CHECK(heap_of(texts) == texts.capacity() * sizeof(std::string) + heap_of(texts[0]));
    CHECK(heap_of(std::optional<std::string>(text)) >= 100);
    CHECK(heap_of(std::variant<int, std::string>(text)) >= 100);
    CHECK(heap_of(Item{1, text}) >= 100);
    CHECK(heap_of(Item{1, "short"}) == 0);
    const std::map<int, std::string> map{{1, "short"}, {2, text}};
    CHECK(heap_of(map) == 2 * (sizeof(std::pair<const int, std::string>) + 2 * sizeof(void*)) + heap_of(map.at(2)));
}
