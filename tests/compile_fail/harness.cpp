// A check of check.cmake itself: the sentence is found, inside a function template that is used, too.
// expect: harness: T is not an 'int', ;  nor [1]
// expect: compile_fail/harness.cpp:
// not: boost/pfr
template <typename T>
void use() {
    static_assert(sizeof(T) == sizeof(int), "harness: T is not an 'int', ; nor [1]");
}

int main() {
    use<int>();
#ifdef FAIL
    use<char>();
#endif
}
