// rejected: the output must not hold: int is
// A check of check.cmake itself: it must reject this file, whose output holds what it must not.
// expect: harness: an int is large
// not: int is
int main() {
#ifdef FAIL
    static_assert(sizeof(int) == 1, "harness: an int is large");
#endif
}
