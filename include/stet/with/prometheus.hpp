#pragma once
// `Prometheus`: counts, durations and sizes of operations by prometheus-cpp (1.0 or later).

#include <stet/policy/also.hpp>
#include <stet/reflect/enums.hpp>

#include <prometheus/counter.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>

#include <cstddef>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace stet {

/// Metrics of a registry: `stet::also(stet::AuditLog{}, stet::Prometheus{registry, {{"store", "settings"}}})`. By
/// operation and outcome, and with the labels that it is given:
///
///     stet_operations_total             how many
///     stet_operation_duration_seconds   until they were decided
///     stet_changed_fields               how many fields a revision changed
///     stet_change_bytes                 how long these changes are, as text
///
/// All series are there from the beginning, so that nothing is allocated later.
class Prometheus {
public:
    explicit Prometheus(std::shared_ptr<prometheus::Registry> registry, const prometheus::Labels& labels = {})
        : registry_(std::move(registry)) {
        auto& count = prometheus::BuildCounter()
                          .Name("stet_operations_total")
                          .Help("Operations on a versioned value")
                          .Register(*registry_);
        auto& duration = prometheus::BuildHistogram()
                             .Name("stet_operation_duration_seconds")
                             .Help("Time until an operation was decided")
                             .Register(*registry_);
        auto& fields = prometheus::BuildHistogram()
                           .Name("stet_changed_fields")
                           .Help("Fields that a revision changed")
                           .Register(*registry_);
        auto& bytes = prometheus::BuildHistogram()
                          .Name("stet_change_bytes")
                          .Help("Length of the changes of a revision, as text")
                          .Register(*registry_);
        using Bounds = prometheus::Histogram::BucketBoundaries;
        for (std::size_t operation = 0; enum_has<Operation>(operation); ++operation)
            for (std::size_t outcome = 0; enum_has<Outcome>(outcome); ++outcome) {
                prometheus::Labels all = labels;
                all["operation"] = enum_name(static_cast<Operation>(operation));
                all["outcome"] = enum_name(static_cast<Outcome>(outcome));
                series_.push_back({&count.Add(all),
                                   &duration.Add(all, Bounds{1e-6, 1e-5, 1e-4, 1e-3, 1e-2, 0.1, 1, 10}),
                                   &fields.Add(all, Bounds{1, 10, 100, 1'000, 10'000}),
                                   &bytes.Add(all, Bounds{100, 1'000, 10'000, 100'000, 1'000'000})});
            }
    }

    void operator()(const AuditRecord& record) const {
        const std::size_t at =
            static_cast<std::size_t>(record.operation) * outcomes() + static_cast<std::size_t>(record.outcome);
        if (at >= series_.size()) return;
        const Series& series = series_[at];
        series.count->Increment();
        series.duration->Observe(static_cast<double>(record.duration) * 1e-9);
        if (record.changes.empty()) return;
        std::size_t bytes = 0;
        for (const AuditedChange& change : record.changes)
            bytes += change.path.size() + change.before.size() + change.after.size();
        series.fields->Observe(static_cast<double>(record.changes.size()));
        series.bytes->Observe(static_cast<double>(bytes));
    }

private:
    struct Series {
        prometheus::Counter* count;
        prometheus::Histogram* duration;
        prometheus::Histogram* fields;
        prometheus::Histogram* bytes;
    };
    template <class E>
    static bool enum_has(std::size_t value) {
        return !enum_name(static_cast<E>(value)).empty();
    }
    static std::size_t outcomes() {
        std::size_t count = 0;
        while (enum_has<Outcome>(count)) ++count;
        return count;
    }

    std::shared_ptr<prometheus::Registry> registry_;  // which the series are of
    std::vector<Series> series_;
};

static_assert(audit_listener<Prometheus>);

}  // namespace stet
