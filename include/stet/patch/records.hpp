#pragma once
// Objects of any types, one after the other in a few chunks of memory: what a patch of a struct with containers is made
// of. Records never move once they are written; equal values write nothing and allocate nothing.

#include <stet/heap.hpp>
#include <stet/patch/heap_of.hpp>

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <new>
#include <type_traits>
#include <utility>

namespace stet::detail {

class Records {
public:
    struct alignas(std::max_align_t) Chunk {
        Chunk* next;
        std::uint32_t used;
        std::uint32_t capacity;
        std::byte* bytes() { return reinterpret_cast<std::byte*>(this + 1); }
        const std::byte* bytes() const { return reinterpret_cast<const std::byte*>(this + 1); }
    };
    struct Owned;
    /// Between two records.
    struct Place {
        Chunk* chunk;  // nullptr: before the first
        std::uint32_t used;
        bool operator==(const Place&) const = default;
    };
    struct Mark {
        Place place;
        Owned* last_owned;
        bool may_throw;
        bool ruled;
    };

private:
    // What an object that is more than its bytes needs to be copied and destroyed.
    struct Operations {
        std::size_t offset;  // of the object behind its Owned
        void (*copy)(void* to, const void* from);
        void (*destroy)(void* object) noexcept;
        std::size_t (*heap)(const void* object);
    };

public:
    struct Owned {
        const Operations* operations;
        Owned* next;
        void* object() { return reinterpret_cast<std::byte*>(this) + operations->offset; }
    };

private:
    template <class X>
    static constexpr std::size_t object_offset = (sizeof(Owned) + alignof(X) - 1) / alignof(X) * alignof(X);
    template <class X>
    static constexpr Operations operations{
        object_offset<X>, [](void* to, const void* from) { ::new (to) X(*static_cast<const X*>(from)); },
        [](void* object) noexcept { static_cast<X*>(object)->~X(); },
        [](const void* object) { return heap_of(*static_cast<const X*>(object)); }};
    template <class X>
    static constexpr bool bare = std::is_trivially_copyable_v<X> && std::is_trivially_destructible_v<X>;

    static constexpr std::size_t alignment = alignof(std::max_align_t);
    static constexpr std::size_t first_capacity = 112;
    static constexpr std::size_t last_capacity = 65536;
    static_assert(sizeof(Chunk) % alignment == 0 && alignment >= alignof(Owned),
                  "stet: chunks must align their records");

    static constexpr std::size_t align(std::size_t at, std::size_t to) { return (at + to - 1) & ~(to - 1); }

public:
    // Everything takes whole words, so that most records can be read without a thought of alignment.
    static constexpr std::size_t word = sizeof(std::uint32_t);
    static constexpr std::size_t whole_words(std::size_t size) { return align(size, word); }

    Records() = default;
    Records(const Records& other) { copy(other); }
    Records(Records&& other) noexcept
        : may_throw_(other.may_throw_),
          ruled_(other.ruled_),
          first_(std::exchange(other.first_, nullptr)),
          last_(std::exchange(other.last_, nullptr)),
          owned_(std::exchange(other.owned_, nullptr)),
          last_owned_(std::exchange(other.last_owned_, nullptr)) {}
    Records& operator=(const Records& other) { return *this = Records(other); }
    Records& operator=(Records&& other) noexcept {
        std::swap(first_, other.first_);
        std::swap(last_, other.last_);
        std::swap(owned_, other.owned_);
        std::swap(last_owned_, other.last_owned_);
        std::swap(may_throw_, other.may_throw_);
        std::swap(ruled_, other.ruled_);
        return *this;
    }
    ~Records() { clear(); }

    bool empty() const { return first_ == nullptr; }

    /// Said by the writer: carrying out what is written may need memory or copy what can throw.
    void set_may_throw() { may_throw_ = true; }
    bool may_throw() const { return may_throw_; }
    /// Said by the writer: a rule of something inside a container reads what is written.
    void set_ruled() { ruled_ = true; }
    bool ruled() const { return ruled_; }

    /// Constructs an object behind the last one; if that throws, nothing was written.
    template <class X, class... Arguments>
    X& write(Arguments&&... arguments) {
        static_assert(alignof(X) <= alignment,
                      "stet: a field is aligned more strictly than operator new aligns memory");
        if constexpr (bare<X>) {
            return *make<X>(room(whole_words(sizeof(X)), alignof(X)), std::forward<Arguments>(arguments)...);
        } else {
            constexpr std::size_t strict = alignof(X) > alignof(Owned) ? alignof(X) : alignof(Owned);
            const Chunk* const before = last_;
            const std::uint32_t used = before == nullptr ? 0 : before->used;
            void* const place = room(whole_words(object_offset<X> + sizeof(X)), strict);
            Undo undo{this, last_ == before ? used : 0};
            X* const object =
                make<X>(static_cast<std::byte*>(place) + object_offset<X>, std::forward<Arguments>(arguments)...);
            undo.records = nullptr;
            auto* const owned = ::new (place) Owned{&operations<X>, nullptr};
            (last_owned_ == nullptr ? owned_ : last_owned_->next) = owned;
            last_owned_ = owned;
            return *object;
        }
    }

