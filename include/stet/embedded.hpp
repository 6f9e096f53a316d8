#pragma once
// The part that never allocates, throws, prints or locks: flat structs, their patches, rules and history.

#include <stet/reflect/sentences.hpp>

#include <stet/config.hpp>
#include <stet/error.hpp>
#include <stet/fwd.hpp>
#include <stet/history.hpp>
#include <stet/history_copies.hpp>
#include <stet/history_name.hpp>
#include <stet/patch/assign.hpp>
#include <stet/patch/check.hpp>
#include <stet/patch/equal.hpp>
#include <stet/patch/flat_patch.hpp>
#include <stet/patch/patch.hpp>
#include <stet/patch/then.hpp>
#include <stet/patch/visit.hpp>
#include <stet/patch/walk.hpp>
#include <stet/reflect/enums.hpp>
#include <stet/reflect/field.hpp>
#include <stet/reflect/fields.hpp>
#include <stet/reflect/fingerprint.hpp>
#include <stet/reflect/kinds.hpp>
#include <stet/reflect/names.hpp>
#include <stet/reflect/path.hpp>
#include <stet/result.hpp>
#include <stet/schema/attribute.hpp>
#include <stet/schema/check.hpp>
#include <stet/schema/leaves.hpp>
#include <stet/schema/path_view.hpp>
#include <stet/schema/print.hpp>
#include <stet/schema/rule.hpp>
#include <stet/schema/schema.hpp>
#include <stet/schema/versionable.hpp>
#include <stet/schema/violation.hpp>
#include <stet/text.hpp>
#include <stet/version.hpp>
