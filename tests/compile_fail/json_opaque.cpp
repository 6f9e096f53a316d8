// expect: stet: JSON: T has a field of a type whose inside the library does not know; specialise stet::JsonFormat
// expect: compile_fail/json_opaque.cpp:
// not: boost/pfr
#include <stet/with/nlohmann_json.hpp>

class Date {
public:
    bool operator==(const Date&) const = default;

private:
    int day_ = 0;
};
struct Meeting {
    std::string title;
    std::vector<Date> dates;
};
#ifndef FAIL
template <>
struct stet::JsonFormat<Date> {
    static nlohmann::json write(const Date&) { return 0; }
    static bool read(const nlohmann::json&, Date&) { return true; }
};
#endif

int main() { return static_cast<int>(stet::to_json(Meeting{}).size()); }
