// rejected: the output does not hold: harness
// A check of check.cmake itself: it must reject this file, whose sentence is never printed.
// expect: harness: another sentence
static_assert(sizeof(int) > 1, "harness: an int is small");

int main() {
#ifdef FAIL
    static_assert(sizeof(int) == 1, "harness: an int is large");
#endif
}
