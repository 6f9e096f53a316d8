#pragma once
// JSON by nlohmann's library (3.11 or later): values, patches as RFC 6902, the whole state of a `Versioned` and the
// session of a `History`, out and in again. Nothing here throws, and nothing that nlohmann's library throws is ever
// provoked.

#include <stet/with/nlohmann_json/sentences.hpp>

#include <stet/with/nlohmann_json/format.hpp>
#include <stet/with/nlohmann_json/names.hpp>
#include <stet/with/nlohmann_json/number.hpp>
#include <stet/with/nlohmann_json/operation.hpp>
#include <stet/with/nlohmann_json/parse.hpp>
#include <stet/with/nlohmann_json/patch.hpp>
#include <stet/with/nlohmann_json/problems.hpp>
#include <stet/with/nlohmann_json/read.hpp>
#include <stet/with/nlohmann_json/session.hpp>
#include <stet/with/nlohmann_json/standard.hpp>
#include <stet/with/nlohmann_json/state.hpp>
#include <stet/with/nlohmann_json/stored.hpp>
#include <stet/with/nlohmann_json/write.hpp>
