#pragma once
// Everything that needs the standard library only.

#include <stet/reflect/sentences.hpp>

#include <stet/embedded.hpp>

#include <stet/candidate.hpp>
#include <stet/history_changes.hpp>
#include <stet/history_coalesce.hpp>
#include <stet/history_part.hpp>
#include <stet/late.hpp>
#include <stet/ledger.hpp>
#include <stet/open.hpp>
#include <stet/patch/assign.hpp>
#include <stet/patch/check_records.hpp>
#include <stet/patch/conflict.hpp>
#include <stet/patch/edit.hpp>
#include <stet/patch/edit_log.hpp>
#include <stet/patch/edits.hpp>
#include <stet/patch/heap_of.hpp>
#include <stet/patch/identity.hpp>
#include <stet/patch/journal.hpp>
#include <stet/patch/merge_records.hpp>
#include <stet/patch/net.hpp>
#include <stet/patch/read_records.hpp>
#include <stet/patch/record_format.hpp>
#include <stet/patch/record_patch.hpp>
#include <stet/patch/records.hpp>
#include <stet/patch/text_edits.hpp>
#include <stet/patch/then_records.hpp>
#include <stet/patch/then_text.hpp>
#include <stet/patch/transaction.hpp>
#include <stet/patch/ways.hpp>
#include <stet/plan.hpp>
#include <stet/policy/audit.hpp>
#include <stet/policy/audit_log.hpp>
#include <stet/policy/clock.hpp>
#include <stet/policy/memory.hpp>
#include <stet/policy/pick.hpp>
#include <stet/policy/storage.hpp>
#include <stet/render/text.hpp>
#include <stet/revision.hpp>
#include <stet/schema/path.hpp>
#include <stet/schema/violations.hpp>
#include <stet/snapshot.hpp>
#include <stet/subscription.hpp>
#include <stet/versioned.hpp>
