#pragma once
// The standard's vector and string with memory from heap.hpp.

#include <stet/heap.hpp>

#include <string>
#include <vector>

namespace stet::detail {

template <class X>
using HeapVector = std::vector<X, Heap<X>>;
using HeapString = std::basic_string<char, std::char_traits<char>, Heap<char>>;

}  // namespace stet::detail
