#pragma once
// What stays of one sequence in another, in order, so that as little as possible comes and goes: a shortest edit
// script, found from both ends at once, in linear space and without the heap (Myers, "An O(ND) difference algorithm and
// its variations", 1986). Where much changes the search gives up early; what it did not look through is replaced.

#include <stet/config.hpp>

#include <cstddef>

namespace stet::detail {

/// At most so many elements are looked for that come and go.
inline constexpr std::size_t script_limit = 256;

/// `sides.run(x, y, most)` says how many elements are equal from two positions on, `sides.run_before(x, y, most)` how
/// many before them. `replaced(x, x_end, y, y_end)` is called, in order, for what lies between the elements that stay.
/// Spends about 8 comparisons on an element.
template <class Sides, class Replaced>
class EditScript {
    struct Part {
        std::size_t x, x_end, y, y_end;
        constexpr std::size_t least() const { return x_end - x < y_end - y ? x_end - x : y_end - y; }
    };
    struct Meeting {
        bool found = false;
        std::size_t x = 0, y = 0;
    };

public:
    constexpr EditScript(const Sides& sides, const Replaced& replaced) : sides_(sides), replaced_(replaced) {}

    /// Of two sequences of these sizes, of which the first `head` elements stay.
    constexpr void run(std::size_t head, std::size_t from, std::size_t to) {
        work_ = 8 * (from + to) + 2048;
        x_ = y_ = head;
        if (!only_one(head, from, to)) walk({head, from, head, to});
        stay(from, to, 0);
    }

private:
    // What most changes are. Asked from the front, in the order of memory.
    constexpr bool only_one(std::size_t head, std::size_t from, std::size_t to) {
        if (from != to || head == from || sides_.run(head, head, 1) != 0) return false;
        const std::size_t rest = from - head - 1;
        if (sides_.run(head + 1, head + 1, rest) != rest) return false;
        stay(head + 1, head + 1, rest);
        return true;
    }

    constexpr void walk(Part at) {
        if (const std::size_t head = sides_.run(at.x, at.y, at.least()); head > 0) {
            stay(at.x, at.y, head);
            at.x += head;
            at.y += head;
        }
        const std::size_t tail = sides_.run_before(at.x_end, at.y_end, at.least());
        at.x_end -= tail;
        at.y_end -= tail;
        if (at.least() > 0) {
            if (const Meeting middle = meet(at, limit(at)); middle.found) {
                walk({at.x, middle.x, at.y, middle.y});
                walk({middle.x, at.x_end, middle.y, at.y_end});
            } else in_place(at);
        }
        if (tail > 0) stay(at.x_end, at.y_end, tail);
    }

    constexpr void stay(std::size_t x, std::size_t y, std::size_t count) {
        if (x_ != x || y_ != y) replaced_(x_, x, y_, y);
        x_ = x + count;
        y_ = y + count;
    }

    // Where as many come as go, a script must be shorter than to change elements where they are.
    constexpr std::size_t limit(const Part& at) {
        const std::size_t count = at.least();
        if (at.x_end - at.x != at.y_end - at.y) return script_limit;
        std::size_t changed = 0;
        for (std::size_t i = 0; i < count && changed <= script_limit / 2; ++i) {
            i += sides_.run(at.x + i, at.y + i, count - i);
            if (i < count) ++changed;
        }
        spend(count);
        return 2 * (changed - 1) < script_limit ? 2 * (changed - 1) : script_limit;
    }

    constexpr void in_place(const Part& at) {
        const std::size_t count = at.least();
        for (std::size_t i = 0; i < count; ++i) {
            const std::size_t run = sides_.run(at.x + i, at.y + i, count - i);
            if (run > 0) stay(at.x + i, at.y + i, run);
            i += run;
        }
    }

    constexpr void spend(std::size_t comparisons) { work_ = work_ > comparisons ? work_ - comparisons : 0; }

    // Ways from both ends, each as far as it gets with one more element that comes or goes, until two of them meet: a
    // shortest way leads through there. On diagonal k are the points with x - y == k. Both ends differ.
    STET_NO_INLINE constexpr Meeting meet(const Part& at, std::size_t limit) {
        using Index = std::ptrdiff_t;
        constexpr Index most = script_limit / 2;
        const auto rounds = static_cast<Index>(limit / 2);
        const auto n = static_cast<Index>(at.x_end - at.x);
        const auto m = static_cast<Index>(at.y_end - at.y);
        const Index delta = n - m;
        const bool odd = (delta & 1) != 0;
        Index from_start[2 * most + 1];
        Index from_end[2 * most + 1];  // there x, y and k count from the end
        Index* const ahead = from_start + most;
        Index* const behind = from_end + most;
        ahead[0] = behind[0] = 0;
        const auto step = [](const Index* reached, Index k, Index d) {
            return k == -d || (k != d && reached[k - 1] < reached[k + 1]) ? reached[k + 1] : reached[k - 1] + 1;
        };
        // What is equal from there on; past the edge nothing is.
        const auto slide = [&](Index x, Index y, auto&& run) {
            std::size_t count = 0;
            if (x < n && y < m)
                count = run(static_cast<std::size_t>(x), static_cast<std::size_t>(y),
                            static_cast<std::size_t>(n - x < m - y ? n - x : m - y));
            spend(count + 1);
            return static_cast<Index>(count);
        };
        for (Index d = 1; d <= rounds; ++d) {
            for (Index k = -d; k <= d && work_ > 0; k += 2) {
                Index x = step(ahead, k, d);
                x += slide(x, x - k, [&](std::size_t i, std::size_t j, std::size_t count) {
                    return sides_.run(at.x + i, at.y + j, count);
                });
                ahead[k] = x;
                const Index other = delta - k;
                if (odd && -d < other && other < d && x + behind[other] >= n)
                    return {true, at.x + static_cast<std::size_t>(x), at.y + static_cast<std::size_t>(x - k)};
            }
            for (Index k = -d; k <= d && work_ > 0; k += 2) {
                Index x = step(behind, k, d);
                x += slide(x, x - k, [&](std::size_t i, std::size_t j, std::size_t count) {
                    return sides_.run_before(at.x_end - i, at.y_end - j, count);
                });
                behind[k] = x;
                const Index other = delta - k;
                if (!odd && -d <= other && other <= d && x + ahead[other] >= n)
                    return {true, at.x_end - static_cast<std::size_t>(x), at.y_end - static_cast<std::size_t>(x - k)};
            }
            if (work_ == 0) return {};
        }
        return {};
    }

    const Sides& sides_;
    const Replaced& replaced_;
    std::size_t work_ = 0;
    std::size_t x_ = 0;  // behind what stayed last
    std::size_t y_ = 0;
};

}  // namespace stet::detail
