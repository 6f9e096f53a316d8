#pragma once
/// The version of this library; CMake reads these three lines.
#define STET_VERSION_MAJOR 0
#define STET_VERSION_MINOR 1
#define STET_VERSION_PATCH 0
