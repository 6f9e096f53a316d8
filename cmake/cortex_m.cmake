# A toolchain file: firmware for a Cortex-M, which CTest runs in QEMU. For the tests of stet, and to start from.
#   cmake -S tests/cortex_m -B build/cortex-m0 --toolchain cmake/cortex_m.cmake -DSTET_CPU=cortex-m0
# Debian: gcc-arm-none-eabi libstdc++-arm-none-eabi-newlib libnewlib-arm-none-eabi qemu-system-arm, and Boost's headers.
set(STET_CPU cortex-m0 CACHE STRING "The core: cortex-m0, cortex-m3 or cortex-m4")
set_property(CACHE STET_CPU PROPERTY STRINGS cortex-m0 cortex-m3 cortex-m4)
set(CMAKE_SYSTEM_NAME Generic)
set(CMAKE_SYSTEM_PROCESSOR ${STET_CPU})
set(CMAKE_CXX_COMPILER arm-none-eabi-g++)
set(CMAKE_TRY_COMPILE_TARGET_TYPE STATIC_LIBRARY)
set(CMAKE_TRY_COMPILE_PLATFORM_VARIABLES STET_CPU)
set(CMAKE_FIND_ROOT_PATH_MODE_PROGRAM NEVER)

# -Wno-psabi: a note about GCC before 7.1, for each vector that is passed.
string(CONCAT CMAKE_CXX_FLAGS_INIT "-mcpu=${STET_CPU} -mthumb -Os -fno-exceptions -fno-rtti -ffunction-sections "
              "-fdata-sections -Wno-psabi")
set(CMAKE_EXE_LINKER_FLAGS_INIT "--specs=nano.specs -nostartfiles -Wl,--gc-sections")

# QEMU has no machine with a Cortex-M0; an M3 runs all of its instructions.
set(stet_machine_cortex-m0 mps2-an385)
set(stet_machine_cortex-m3 mps2-an385)
set(stet_machine_cortex-m4 mps2-an386)
if(NOT stet_machine_${STET_CPU})
    message(FATAL_ERROR "stet: STET_CPU is '${STET_CPU}'; write cortex-m0, cortex-m3 or cortex-m4")
endif()
set(CMAKE_CROSSCOMPILING_EMULATOR
    qemu-system-arm -M ${stet_machine_${STET_CPU}} -nographic -monitor none -serial none
    -semihosting-config enable=on,target=native -kernel)

# The host's include folder holds its C library, too: of that, only Boost may be seen.
if(NOT STET_BOOST_INCLUDE)
    find_path(STET_HOST_BOOST boost/pfr.hpp PATHS /usr/include /usr/local/include /opt/homebrew/include
              NO_CMAKE_FIND_ROOT_PATH)
    if(NOT STET_HOST_BOOST)
        message(FATAL_ERROR "stet: missing: Boost's headers, 1.81 or newer; or set STET_BOOST_INCLUDE to their folder")
    endif()
    set(stet_boost_only ${CMAKE_BINARY_DIR}/boost_only)
    file(MAKE_DIRECTORY ${stet_boost_only})
    file(CREATE_LINK ${STET_HOST_BOOST}/boost ${stet_boost_only}/boost SYMBOLIC)
    set(STET_BOOST_INCLUDE ${stet_boost_only} CACHE PATH "Folder that holds boost/pfr.hpp, and nothing of the host's")
endif()
