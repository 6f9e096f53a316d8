# stet_dev: stet::stet with the warnings and the checks of those who work on it. Never installed, never exported.
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set(CMAKE_CXX_EXTENSIONS OFF)
find_package(Threads REQUIRED)
add_library(stet_dev INTERFACE)
target_link_libraries(stet_dev INTERFACE stet::stet Threads::Threads)
if(MSVC)
    target_compile_options(stet_dev INTERFACE /W4 /WX /permissive- /bigobj)
else()
    target_compile_options(stet_dev INTERFACE -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Werror)
    if(MINGW)
        target_compile_options(stet_dev INTERFACE -Wa,-mbig-obj)
    endif()
endif()

# A library that was built for another standard library is there, but does not link.
include(CheckCXXSourceCompiles)
set(stet_unusable "")
function(stet_try_adapter name program)
    if(NOT TARGET stet::${name})
        return()
    endif()
    set(CMAKE_REQUIRED_LIBRARIES ${stet_${name}_links})
    set(CMAKE_CXX_STANDARD 20)
    check_cxx_source_compiles("${program}" STET_LINKS_${name})
    if(NOT STET_LINKS_${name})
        set(stet_unusable "${stet_unusable};${name}" PARENT_SCOPE)
    endif()
endfunction()
stet_try_adapter(prometheus "#include <prometheus/counter.h>
#include <prometheus/registry.h>
int main() {
    prometheus::Registry registry;
    prometheus::BuildCounter().Name(std::string(\"stet\")).Register(registry).Add({}).Increment();
}")
stet_try_adapter(spdlog "#include <spdlog/logger.h>
#include <string>
int main() { return spdlog::logger(std::string(\"stet\")).name().empty() ? 1 : 0; }")

# Which adapters a source (or a header) includes: stet_needed is the list of their targets, stet_absent names those
# whose library is not installed, or not to be used.
function(stet_adapters_of source)
    set(needed "")
    set(absent "")
    foreach(adapter IN LISTS stet_adapters)
        file(STRINGS ${source} found REGEX "# *include *<(stet/with/${adapter}[./]|${stet_${adapter}_includes})")
        if(found AND TARGET stet::${adapter} AND NOT adapter IN_LIST stet_unusable)
            list(APPEND needed stet::${adapter})
        elseif(found)
            list(APPEND absent ${adapter})
        endif()
    endforeach()
    set(stet_needed "${needed}" PARENT_SCOPE)
    set(stet_absent "${absent}" PARENT_SCOPE)
endfunction()
