#pragma once
// `Spdlog`: every operation as a line of a log, by spdlog (1.9 or later).

#include <stet/policy/also.hpp>
#include <stet/reflect/enums.hpp>
#include <stet/schema/print.hpp>
#include <stet/schema/violations.hpp>

#include <spdlog/logger.h>

#include <memory>
#include <string>
#include <string_view>
#include <utility>

namespace stet {

/// Writes to a logger of yours: `stet::also(stet::AuditLog{}, stet::Spdlog{logger})`. One line each, without the values
/// of fields; texts are quoted, so that no author can write a line of his own:
///
///     operation=commit outcome=done before=6 after=7 author="admin" reason="incident 42" changes=2 duration_ns=1800
///
/// `done` is info, `unchanged` debug, `refused` a warning, `denied` an error.
class Spdlog {
public:
    explicit Spdlog(std::shared_ptr<spdlog::logger> logger) : logger_(std::move(logger)) {}

    void operator()(const AuditRecord& record) const {
        const auto level = level_of(record.outcome);
        if (!logger_->should_log(level)) return;
        const std::string line = detail::to_text([&](const Writer& out) {
            out << "operation=" << enum_name(record.operation) << " outcome=" << enum_name(record.outcome)
                << " before=" << record.before << " after=" << record.after;
            write_text(out, " author=", record.author);
            write_text(out, " reason=", record.reason);
            write_text(out, " source=", record.source);
            write_text(out, " subject=", record.subject);
            out << " changes=" << record.changes.size() << " duration_ns=" << record.duration;
            if (record.clock_back) out << " clock_back=true";
            write_text(out, " error=", record.error);
        });
        logger_->log(level, spdlog::string_view_t(line.data(), line.size()));
    }

private:
    static spdlog::level::level_enum level_of(Outcome outcome) {
        switch (outcome) {
            case Outcome::done:
                return spdlog::level::info;
            case Outcome::unchanged:
                return spdlog::level::debug;
            case Outcome::refused:
                return spdlog::level::warn;
            case Outcome::denied:
                break;
        }
        return spdlog::level::err;
    }
    static void write_text(const Writer& out, std::string_view key, std::string_view value) {
        if (value.empty()) return;
        out << key;
        detail::write_quoted(out, value);
    }

    std::shared_ptr<spdlog::logger> logger_;
};

static_assert(audit_listener<Spdlog>);

}  // namespace stet
