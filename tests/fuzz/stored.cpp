// What a log gives back: documents and operations as CBOR, of this struct or of another version of it. What is read can
// be written, and is read as the same; what cannot be read is said, and shown as it is.
#include <stet/patch/equal.hpp>
#include <stet/with/nlohmann_json/cbor.hpp>
#include <stet/with/nlohmann_json/durable.hpp>

#include "document.hpp"
#include "fuzz.hpp"

namespace {

using fuzz::Document;
using stet::Form;
using stet::LogEntry;
using stet::LogState;
using stet::Number;
using stet::Result;

// Three revisions: the first as it was written, the second of what is made up, the third made of that by operations.
struct MadeUp {
    std::string document, operations;
    std::uint64_t print = 0;

    static Result<LogState> state() { return LogState{3, 1, 3, false}; }
    static Result<LogState> open() { return state(); }
    static Result<LogState> lock() { return state(); }
    static void unlock() noexcept {}
    static Result<std::size_t> append(const LogEntry&) { return std::size_t{0}; }
    Result<LogEntry> read(Number number) const {
        LogEntry entry;
        entry.revision.number = number;
        entry.revision.previous = number - 1;
        entry.fingerprint = number == 1 ? stet::fingerprint<Document> : print;
        entry.form = number == 3 ? Form::patch : Form::whole;
        if (number == 1) stet::detail::CborWriter{stet::Secrets::keep, false}.write(entry.data, Document{});
        else entry.data = number == 2 ? document : operations;
        return entry;
    }
    static Result<void> pin(std::string_view, Number) { return {}; }
    static Result<void> unpin(std::string_view) { return {}; }
    static Result<std::vector<stet::Pin>> pins() { return std::vector<stet::Pin>{}; }
    static Result<void> revise(Number, const std::vector<LogEntry>&) { return {}; }
};
using Storage = stet::Durable<Document, MadeUp>;

void look(const Storage& storage, Number number) {
    const auto value = storage.stored(number);
    fuzz::require(storage.find(number) != nullptr, "it is listed");
    static_cast<void>(storage.patch(number));
    if (!value) return fuzz::require_said(value.error());
    fuzz::require(storage.raw(number).has_value(), "what can be read can be shown");
    const auto written = stet::detail::JsonWriter{stet::Secrets::keep, false}.write(*value);
    using Reader = stet::detail::FromDocument<Document, stet::migrations<Document>>;
    const auto again = Reader::read(written, stet::fingerprint<Document>, number);
    fuzz::require(again && stet::equal(*again, *value), "what is written is what was read");
    std::string bytes = stet::detail::to_cbor(written);
    stet::detail::Json json;
    fuzz::require(stet::detail::from_cbor(bytes, json) && json == written, "CBOR gives back what was put into it");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size < 2) return 0;
    const std::size_t split = 2 + (size - 2) * data[1] / 256;
    MadeUp log;
    log.print = data[0] % 2 == 0 ? stet::fingerprint<Document> : 1;
    log.document = fuzz::text_of(data + 2, split - 2);
    log.operations = fuzz::text_of(data + split, size - split);
    if (data[0] % 4 >= 2) log.document = log.read(1)->data;  // the operations have what to change
    const auto storage = Storage::open(log);
    for (const Number number : {Number{1}, Number{2}, Number{3}}) look(*storage, number);
    return 0;
}
