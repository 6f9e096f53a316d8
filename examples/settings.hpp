#pragma once
// The settings of a chat bot, as examples/data/bot.json holds them: what there is, and what must hold for it.

#include <stet/stet.hpp>

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

enum class Provider : std::uint8_t { openai, anthropic, mistral, local };
enum class MemoryKind : std::uint8_t { none, buffer, summary, vector };
enum class ChannelKind : std::uint8_t { web, slack, email, phone };
enum class LogLevel : std::uint8_t { debug, info, warning, error };

struct Llm {
    Provider provider = Provider::openai;
    std::string model;
    std::vector<std::string> fallback_models;
    double temperature = 0;
    double top_p = 1;
    int max_tokens = 1;
    std::vector<std::string> stop;
    std::string api_key;
    std::string base_url;
    int timeout_ms = 1000;
    int retries = 0;
};
struct BotMemory {
    MemoryKind kind = MemoryKind::buffer;
    int max_messages = 1;
    int ttl_hours = 0;
    std::string embedding_model;
    std::string collection;
};
struct Tool {
    std::string name;
    bool enabled = false;
    int timeout_ms = 1000;
    int max_calls = 1;
};
struct Route {
    int id = 0;
    std::string match;
    std::string to;
    int priority = 0;

    static constexpr auto schema() {
        return stet::fields(stet::field<&Route::to>(stet::not_empty),
                            stet::field<&Route::priority>(stet::in_range(0, 100)));
    }
};
struct ModelLimits {
    int requests_per_minute = 0;
    int tokens_per_minute = 0;
    double dollars_per_day = 0;

    static constexpr auto schema() { return stet::fields(stet::field<"dollars_per_day">(stet::in_range(0.0, 100.0))); }
};
struct Channel {
    ChannelKind kind = ChannelKind::web;
    std::string name;
    std::string webhook;
    std::vector<std::string> languages;

    static constexpr auto schema() {  // webhooks carry a token
        return stet::fields(stet::field<&Channel::webhook>(stet::secret),
                            stet::field<&Channel::languages>(stet::not_empty));
    }
};
struct RateLimits {
    int per_user_per_minute = 1;
    int per_channel_per_minute = 1;
    int burst = 0;
};
struct Features {
    bool streaming = false, vision = false, voice = false, web_search = false, handover = false;
};
struct Database {
    std::string url;
    int pool_size = 1;
    int statement_timeout_ms = 0;
    bool ssl = true;
};
struct Server {
    std::string host;
    std::uint16_t port = 8443;
    LogLevel log_level = LogLevel::info;
    std::vector<std::string> trusted_proxies;
};
struct Escalation {
    std::string email;
    int after_failures = 3;
};

struct Settings {
    std::string name;
    std::string description;
    std::string language;
    std::string system_prompt;
    Llm llm;
    BotMemory memory;
    std::vector<Tool> tools;
    std::vector<Route> routes;
    std::map<std::string, ModelLimits> limits;
    std::vector<Channel> channels;
    RateLimits rate_limits;
    Features features;
    Database database;
    Server server;
    std::optional<Escalation> escalation;

    static constexpr auto schema() {
        using stet::field;
        return stet::fields(
            field<&Settings::name>(stet::not_empty), field<&Settings::language>(stet::length(2, 5)),
            field<"llm.model">(stet::not_empty), field<"llm.temperature">(stet::in_range(0.0, 2.0)),
            field<"llm.top_p">(stet::in_range(0.0, 1.0)), field<"llm.max_tokens">(stet::in_range(1, 128'000)),
            field<"llm.api_key">(stet::secret, stet::not_empty), field<"llm.retries">(stet::in_range(0, 10)),
            field<"memory.max_messages">(stet::in_range(1, 1000)), field<&Settings::routes>(stet::keyed_by<&Route::id>),
            field<"database.url">(stet::secret, stet::not_empty), field<"database.pool_size">(stet::in_range(1, 500)),
            field<"server.port">(stet::min(1024)),
            stet::check<"rate_limits.per_user_per_minute", "rate_limits.per_channel_per_minute">(
                "one user must not be allowed more than a whole channel",
                [](int user, int channel) { return user <= channel; }),
            stet::check<"llm.model", "limits">(
                "the model must have an entry in limits",
                [](const auto& used, const auto& known) { return known.contains(used); }));
    }
};
