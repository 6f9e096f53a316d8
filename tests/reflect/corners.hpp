#pragma once
// Structs from many corners, read by several tests.

#include <stet/reflect/fields.hpp>
#include <stet/reflect/many_fields.hpp>

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>
#if defined(__GLIBCXX__) && !defined(_GLIBCXX_HAS_GTHREADS)  // a target without threads
namespace std {
class mutex {
public:
    mutex() = default;
    mutex(const mutex&) = delete;
    mutex& operator=(const mutex&) = delete;
};
}  // namespace std
#endif

namespace corners {

enum class Mode { off, eco, full };

struct Llm {
    std::string model = "gpt-4";
    double temperature = 0.7;
};
struct Settings {
    std::string name = "bot";
    int port = 8080;
    Llm llm;
    std::optional<Mode> mode;
    std::map<std::string, int> limits;
};

struct None {};
struct One {
    int only;
};
struct Tag {};
struct Tags {  // empty members
    Tag first;
    int between;
    [[no_unique_address]] Tag second;
};
struct Initialised {  // PFR's own count crashes g++ 12 here
    std::vector<int> v{1, 2};
    std::string s{"abc"};
    std::map<std::string, int> m{{"a", 1}};
    std::array<int, 3> a{1, 2, 3};
};
template <class A, class B = std::array<A, 2>>
struct Of {
    A first;
    B second;
};

class NoDefault {
public:
    explicit NoDefault(int value) : value_(value) {}
    bool operator==(const NoDefault&) const = default;

private:
    int value_;
};
struct HoldsNoDefault {
    int before;
    NoDefault inside;
    std::string after;
};
struct HoldsReferenceLike {
    std::atomic<int> counter;
    std::mutex mutex;
    int last;
};
struct HoldsMoveOnly {
    std::unique_ptr<int> owner;
    int last;
};
struct HoldsConst {
    const int fixed;
    const std::string text;
};

// The names of fields in other alphabets
struct Umlaute {
    int größe;
    double température;
    std::string 名前;
};

struct Tree {  // holds itself
    int value = 0;
    std::vector<Tree> children;
    std::map<std::string, Tree> named;
};

class Inside {  // lists its own members
public:
    Inside() = default;
    explicit Inside(int count) : count_(count) {}
    static constexpr auto members() { return stet::members<&Inside::count_, &Inside::label_>; }
    int count() const { return count_; }

private:
    int count_ = 0;
    std::string label_;
};

class Outside {  // cannot be edited
public:
    Outside() = default;
    Outside(int x, int y) : x_(x), y_(y) {}
    int x_ = 0;
    int y_ = 0;
    virtual ~Outside() = default;
    Outside(const Outside&) = default;
    Outside& operator=(const Outside&) = default;
};

struct Hundred {
    // clang-format off
    int f0, f1, f2, f3, f4, f5, f6, f7, f8, f9, f10, f11, f12, f13, f14, f15, f16, f17, f18, f19, f20, f21, f22, f23, f24,
        f25, f26, f27, f28, f29, f30, f31, f32, f33, f34, f35, f36, f37, f38, f39, f40, f41, f42, f43, f44, f45, f46, f47,
        f48, f49, f50, f51, f52, f53, f54, f55, f56, f57, f58, f59, f60, f61, f62, f63, f64, f65, f66, f67, f68, f69, f70,
        f71, f72, f73, f74, f75, f76, f77, f78, f79, f80, f81, f82, f83, f84, f85, f86, f87, f88, f89, f90, f91, f92, f93,
        f94, f95, f96, f97, f98;
    std::string last;
    // clang-format on
};
struct HundredAndOne {
    int first;
    // clang-format off
    char f0, f1, f2, f3, f4, f5, f6, f7, f8, f9, f10, f11, f12, f13, f14, f15, f16, f17, f18, f19, f20, f21, f22, f23, f24,
        f25, f26, f27, f28, f29, f30, f31, f32, f33, f34, f35, f36, f37, f38, f39, f40, f41, f42, f43, f44, f45, f46, f47,
        f48, f49, f50, f51, f52, f53, f54, f55, f56, f57, f58, f59, f60, f61, f62, f63, f64, f65, f66, f67, f68, f69, f70,
        f71, f72, f73, f74, f75, f76, f77, f78, f79, f80, f81, f82, f83, f84, f85, f86, f87, f88, f89, f90, f91, f92, f93,
        f94, f95, f96, f97, f98, f99;
    // clang-format on
};

// --- what cannot be read

struct WithCArray {
    int before;
    int numbers[3];
    float after;
};
struct WithStringCArray {  // PFR crashes g++ 12 here
    std::string names[2];
};
struct WithBitField {
    int flag : 1;
    int rest;
};
struct Base {
    int base;
};
struct Derived : Base {
    int own;
};
struct WithReference {
    int& to;
    int own;
};
struct WithConstReference {
    const std::string& to;
};
struct WithVolatile {
    volatile int port;
};
union Union {
    int whole;
    float real;
};
struct WithUnion {
    int before;
    Union either;
};
class Private {
public:
    Private() = default;
    int shown() const { return hidden_; }

private:
    int hidden_ = 0;
};
struct Virtual {
    int x;
    virtual void f();
};

}  // namespace corners

template <>
struct stet::Members<corners::Outside> {
    static constexpr auto list = stet::members<&corners::Outside::x_, &corners::Outside::y_>;
};
