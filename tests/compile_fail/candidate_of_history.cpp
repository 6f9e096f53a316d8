// A draft of a History, which has groups for that.
// expect: stet: candidate: a History has no drafts; edit it in a group, which takes all of it back
// not: boost/pfr
#include <stet/stet.hpp>

struct Settings {
    int port = 1;
};

int main() {
    stet::History<Settings, 4> history{Settings{}};
#ifdef FAIL
    stet::candidate(history);
#else
    static_cast<void>(history.group().cancel());
#endif
    return 0;
}
