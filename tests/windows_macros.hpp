// What <windows.h> defines in small letters, where nobody has told it not to. To be included before headers of stet,
// and behind all others.

#include "precompiled.hpp"

#include <doctest/doctest.h>

#include <cerrno>
#include <csignal>
#include <initializer_list>
#include <ostream>
#include <sstream>
#include <string_view>
#include <system_error>

#if defined(__unix__) || defined(__APPLE__)
#include <dirent.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>
#endif

#undef min
#undef max
#define min(a, b) (((a) < (b)) ? (a) : (b))
#define max(a, b) (((a) > (b)) ? (a) : (b))
#define near
#define far
#define pascal
#define cdecl
#define small char
#define hyper long long
#define interface struct
