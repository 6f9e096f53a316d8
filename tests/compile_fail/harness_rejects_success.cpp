// rejected: compiles with -DFAIL
// A check of check.cmake itself: it must reject this file, which compiles with -DFAIL.
// expect: harness: an int is large
int main() {}