    /// So that there is a chunk.
    STET_ALWAYS_INLINE void open() {
        if (last_ == nullptr) grow(0);
    }

    /// Where the next record will stand.
    Place end() const { return last_ == nullptr ? Place{} : Place{last_, last_->used}; }
    Place begin() const { return {first_, 0}; }
    Mark mark() const { return {end(), last_owned_, may_throw_, ruled_}; }
    /// Forgets what was written since.
    void rewind(const Mark& to) noexcept {
        destroy(to.last_owned == nullptr ? owned_ : to.last_owned->next);
        (to.last_owned == nullptr ? owned_ : to.last_owned->next) = nullptr;
        last_owned_ = to.last_owned;
        may_throw_ = to.may_throw;
        ruled_ = to.ruled;
        if (to.place.chunk == nullptr) {
            free_chunks(first_);
            first_ = last_ = nullptr;
        } else {
            last_ = to.place.chunk;
            last_->used = to.place.used;
            free_chunks(std::exchange(last_->next, nullptr));
        }
    }

    /// From now on, writes behind what is in a chunk that belongs to somebody else; until it lets go of that.
    void borrow(Chunk& chunk) noexcept { first_ = last_ = &chunk; }
    /// Leaves what it has written to whoever the chunk belongs to.
    STET_ALWAYS_INLINE void leave() noexcept {
        if (owned_ != nullptr) owned_ = last_owned_ = nullptr;
        may_throw_ = ruled_ = false;
    }
    void let_go() noexcept {
        first_ = last_ = nullptr;
        leave();
    }
    Owned* owned() const { return owned_; }

    static Chunk* make_chunk(std::size_t capacity) {
        void* const memory = allocate(sizeof(Chunk) + capacity, alignment);
        return ::new (memory) Chunk{nullptr, 0, static_cast<std::uint32_t>(capacity)};
    }
    static void free_chunks(Chunk* chunk) noexcept {
        while (chunk != nullptr) {
            Chunk* const next = chunk->next;
            deallocate(chunk, sizeof(Chunk) + chunk->capacity, alignment);
            chunk = next;
        }
    }
    /// Of the chunks from one on.
    static std::size_t bytes(const Chunk* chunk) {
        std::size_t sum = 0;
        for (; chunk != nullptr; chunk = chunk->next) sum += sizeof(Chunk) + chunk->capacity;
        return sum;
    }
    static std::size_t heap(Owned* owned) {
        std::size_t sum = 0;
        for (; owned != nullptr; owned = owned->next) sum += owned->operations->heap(owned->object());
        return sum;
    }
    static void destroy(Owned* owned) noexcept {
        while (owned != nullptr) {
            Owned* const next = owned->next;
            owned->operations->destroy(owned->object());
            owned = next;
        }
    }

    /// Room for several that are only their bytes and aligned as words are, one after the other.
    STET_ALWAYS_INLINE std::byte* words(std::size_t size) {
        return static_cast<std::byte*>(room(whole_words(size), word));
    }

    /// Room for words and an `X` that is only its bytes behind them, where the chunk has it; otherwise {nullptr,
    /// nullptr}.
    struct Room {
        std::byte* words;
        std::byte* object;
    };
    template <std::size_t Words, class X>
    STET_ALWAYS_INLINE Room room_at_hand() {
        static_assert(bare<X> && alignof(X) <= alignment);
        Chunk* const chunk = last_;
        if (chunk == nullptr) return {nullptr, nullptr};
        const std::size_t at = chunk->used;  // whole words
        const std::size_t object = alignof(X) > word ? align(at + Words * word, alignof(X)) : at + Words * word;
        const std::size_t end = object + whole_words(sizeof(X));
        if (end > chunk->capacity) return {nullptr, nullptr};
        chunk->used = static_cast<std::uint32_t>(end);
        return {chunk->bytes() + at, chunk->bytes() + object};
    }

    /// Reads the objects in the order in which they were written; the reader must name the same types.
    class Reader {
    public:
        STET_ALWAYS_INLINE explicit Reader(const Records& records) : Reader(records.first_, 0) {}
        STET_ALWAYS_INLINE explicit Reader(const Place& from) : Reader(from.chunk, from.used) {}
        STET_ALWAYS_INLINE Reader(const Chunk* chunk, std::uint32_t used) {
            if (chunk == nullptr) return;
            enter(chunk);
            at_ += used;
        }

