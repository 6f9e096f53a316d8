#pragma once
// Changes as lines of text, as visitors see them: "path: before -> after".

#include <stet/patch/visit.hpp>

#include <string>
#include <vector>

struct AddLine {
    std::vector<std::string>& lines;
    template <class A, class B>
    void operator()(const stet::PathView& path, const A& before, const B& after) const {
        const stet::Writer out(lines.emplace_back());
        out << path << ": ";
        write(out, before);
        out << " -> ";
        write(out, after);
    }

private:
    template <class V>
    static void write(const stet::Writer& out, const V& value) {
        if constexpr (stet::detail::is_absent<V>) out << "absent";
        else stet::detail::write_value(out, value);
    }
};

template <class Patch>
std::vector<std::string> changes_of(const Patch& patch) {
    std::vector<std::string> lines;
    patch.visit(AddLine{lines});
    return lines;
}
