// Paths are parsed by names that are left out.
// expect: stet: STET_NO_NAMES: a Path is parsed by the names of fields; include <stet/embedded.hpp> only
#define STET_NO_NAMES
#ifdef FAIL
#include <stet/stet.hpp>
#else
#include <stet/embedded.hpp>
#endif

int main() {}