        template <class X>
        STET_ALWAYS_INLINE const X& read() {
            if constexpr (bare<X>) return *std::launder(reinterpret_cast<const X*>(next<alignof(X)>(sizeof(X))));
            else {
                constexpr std::size_t strict = alignof(X) > alignof(Owned) ? alignof(X) : alignof(Owned);
                const std::byte* const place = next<strict>(object_offset<X> + sizeof(X));
                return *std::launder(reinterpret_cast<const X*>(place + object_offset<X>));
            }
        }

        /// Passes by an object that is only its bytes, and aligned as words are.
        STET_ALWAYS_INLINE const std::byte* skip(std::size_t size) { return next<word>(size); }

    private:
        template <std::size_t Align>
        STET_ALWAYS_INLINE const std::byte* next(std::size_t size) {
            while (at_ == end_) enter(chunk_->next);
            const std::byte* begin = at_;
            if constexpr (Align > word)  // chunks are aligned for everything
                begin += (std::size_t{0} - reinterpret_cast<std::uintptr_t>(at_)) & (Align - 1);
            at_ = begin + whole_words(size);
            return begin;
        }
        STET_ALWAYS_INLINE void enter(const Chunk* chunk) {
            chunk_ = chunk;
            at_ = chunk->bytes();
            end_ = at_ + chunk->used;
        }

        const Chunk* chunk_ = nullptr;
        const std::byte* at_ = nullptr;
        const std::byte* end_ = nullptr;
    };

private:
    struct Undo {
        Records* records;
        std::uint32_t used;
        ~Undo() {
            if (records != nullptr) records->last_->used = used;
        }
    };

    // Braces for aggregates; never for a copy, where they could mean a list of one.
    template <class X, class... Arguments>
    static X* make(void* place, Arguments&&... arguments) {
        if constexpr (sizeof...(Arguments) == 1 && (std::is_same_v<std::remove_cvref_t<Arguments>, X> && ...))
            return ::new (place) X(std::forward<Arguments>(arguments)...);
        else return ::new (place) X{std::forward<Arguments>(arguments)...};
    }

    STET_ALWAYS_INLINE void* room(std::size_t size, std::size_t to) {
        std::size_t at = last_ == nullptr ? 0 : align(last_->used, to);
        if (last_ == nullptr || at + size > last_->capacity) [[unlikely]] {
            grow(size);
            at = 0;
        }
        last_->used = static_cast<std::uint32_t>(at + size);
        return last_->bytes() + at;
    }

    STET_NO_INLINE void grow(std::size_t size) {
        std::size_t capacity = first_capacity;
        if (last_ != nullptr)
            capacity = last_->capacity < last_capacity / 2 ? 2 * std::size_t{last_->capacity} : last_capacity;
        if (capacity < size) capacity = align(size, alignment);
        append(make_chunk(capacity));
    }
    void append(Chunk* chunk) {
        (last_ == nullptr ? first_ : last_->next) = chunk;
        last_ = chunk;
    }

    void copy(const Records& other) {
        Records made;  // destroys what was copied if a copy throws
        const Owned* from = other.owned_;
        for (const Chunk* chunk = other.first_; chunk != nullptr; chunk = chunk->next) {
            if (chunk->used == 0) continue;
            Chunk* const to = make_chunk(chunk->used);
            made.append(to);
            to->used = chunk->used;
            std::memcpy(to->bytes(), chunk->bytes(), chunk->used);
            const auto inside = [&](const Owned* owned) {
                const auto* at = reinterpret_cast<const std::byte*>(owned);
                return at >= chunk->bytes() && at < chunk->bytes() + chunk->used;
            };
            for (; from != nullptr && inside(from); from = from->next) {
                const auto offset = reinterpret_cast<const std::byte*>(from) - chunk->bytes();
                void* const place = to->bytes() + offset;
                void* const object = static_cast<std::byte*>(place) + from->operations->offset;
                from->operations->copy(object, const_cast<Owned*>(from)->object());
                auto* const owned = ::new (place) Owned{from->operations, nullptr};
                (made.last_owned_ == nullptr ? made.owned_ : made.last_owned_->next) = owned;
                made.last_owned_ = owned;
            }
        }
        made.may_throw_ = other.may_throw_;
        made.ruled_ = other.ruled_;
        *this = std::move(made);
    }

    void clear() noexcept {
        destroy(owned_);
        free_chunks(first_);
    }

    // Asked most, and so next to what a patch asks first.
    bool may_throw_ = false;
    bool ruled_ = false;
    Chunk* first_ = nullptr;
    Chunk* last_ = nullptr;
    Owned* owned_ = nullptr;
    Owned* last_owned_ = nullptr;
};

}  // namespace stet::detail
