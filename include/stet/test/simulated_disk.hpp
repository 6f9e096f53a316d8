#pragma once
// What a SimulatedFiles keeps: files and names, as programs see them, and what of them a power loss leaves.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace stet::test::detail {

/// The same numbers from the same seed everywhere.
class Chance {
public:
    explicit Chance(std::uint64_t seed) : state_(seed) {}
    std::uint64_t next() {
        std::uint64_t mixed = state_ += 0x9E3779B97F4A7C15U;
        mixed = (mixed ^ (mixed >> 30U)) * 0xBF58476D1CE4E5B9U;
        mixed = (mixed ^ (mixed >> 27U)) * 0x94D049BB133111EBU;
        return mixed ^ (mixed >> 31U);
    }
    std::size_t below(std::size_t limit) { return static_cast<std::size_t>(next() % limit); }
    bool coin() { return below(2) == 0; }

private:
    std::uint64_t state_;
};

/// The bytes of one file, as programs see them, and what of them is safe.
class SimulatedFile {
public:
    static constexpr std::size_t block = 512;  // what a disk writes whole or not at all

    const std::string& seen() const { return seen_; }
    std::uint64_t changes() const { return changes_; }

    void write(std::size_t at, std::string_view bytes) { add({false, at, std::string(bytes)}); }
    void cut(std::size_t size) { add({true, size, {}}); }
    void sync() {
        for (const Step& step : pending_) carry_out(step, safe_);
        pending_.clear();
    }
    /// A sync that fails keeps some of it, and takes the rest for done.
    void fail_sync(Chance& chance) {
        keep_some(chance);
        pending_.clear();
    }
    /// What the next start finds.
    void lose(Chance& chance) {
        keep_some(chance);
        pending_.clear();
        seen_ = safe_;
    }

private:
    struct Step {
        bool cuts;
        std::size_t at;
        std::string bytes;
    };

    void add(Step step) {
        carry_out(step, seen_);
        pending_.push_back(std::move(step));
        ++changes_;
    }
    static void carry_out(const Step& step, std::string& content) {
        if (step.cuts) {
            content.resize(step.at);
            return;
        }
        if (content.size() < step.at + step.bytes.size()) content.resize(step.at + step.bytes.size());
        content.replace(step.at, step.bytes.size(), step.bytes);
    }
    void keep_some(Chance& chance) {
        switch (chance.below(4)) {
            case 0:  // nothing of it
                return;
            case 1:  // all of it
                for (const Step& step : pending_) carry_out(step, safe_);
                return;
            case 2: {  // in order, up to somewhere
                if (pending_.empty()) return;
                const std::size_t whole = chance.below(pending_.size());
                for (std::size_t i = 0; i < whole; ++i) carry_out(pending_[i], safe_);
                Step torn = pending_[whole];
                if (!torn.cuts)
                    torn.bytes.resize(torn.bytes.empty() ? 0 : chance.below(torn.bytes.size() / block + 1) * block);
                if (!torn.cuts && !torn.bytes.empty()) carry_out(torn, safe_);
                return;
            }
            default:  // each block, and the size, on its own
                for (const Step& step : pending_) keep_blocks(step, chance);
        }
    }
    void keep_blocks(const Step& step, Chance& chance) {
        if (step.cuts) {
            if (chance.coin()) safe_.resize(step.at);
            return;
        }
        const std::size_t end = step.at + step.bytes.size();
        if (end > safe_.size() && chance.coin())  // the size, and under it what was on the disk before
            safe_.resize(end, chance.coin() ? '\0' : static_cast<char>(chance.below(256)));
        for (std::size_t at = step.at; at < end;) {
            const std::size_t next = (std::min)((at / block + 1) * block, end);
            if (next <= safe_.size() && chance.coin())
                safe_.replace(at, next - at, std::string_view(step.bytes).substr(at - step.at, next - at));
            at = next;
        }
    }

    std::string seen_;
    std::string safe_;
    std::vector<Step> pending_;  // since the last sync
    std::uint64_t changes_ = 0;
};

/// Names, as programs see them, and which of them are safe.
class SimulatedNames {
public:
    using Map = std::map<std::string, std::size_t>;  // to the number of a file

    const Map& seen() const { return seen_; }
    void add(const std::string& name, std::size_t file) { change({{}, name, file}); }
    void remove(const std::string& name, std::size_t file) { change({name, {}, file}); }
    void rename(const std::string& from, const std::string& to, std::size_t file) { change({from, to, file}); }

    static std::string folder_of(const std::string& path) {
        const std::size_t slash = path.rfind('/');
        return slash == std::string::npos ? "." : slash == 0 ? "/" : path.substr(0, slash);
    }
    void sync(const std::string& folder) {
        std::vector<Step> rest;
        for (Step& step : pending_) {
            if (step.is_in(folder)) carry_out(step, safe_);
            else rest.push_back(std::move(step));
        }
        pending_ = std::move(rest);
    }
    void lose(Chance& chance) {
        std::vector<Step> kept;
        const std::size_t way = chance.below(4);
        const std::size_t prefix = chance.below(pending_.size() + 1);
        for (std::size_t i = 0; i < pending_.size(); ++i)
            if (way == 1 || (way == 2 && i < prefix) || (way == 3 && chance.coin())) kept.push_back(pending_[i]);
        if (way == 3)  // what has to do with one file stays in order, all else need not
            for (std::size_t round = 0; round < 2 * kept.size(); ++round) {
                const std::size_t i = chance.below(kept.size());
                if (i + 1 < kept.size() && kept[i].file != kept[i + 1].file) std::swap(kept[i], kept[i + 1]);
            }
        for (const Step& step : kept) carry_out(step, safe_);
        pending_.clear();
        for (bool again = true; again;) {  // what was in a folder that is gone is gone
            again = false;
            for (auto at = safe_.begin(); at != safe_.end();) {
                const std::string folder = folder_of(at->first);
                if (at->first != "." && at->first != "/" && safe_.find(folder) == safe_.end()) {
                    at = safe_.erase(at);
                    again = true;
                } else ++at;
            }
        }
        seen_ = safe_;
    }

private:
    struct Step {
        std::string from;
        std::string to;
        std::size_t file;
        bool is_in(const std::string& folder) const {
            return (!from.empty() && folder_of(from) == folder) || (!to.empty() && folder_of(to) == folder);
        }
    };

    void change(Step step) {
        carry_out(step, seen_);
        pending_.push_back(std::move(step));
    }
    static void carry_out(const Step& step, Map& names) {
        if (const auto at = names.find(step.from); at != names.end() && at->second == step.file) names.erase(at);
        if (!step.to.empty()) names[step.to] = step.file;
    }

    Map seen_;
    Map safe_;
    std::vector<Step> pending_;  // since their folder was synced
};

}  // namespace stet::test::detail
