# Sourced by tests/run, examples/run and bench/run: finds out what is missing and, where there is apt, installs it.
# shellcheck shell=bash

# have_header HEADER: the compiler finds it.
have_header() { echo "#include <$1>" | "${CXX:-c++}" -std=c++20 -E -x c++ - >/dev/null 2>&1; }
have_program() { command -v "$1" >/dev/null 2>&1; }
have_package() { dpkg-query -W -f '${Status}' "$1" 2>/dev/null | grep -q 'ok installed'; }
available() { apt-cache show "$1" >/dev/null 2>&1; }

as_root() {
    if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi
}

# boost_package: Boost 1.81 if the distribution has it, else its newest of 1.81 or later.
boost_package() {
    if available libboost1.81-dev; then
        echo libboost1.81-dev
    else
        apt-cache pkgnames libboost1. | sed -n 's/^libboost1\.\([0-9]*\)-dev$/\1/p' | sort -n |
            awk '$1 >= 81 { newest = $1 } END { print newest ? "libboost1." newest "-dev" : "libboost1.81-dev" }'
    fi
}

# prepare CALLER WHAT...: WHAT is compiler, cmake, ninja, boost, doctest, rapidcheck, nlohmann, sqlite, openssl,
# prometheus, spdlog, benchmark or the name of an apt package. Nothing is ever removed to make room, but on a machine of
# CI. Without apt CMake will say what it does not find.
prepare() {
    local caller=$1 what missing=()
    shift
    have_program apt-get || return 0
    if [ -z "$(apt-cache pkgnames cmake 2>/dev/null | head -n 1)" ]; then as_root apt-get update -qq || true; fi
    for what in "$@"; do
        case $what in
        compiler) have_program "${CXX:-c++}" || missing+=(g++) ;;
        cmake) have_program cmake || missing+=(cmake) ;;
        ninja) have_program ninja || missing+=(ninja-build) ;;
        boost) have_header boost/pfr.hpp || missing+=("$(boost_package)") ;;
        doctest) have_header doctest/doctest.h || missing+=(doctest-dev) ;;
        rapidcheck) have_header rapidcheck.h || missing+=(librapidcheck-dev) ;;
        nlohmann) have_header nlohmann/json.hpp || missing+=(nlohmann-json3-dev) ;;
        sqlite) have_header sqlite3.h || missing+=(libsqlite3-dev) ;;
        openssl) have_header openssl/evp.h || missing+=(libssl-dev) ;;
        prometheus) have_header prometheus/registry.h || missing+=(prometheus-cpp-dev) ;;
        spdlog) have_header spdlog/spdlog.h || missing+=(libspdlog-dev) ;;
        benchmark) have_header benchmark/benchmark.h || missing+=(libbenchmark-dev) ;;
        *) have_package "$what" || missing+=("$what") ;;
        esac
    done
    [ ${#missing[@]} = 0 ] && return 0
    echo "$caller: installing: ${missing[*]}"
    if [ "$(id -u)" != 0 ] && ! have_program sudo; then
        echo "$caller: only root can, and there is no sudo; as root: apt-get install ${missing[*]}"
        return 2
    fi
    local install=(env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends)
    [ "${CI:-}" = true ] || install+=(--no-remove)
    as_root "${install[@]}" "${missing[@]}" >/dev/null 2>&1 && return 0
    as_root apt-get update -qq && as_root "${install[@]}" "${missing[@]}" >/dev/null && return 0
    echo "$caller: apt-get could not install: ${missing[*]}"
    return 2
}

# configure CALLER FOLDER OPTION...: quiet if it works; exit code 2, and how to get it, if something is missing.
configure() {
    local caller=$1 folder=$2 log status=0
    shift 2
    if ! have_program cmake || ! have_program "${CXX:-c++}"; then
        echo "$caller: missing: a C++20 compiler and CMake 3.23 or newer (apt: g++ cmake, brew: gcc cmake)"
        return 2
    fi
    local options=()
    if [ ! -f "$folder/CMakeCache.txt" ]; then
        have_program ninja && options+=(-G Ninja)
        have_program ccache && options+=(-DCMAKE_CXX_COMPILER_LAUNCHER=ccache)
    fi
    mkdir -p "$folder"
    log=$folder/configure.log
    cmake -S . -B "$folder" ${options[@]+"${options[@]}"} "$@" >"$log" 2>&1 || status=$?
    grep -E '^-- stet: ' "$log" || true
    [ $status = 0 ] && return 0
    cat "$log"
    if grep -q 'stet: missing: ' "$log"; then
        echo "$caller: something is missing; one of these gets it:"
        echo "  brew install cmake ninja boost doctest nlohmann-json rapidcheck google-benchmark \\"
        echo "      sqlite openssl prometheus-cpp spdlog"
        echo "  vcpkg install boost-pfr doctest nlohmann-json rapidcheck benchmark \\"
        echo "      sqlite3 openssl prometheus-cpp spdlog   (then set CMAKE_TOOLCHAIN_FILE)"
        echo "  conan install --requires=boost/1.86.0 --requires=doctest/2.4.11 --requires=nlohmann_json/3.11.3 \\"
        echo "      -g CMakeDeps -g CMakeToolchain --build=missing   (then set CMAKE_TOOLCHAIN_FILE)"
        rm -f "$folder/CMakeCache.txt"
        return 2
    fi
    return 1
}

jobs() { nproc 2>/dev/null || getconf _NPROCESSORS_ONLN 2>/dev/null || echo 2; }

# build FOLDER OPTION...: goes on after an error, so that one broken file does not hide the others.
build() {
    local folder=$1
    shift
    if [ -f "$folder/build.ninja" ]; then
        cmake --build "$folder" -j "$(jobs)" "$@" -- -k 0
    else
        cmake --build "$folder" -j "$(jobs)" "$@" -- -k
    fi
}

# ctest_totals LOG: 'N passed, N failed', from what ctest printed.
ctest_totals() {
    sed -n 's/.*tests passed, \([0-9]*\) tests\{0,1\} failed out of \([0-9]*\).*/\1 \2/p' "$1" |
        awk '{ print $2 - $1 " passed, " $1 + 0 " failed" }'
}

# What tests/run does without arguments.
default_prepare() {
    prepare "$1" compiler cmake ninja boost doctest rapidcheck nlohmann sqlite openssl prometheus spdlog
}
default_configure() {
    local caller=$1
    shift
    configure "$caller" build -DCMAKE_BUILD_TYPE=Debug -DCMAKE_CXX_FLAGS_DEBUG=-g1 -DSTET_BENCH=OFF "$@"
}
