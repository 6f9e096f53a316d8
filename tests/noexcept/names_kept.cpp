// The names of fields are constants: in flash, and nowhere in RAM.
#include "names.hpp"

int main() {
    bool ok = names::same(names::printed(), R"(the change breaks a rule:
  qmotor.qspeed is 9, must be in 100..6000
  qpins[1] is 10, must be at most 9
  qleast, qmost: one must not exceed the other
  fix: correct the fields named in violations(), then commit again
the field cannot hold this value: 'qmotor.qspeed'
  fix: give a whole number from 0 to 65535
qmotor.qmode
qblack -> qwhite
qmotor.qpid.qproportion
1 -> 2
later changes stand in the way: 'qmotor.qpid.qproportion'
  fix: change that field back first, or say which side stands; a plan shows all conflicts()
)");
    if constexpr (in_memory::known) {
        for (const char* const name : names::all_names) {
            const auto found = in_memory::find(name);
            if (found.constant > 0 && found.writable == 0) continue;
            std::printf("%s: %d times, and %d times where it takes RAM\n", name, found.constant, found.writable);
            ok = false;
        }
    }
    return ok ? 0 : 1;
}
