// rejected: on line [1-9][0-9], later than 10
// A check of check.cmake itself: it must reject this file, whose sentence comes after ten other errors.
// expect: harness: the eleventh
int main() {
#ifdef FAIL
    static_assert(sizeof(int) == 1, "1");
    static_assert(sizeof(int) == 1, "2");
    static_assert(sizeof(int) == 1, "3");
    static_assert(sizeof(int) == 1, "4");
    static_assert(sizeof(int) == 1, "5");
    static_assert(sizeof(int) == 1, "harness: the eleventh");
#endif
}
