# cmake -D NM=... -D ELF=... -P no_hidden_cost.cmake: is there anything in the linked program that firmware without heap
# and exceptions must not have?
set(forbidden
    "(_malloc_r|malloc|_free_r|free|calloc|realloc|_sbrk|_sbrk_r) " "malloc"
    "operator (new|delete)" "operator new"
    "__cxa_guard_" "a guard of a local static"
    "__cxa_(throw|allocate_exception|begin_catch)|_Unwind_" "exceptions"
    "typeinfo for |__dynamic_cast" "run-time type information"
    "_GLOBAL__sub_I_|__cxa_atexit" "a static constructor"
    "std::(__cxx11::)?(basic_string<|__throw_length_error)" "std::string"
    "std::(basic_[io]*stream|ios_base|locale)|_*[a-z]*printf" "a stream"
    "pthread_|std::mutex|__atomic_|__sync_" "a lock")
execute_process(COMMAND ${NM} -C ${ELF} OUTPUT_VARIABLE symbols COMMAND_ERROR_IS_FATAL ANY)
string(REPLACE ";" "," symbols "${symbols}")
string(REPLACE "\n" " ;" symbols "${symbols}")
list(LENGTH symbols count)
if(count LESS 10)
    message(FATAL_ERROR "${ELF} has no symbols")
endif()

set(bad "")
while(forbidden)
    list(POP_FRONT forbidden pattern what)
    foreach(symbol IN LISTS symbols)
        string(REGEX REPLACE "^[0-9a-f ]* [a-zA-Z] " "" name "${symbol}")
        if(name MATCHES "^(${pattern})")
            string(APPEND bad "${what}: ${name}\n")
        endif()
    endforeach()
endwhile()
# Constructors stand in a table, by no name.
string(REGEX MATCH "([0-9a-f]+) [a-zA-Z] __init_array_start " _ "${symbols}")
set(first "${CMAKE_MATCH_1}")
string(REGEX MATCH "([0-9a-f]+) [a-zA-Z] __init_array_end " _ "${symbols}")
if(NOT first OR NOT first STREQUAL CMAKE_MATCH_1)
    string(APPEND bad "a static constructor: .init_array is not empty\n")
endif()
if(bad)
    message(FATAL_ERROR "found in ${ELF}\n${bad}")
endif()
