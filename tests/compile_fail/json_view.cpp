// expect: stet: JSON: T has a text that owns no characters; write std::string instead of std::string_view
// not: boost/pfr
#include <stet/with/nlohmann_json.hpp>

struct Named {
    std::string_view name = "bot";
};

int main() {
    stet::to_json(Named{});  // out is no question
#ifdef FAIL
    return stet::parse_json<Named>("{}").has_value() ? 0 : 1;
#endif
}
