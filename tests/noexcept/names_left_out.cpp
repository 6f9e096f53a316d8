// Names as numbers: those of fields and enumerators are nowhere in the program.
#define STET_NO_NAMES
#include "names.hpp"

int main() {
    bool ok = names::same(names::printed(), R"(the change breaks a rule:
  1.1 is 9, must be in 100..6000
  2[1] is 10, must be at most 9
  3, 4: one must not exceed the other
  fix: correct the fields named in violations(), then commit again
the field cannot hold this value: '1.1'
  fix: give a whole number from 0 to 65535
1.0
1 -> 0
1.2.0
1 -> 2
later changes stand in the way: '1.2.0'
  fix: change that field back first, or say which side stands; a plan shows all conflicts()
)");
    if constexpr (in_memory::known) {
        for (const char* const name : names::all_names) {
            const auto found = in_memory::find(name);
            if (found.constant + found.writable == 0) continue;
            std::printf("%s: %d times, and %d times where it takes RAM\n", name, found.constant, found.writable);
            ok = false;
        }
        ok = ok && in_memory::find(names::a_sentence).constant > 0;
    }
    return ok ? 0 : 1;
}
