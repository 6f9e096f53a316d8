#pragma once
// The file layer: every call that the library makes to a file system goes through a class like `Files`, so that a test
// can put one in its place that fails, or loses what was not synced. See <stet/test/files.hpp>.

#include <stet/policy/file_layer.hpp>

#include <stet/policy/files_posix.hpp>
#include <stet/policy/files_windows.hpp>

#if !defined(__unix__) && !defined(__APPLE__) && !defined(_WIN32)
#error \
    "stet: <stet/policy/files.hpp> knows POSIX and Windows; write a file_layer of your own (<stet/policy/file_layer.hpp>)"
#endif
