// expect: stet: checksum: T has an opaque field, of which only == is known; specialise stet::checksum_of for its type
// not: boost/pfr
#include <stet/stet.hpp>

class Date {
public:
    bool operator==(const Date&) const = default;
    int days() const { return days_; }

private:
    int days_ = 0;
};
struct Meeting {
    int room = 0;
    Date date;
};
#ifndef FAIL
template <>
inline constexpr auto stet::checksum_of<Date> = [](const Date& date) { return date.days(); };
#endif

int main() { return stet::checksum(Meeting{}) == 0 ? 1 : 0; }
