#pragma once
// The map: every public class of the library, by floor, and every default template argument.

#include <stet/limit.hpp>

#include <cstddef>
#include <cstdint>

namespace stet {

// ground: errors and text
/// The number of a revision: from 1, in order, never used twice. 0 means "none".
using Number = std::uint64_t;
enum class Errc : std::uint8_t;
class Writer;
template <std::size_t Capacity>
class FixedText;
class Violation;
template <class Item>
class BasicViolations;
/// All violations of a value, with room for as many as there are.
using Violations = BasicViolations<Violation>;
template <class Violations>
class BasicError;
/// The error of everything that may use the heap.
using Error = BasicError<Violations>;
template <class E>
struct Failure;
template <class V, class E = Error>
class Result;

// floor 1, reflect/: what a struct is made of
template <auto... Pointers>
struct MemberList;
template <class T>
struct Members;

// floor 2, schema/: what a struct says about its fields
template <class... Items>
struct Schema;
template <class T>
struct SchemaFor;
template <class... Items>
struct Rules;
enum class Severity : std::uint8_t;
class PathView;
template <class T>
class Path;
template <class... Versions>
struct migrations;

// floor 2, patch/: what changed between two values
struct Absent;
template <class T>
class Patch;
template <class T>
class FlatConflict;
class Conflict;
namespace detail {
template <class T>
struct WholeValue;
}
template <class T, class Way = detail::WholeValue<T>>
class Edit;

// floor 3: states over time
struct Copies;
struct NamedCopies;
struct Deltas;
class StepName;
struct Changes;
struct Branching;
struct Automatic;
template <class T, Limit N, class Kept = Automatic, class InstanceRules = Rules<>>
class History;
template <class T, class... R>
History(T, R...) -> History<T, 0, Automatic, Rules<>>;  // which says that N is missing
template <class States>
class StepGroup;
struct StateInfo;
template <class T>
struct StepInfo;
class within;
enum class When : std::uint8_t;
class Subscription;
struct Origin;
struct Tag;
struct Revision;
struct Change;
template <class T>
class Snapshot;

// floor 3, policy/: storage, audit, clock
template <class T, std::size_t N = 10>
class Memory;
struct NoAudit;
struct AuditRecord;
template <class Record>
class BasicAuditLog;
using AuditLog = BasicAuditLog<AuditRecord>;
class SystemClock;

// floor 3, policy/: files
class Files;

// floor 3, policy/: devices without a file system
enum class SlotKind : std::uint8_t;
enum class TakenBack : std::uint8_t;
struct SlotInfo;
struct SlotReport;
template <class T, class Device, class Chain = migrations<T>>
class SlotStorage;
template <class CriticalSection>
class Locked;

// floor 4: the record of what was in force
enum class Opening : std::uint8_t;
enum class Broken : std::uint8_t;
struct StoredOpening;
template <class T, class Device, class... Policies>
class Stored;
template <class T>
class Plan;
template <class T, class... Policies>
class Versioned;

}  // namespace stet
