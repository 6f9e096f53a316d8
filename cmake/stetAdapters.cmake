# The adapters, used by the build and by the installed package alike. include/stet/with/NAME.hpp is the header,
# stet::NAME the target (there only if the library is), NAME the component of find_package(stet).
set(stet_adapters "")
macro(stet_adapter name package target includes)
    list(APPEND stet_adapters ${name})
    set(stet_${name}_package ${package})
    set(stet_${name}_target ${target})
    set(stet_${name}_includes ${includes})
endmacro()
macro(stet_find_adapter name)
    if(NOT TARGET ${stet_${name}_target})
        find_package(${stet_${name}_package} ${ARGN})
    endif()
endmacro()

#            name          package        target                       its own headers
stet_adapter(nlohmann_json nlohmann_json  nlohmann_json::nlohmann_json nlohmann/)
stet_adapter(openssl       OpenSSL        OpenSSL::Crypto              openssl/)
stet_adapter(prometheus    prometheus-cpp prometheus-cpp::core         prometheus/)
stet_adapter(spdlog        spdlog         spdlog::spdlog               spdlog/)
