// expect: stet: JSON: T has a field of a type whose inside the library does not know; specialise stet::JsonFormat
// expect: compile_fail/json_session_opaque.cpp:
// not: boost/pfr
#include <stet/with/nlohmann_json.hpp>

class Date {
public:
    bool operator==(const Date&) const = default;

private:
    int day_ = 0;
};
struct Meeting {
    int title = 0;
    Date date;
};
#ifndef FAIL
template <>
struct stet::JsonFormat<Date> {
    static nlohmann::json write(const Date&) { return 0; }
    static bool read(const nlohmann::json&, Date&) { return true; }
};
#endif

int main() {
    const stet::History<Meeting, 8> history{Meeting{}};
    return stet::save_session(history).has_value() ? 0 : 1;
}
