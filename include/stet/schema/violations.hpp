#pragma once
// Broken rules of any struct: a growing list of texts.

#include <stet/schema/violation.hpp>

#include <concepts>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace stet {
namespace detail {

template <class Write>
std::string to_text(Write&& write) {
    std::string text;
    write(Writer(text));
    return text;
}

}  // namespace detail

/// A broken rule, or something else that is wrong with outside data: where, what is there, which rule, what is right.
class Violation {
public:
    Violation(std::string path, std::string value, std::string rule, std::string expected,
              Severity severity = Severity::error)
        : path_(std::move(path)),
          value_(std::move(value)),
          rule_(std::move(rule)),
          expected_(std::move(expected)),
          severity_(severity) {}
    template <std::size_t Depth, class Known>
    explicit Violation(const FlatViolation<Depth, Known>& flat)
        : path_(flat.path().view()),
          value_(flat.value().view()),
          rule_(flat.rule()),
          expected_(flat.expected().view()),
          severity_(flat.severity()) {}

    Violation(const Violation&) = default;
    Violation(Violation&&) = default;
    Violation& operator=(const Violation&) = default;
    Violation& operator=(Violation&&) = default;
    STET_NO_INLINE ~Violation() {}  // NOLINT(modernize-use-equals-default): lists are destroyed in place, mostly empty

    const std::string& path() const { return path_; }
    /// What is there, as text; dots for a secret, empty where no single value is to blame.
    const std::string& value() const { return value_; }
    const std::string& rule() const { return rule_; }
    const std::string& expected() const { return expected_; }
    Severity severity() const { return severity_; }

    friend const Writer& operator<<(const Writer& out, const Violation& violation) {
        const bool shown = !violation.value_.empty();
        out << (violation.path_.empty() && shown ? "the value" : violation.path_.c_str());
        if (shown) out << " is " << violation.value_;
        out << (shown ? ", " : violation.path_.empty() ? "" : ": ") << violation.expected_;
        if (violation.severity_ == Severity::warning) out << " (warning)";
        return out;
    }

private:
    std::string path_, value_, rule_, expected_;
    Severity severity_;
};

/// All violations of a value, in the order of the schema. Use it as `Violations`; it is a template so that who does not
/// use it does not compile it.
template <class Item>
class BasicViolations {
public:
    using Where = PathView;

    BasicViolations() = default;
    template <std::size_t Capacity, std::size_t Depth, class Known>
    explicit BasicViolations(const FlatViolations<Capacity, Depth, Known>& flat) : refuse_(flat.refuse()) {
        for (const auto& violation : flat) items_.emplace_back(violation);
    }
    explicit BasicViolations(const detail::NoViolations&) {}

    std::size_t size() const { return items_.size(); }
    bool empty() const { return items_.empty(); }
    auto begin() const { return items_.begin(); }
    auto end() const { return items_.end(); }
    const Item& operator[](std::size_t i) const { return items_[i]; }
    /// Is any of them an error, not a warning?
    bool refuse() const { return refuse_; }

    void add(Item violation) {
        refuse_ = refuse_ || violation.severity() == Severity::error;
        items_.push_back(std::move(violation));
    }
    template <class Rule, class V>
    void add(const PathView& path, const Rule& rule, const V& value, Severity severity) {
        std::string shown;
        if (path.secret()) shown = secret_dots;
        else if constexpr (!std::is_same_v<V, detail::NotKeyed>) detail::write_value(Writer(shown), value);
        std::string expected;
        std::string_view name = "rule";
        if constexpr (detail::says_expected<Rule>) {
            rule.expected(Writer(expected));
            name = Rule::name;
        } else detail::Bare<Rule>::expected(Writer(expected));
        add(Item(detail::to_text([&](const Writer& out) { out << path; }), std::move(shown), std::string(name),
                 std::move(expected), severity));
    }

private:
    bool refuse_ = false;
    std::vector<Item> items_;
};

}  // namespace stet
