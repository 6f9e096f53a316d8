#pragma once
// Steps of changes behind each other in a few blocks of memory, each with its name and time: a history that is full
// allocates nothing where the values need nothing.

#include <stet/late.hpp>
#include <stet/patch/record_format.hpp>
#include <stet/patch/record_patch.hpp>
#include <stet/vector.hpp>

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>
#include <utility>

namespace stet::detail {

/// The names that steps have, each of them once.
template <class T>
class StepNames {
    struct Entry {
        late<HeapString, T> text;
        std::size_t steps = 0;  // how many have it; none: it is free
    };

public:
    static constexpr std::uint32_t none = 0;

    std::string_view operator[](std::uint32_t name) const {
        return name == none ? std::string_view{} : std::string_view(entries_[name - 1].text);
    }
    /// Its number; it is forgotten again unless a step gets it. O(different names), unless it is the last one again.
    std::uint32_t number(std::string_view text) {
        if (last_ != none && (*this)[last_] == text) return last_;
        return last_ = find_or_add(text);
    }
    void add(std::uint32_t name) noexcept { ++entries_[name - 1].steps; }
    void remove(std::uint32_t name) noexcept {
        if (--entries_[name - 1].steps > 0) return;
        if (name != last_) entries_[name - 1].text = {};
    }

private:
    STET_NO_INLINE std::uint32_t find_or_add(std::string_view text) {
        std::size_t free = entries_.size();
        for (std::size_t i = 0; i < entries_.size(); ++i) {
            if (entries_[i].steps == 0) free = i;
            else if (entries_[i].text == text) return static_cast<std::uint32_t>(i + 1);
        }
        if (free == entries_.size()) entries_.emplace_back();
        entries_[free].text = text;
        return static_cast<std::uint32_t>(free + 1);
    }

    HeapVector<late<Entry, T>> entries_;
    std::uint32_t last_ = none;
};

template <class T>
class Journal {
    static constexpr std::size_t block_capacity = 256 - sizeof(Records::Chunk);
    static constexpr std::uint32_t word = Records::word;
    static constexpr std::uint32_t no_block = static_cast<std::uint32_t>(-1);

    // Where a step stands: `words` from word `at` of a block, and in chunks of its own behind that if they reach to the
    // block's end. Without any words, all of it is in Records of its own.
    class Step {
    public:
        static constexpr std::uint32_t name_bits = (1U << 27U) - 1U;
        static constexpr std::uint32_t general = 1U << 27U;  // anything; not known to be one change of bytes
        static constexpr std::uint32_t may_throw = 1U << 28U;
        static constexpr std::uint32_t timed = 1U << 29U;   // its first word is its time
        static constexpr std::uint32_t owns = 1U << 30U;    // it ends with the address of what is to be destroyed
        static constexpr std::uint32_t beyond = 1U << 31U;  // it is more than those words

        Step() = default;
        STET_ALWAYS_INLINE Step(std::uint32_t begin, std::uint32_t bytes, std::uint32_t in, std::uint32_t about)
            : place_(in << 12U | bytes / word << 6U | begin / word), about_(about) {}

        std::uint32_t first_word() const { return place_ % 64; }
        std::uint32_t begin() const { return first_word() * word; }
        std::uint32_t words() const { return place_ >> 6U & 63U; }
        std::uint32_t block() const { return place_ >> 12U; }
        std::uint32_t name() const { return about_ & name_bits; }
        bool is(std::uint32_t any) const { return (about_ & any) != 0; }
        bool is_bare_change() const { return (about_ & ~name_bits) == 0; }

    private:
        std::uint32_t place_ = 0;
        std::uint32_t about_ = 0;
    };
    static_assert(sizeof(Step) == 8 && block_capacity / word < 64);

    struct Block {
        void* memory = nullptr;  // a chunk, or Records of one step only; nullptr: there is none of this number
        std::uint32_t steps = 0;
        std::uint32_t time = 0;  // of the one that has it

        Records::Chunk* chunk() const { return static_cast<Records::Chunk*>(memory); }
        Records* own() const { return static_cast<Records*>(memory); }
    };

public:
    /// Each may need a block of its own, and three are not those of any step: one that is being written, one of records
    /// for the next one, and a spare one.
    static constexpr std::size_t most_steps = 1'000'000;
    static_assert(most_steps + 3 <= std::size_t{1} << 20U);

    /// Of at most so many steps.
    explicit Journal(std::size_t most) : most_(most) {}
    Journal(const Journal& other) : Journal(other.most_) { copy(other); }
    Journal(Journal&& other) noexcept : most_(other.most_) { exchange(other); }
    Journal& operator=(const Journal& other) { return *this = Journal(other); }
    Journal& operator=(Journal&& other) noexcept {
        exchange(other);
        return *this;
    }
    ~Journal() {
        keep_first(0);
        if (own_block_ != no_block) delete_own(blocks_[own_block_]);
        for (const Block& block : blocks_) free_block(block.chunk());
        open_.let_go();
    }

    std::size_t size() const { return count_; }
    std::string_view name(std::size_t step) const { return names_[at(step).name()]; }
    /// Of what `Ticks` it knows the lower half.
    std::uint32_t time(std::size_t step) const {
        const Step& here = at(step);
        if (!here.is(Step::timed)) return 0;
        if (here.words() == 0) return blocks_[here.block()].time;
        return Records::Reader(begin_of(here)).template read<std::uint32_t>();
    }
    STET_ALWAYS_INLINE WrittenChange<T> operator[](std::size_t step) const {
        const Step& here = at(step);
        if (here.is(Step::may_throw | Step::timed | Step::beyond)) [[unlikely]]
            return find(here);
        return {{blocks_[here.block()].chunk(), here.begin()}, false};
    }
    /// What `f(bytes)` says of a step that is one change of bytes and nothing else; false of another one.
    template <class F>
    STET_ALWAYS_INLINE bool bare_change(std::size_t step, const F& f) const {
        const Step& here = at(step);
        if (!here.is_bare_change()) [[unlikely]]
            return false;
        const std::size_t words = here.first_word();
        return f(blocks_[here.block()].chunk()->bytes() + words * word);
    }

    /// From now on, what all steps take is counted; 0 for no longer.
    void limit(std::size_t bytes) {
        limit_ = bytes;
        bytes_ = 0;
        if (limit_ != 0)
            for (std::size_t i = 0; i < count_; ++i) bytes_ += cost(at(i));
    }
    bool over_limit() const { return limit_ != 0 && bytes_ > limit_; }
    /// Records, their place in the ring, and what the values hold on the heap.
    std::size_t bytes() const {
        std::size_t sum = 0;
        for (std::size_t i = 0; i < count_; ++i) sum += cost(at(i));
        return sum;
    }

    /// A step that is being written, behind all others; until it is kept, it is none of them.
    class Open {
    public:
        Open(Journal& journal, std::uint64_t time) : journal_(journal) {
            journal.begin(static_cast<std::uint32_t>(time));
        }
        Open(const Open&) = delete;
        Open& operator=(const Open&) = delete;
        ~Open() {
            if (open_) journal_.give_up();
        }

        Records& records() { return journal_.open_; }
        Records::Place begin() const { return journal_.begun(); }
        /// All that can fail of keeping it under a name.
        STET_ALWAYS_INLINE void prepare(std::string_view name) { journal_.prepare(name); }
        STET_ALWAYS_INLINE void keep() noexcept {
            open_ = false;
            journal_.keep(Step::general);
        }
        /// The same of one change of bytes.
        STET_ALWAYS_INLINE void keep_change() noexcept {
            open_ = false;
            journal_.keep(0);
        }
        /// The same without a name in the place of the first step, if that is no more than words either and there is no
        /// limit.
        STET_ALWAYS_INLINE bool keep_change_for_first() noexcept {
            open_ = !journal_.keep_change_for_first();
            return !open_;
        }

    private:
        Journal& journal_;
        bool open_ = true;
    };

    /// Room for one more, and its name: so that `push_back_own` cannot fail.
    STET_ALWAYS_INLINE void reserve(std::string_view name) {
        name_ = name.empty() ? StepNames<T>::none : names_.number(name);
        if (count_ < most_ && count_ == ring_size_) grow_ring();
    }
    /// Empty records for a step that stands by itself; until it is one, they are the same ones at the next call.
    Records& reserve_own() {
        if (own_block_ == no_block) {
            const std::uint32_t block = unused_block();
            blocks_[block].memory = create<Records>();
            own_block_ = block;
        }
        return *blocks_[own_block_].own() = Records();
    }
    Records& own() { return *blocks_[own_block_].own(); }
    /// Makes a step of what stands in the reserved records.
    void push_back_own(std::uint64_t time) noexcept {
        ++count_;
        enter(at(count_ - 1), own_step(time, name_));
    }
    void replace_last_by_own(std::uint64_t time) noexcept {
        Step& last = at(count_ - 1);
        drop(last);
        last = own_step(time, last.name());
        if (limit_ != 0) bytes_ += cost(last);
    }
    /// Drops all but the first `count`.
    STET_ALWAYS_INLINE void keep_first(std::size_t count) noexcept {
        if (count_ > count) cut(count);
    }
    STET_ALWAYS_INLINE void pop_front() noexcept {
        remove(ring_[first_]);
        if (++first_ == ring_size_) first_ = 0;
        --count_;
    }
    /// Those behind it move up.
    void erase(std::size_t step) noexcept {
        if (step == 0) return pop_front();
        remove(at(step));
        --count_;
        for (; step < count_; ++step) at(step) = at(step + 1);
    }

private:
    STET_ALWAYS_INLINE const Step& at(std::size_t step) const {
        const std::size_t index = first_ + step;
        if (index < ring_size_) [[likely]]
            return ring_[index];
        return ring_[index - ring_size_];
    }
    Step& at(std::size_t step) { return const_cast<Step&>(std::as_const(*this).at(step)); }
    STET_ALWAYS_INLINE Records::Place begin_of(const Step& step) const {
        const Block& block = blocks_[step.block()];
        if (step.words() == 0) return block.own()->begin();
        return {block.chunk(), step.begin()};
    }

    STET_NO_INLINE WrittenChange<T> find(const Step& step) const {
        Records::Place begin = begin_of(step);
        if (step.is(Step::timed) && step.words() != 0) begin.used += word;
        return {begin, step.is(Step::may_throw)};
    }
    Step own_step(std::uint64_t time, std::uint32_t name) noexcept {
        Block& block = blocks_[own_block_];
        block.time = static_cast<std::uint32_t>(time);
        block.steps = 1;
        const std::uint32_t may_throw = block.own()->may_throw() ? Step::may_throw : 0;
        return Step(0, 0, std::exchange(own_block_, no_block),
                    name | may_throw | Step::timed | Step::beyond | Step::general);
    }

    STET_ALWAYS_INLINE void begin(std::uint32_t time) {
        if (tail_ == nullptr || tail_->used + least_room_ > tail_->capacity) new_tail();
        begin_ = tail_->used;
        timed_ = 0;
        if (time != 0) {
            open_.write<std::uint32_t>(time);
            timed_ = Step::timed;
        }
    }
    Records::Place begun() const { return {tail_, begin_ + (timed_ != 0 ? word : 0)}; }
    void give_up() noexcept { open_.rewind({{tail_, begin_}, nullptr, false, false}); }
    STET_ALWAYS_INLINE void prepare(std::string_view name) {
        reserve(name);
        if (open_.owned() != nullptr) open_.write<Records::Owned*>(open_.owned());
    }
    STET_ALWAYS_INLINE void keep(std::uint32_t what) noexcept {
        ++count_;
        enter(at(count_ - 1), step(what));
    }
    STET_ALWAYS_INLINE bool keep_change_for_first() noexcept {
        Step& first = ring_[first_];
        if (limit_ != 0 || name_ != StepNames<T>::none || first.is(Step::name_bits | Step::beyond)) return false;
        if (tail_->next != nullptr) return false;
        const std::uint32_t bytes = tail_->used - begin_;
        adapt(bytes);
        drop_words(first);
        ++blocks_[tail_block_].steps;
        first = Step(begin_, bytes, tail_block_, timed_);
        if (++first_ == ring_size_) first_ = 0;
        open_.leave();
        return true;
    }
    // What the next step will take is what steps have taken lately.
    STET_ALWAYS_INLINE void adapt(std::uint32_t room) noexcept {
        if (least_room_ - room >= 8) least_room_ = room > least_room_ ? room : least_room_ - (least_room_ - room) / 8;
    }
    // What has been written since it began.
    STET_ALWAYS_INLINE Step step(std::uint32_t what) noexcept {
        std::uint32_t about = name_ | timed_ | what;
        if (tail_->used == begin_) {  // all of it lies behind the block: a time of 0 stands for it here
            ::new (tail_->bytes() + begin_) std::uint32_t(0);
            tail_->used += word;
            about |= Step::timed;
        }
        const std::uint32_t bytes = tail_->used - begin_;
        std::uint32_t room = bytes;
        if (tail_->next != nullptr) {
            tail_->capacity = tail_->used;  // nobody writes between this and what follows it
            room = block_capacity / 2;
            about |= Step::beyond;
        }
        if (open_.owned() != nullptr) about |= Step::owns | Step::beyond;
        if (open_.may_throw()) about |= Step::may_throw;
        adapt(room);
        ++blocks_[tail_block_].steps;
        open_.leave();
        return Step(begin_, bytes, tail_block_, about);
    }
    STET_ALWAYS_INLINE void enter(Step& place, const Step& step) noexcept {
        place = step;
        if (step.is(Step::name_bits)) names_.add(step.name());
        if (limit_ != 0) bytes_ += cost(step);
    }

    STET_NO_INLINE void new_tail() {
        std::uint32_t block = spare_;
        if (block == no_block) {
            block = unused_block();
            blocks_[block].memory = Records::make_chunk(block_capacity);
        }
        spare_ = no_block;
        const std::uint32_t before = std::exchange(tail_block_, block);
        tail_ = blocks_[block].chunk();
        open_.borrow(*tail_);
        if (before != no_block && blocks_[before].steps == 0) recycle(before);
    }
    std::uint32_t unused_block() {
        for (std::size_t i = 0; i < blocks_.size(); ++i)
            if (blocks_[i].memory == nullptr) return static_cast<std::uint32_t>(i);
        if (blocks_.size() == blocks_.capacity()) blocks_.reserve(blocks_.size() + blocks_.size() / 4 + 2);
        blocks_.emplace_back();
        return static_cast<std::uint32_t>(blocks_.size() - 1);
    }
    static void free_block(Records::Chunk* chunk) noexcept {
        if (chunk == nullptr) return;
        chunk->capacity = block_capacity;  // as it was made
        Records::free_chunks(chunk);
    }
    void recycle(std::uint32_t block) noexcept {
        Records::Chunk* const chunk = blocks_[block].chunk();
        if (spare_ == no_block) {
            spare_ = block;
            chunk->used = 0;
            chunk->capacity = block_capacity;
        } else {
            blocks_[block].memory = nullptr;
            free_block(chunk);
        }
    }

    STET_NO_INLINE void cut(std::size_t count) noexcept {
        while (count_ > count) {
            const Step& last = at(count_ - 1);
            --count_;
            remove(last);
        }
    }
    STET_ALWAYS_INLINE void remove(const Step& step) noexcept {
        if (step.is(Step::name_bits)) names_.remove(step.name());
        drop(step);
    }
    STET_ALWAYS_INLINE void drop(const Step& step) noexcept {
        if (limit_ != 0) bytes_ -= cost(step);
        if (step.is(Step::beyond)) destroy(step);
        if (step.words() != 0) drop_words(step);
    }
    STET_ALWAYS_INLINE void drop_words(const Step& step) noexcept {
        const std::uint32_t block = step.block();
        if (--blocks_[block].steps == 0 && block != tail_block_) recycle(block);
    }
    // What lies outside the words of a step.
    struct Outside {
        Records::Chunk* chunks;
        Records::Owned* owned;
    };
    Outside outside(const Step& step) const {
        const Block& block = blocks_[step.block()];
        if (step.words() == 0) return {block.own()->begin().chunk, block.own()->owned()};
        Outside found{nullptr, nullptr};
        Records::Chunk* last = block.chunk();
        std::size_t end = step.begin() + step.words() * word;
        if (last->next != nullptr && end == last->used) {
            found.chunks = last->next;
            while (last->next != nullptr) last = last->next;
            end = last->used;
        }
        if (step.is(Step::owns))
            std::memcpy(&found.owned, last->bytes() + end - sizeof found.owned, sizeof found.owned);
        return found;
    }
    STET_NO_INLINE std::size_t cost(const Step& step) const {
        const Outside more = outside(step);
        return sizeof(Step) + step.words() * word + Records::bytes(more.chunks) + Records::heap(more.owned);
    }
    static void delete_own(Block& block) noexcept {
        detail::destroy(static_cast<Records*>(std::exchange(block.memory, nullptr)));
    }
    STET_NO_INLINE void destroy(const Step& step) noexcept {
        Block& block = blocks_[step.block()];
        if (step.words() == 0) {
            block.steps = 0;
            return delete_own(block);
        }
        const Outside more = outside(step);
        Records::destroy(more.owned);
        if (more.chunks != nullptr) Records::free_chunks(std::exchange(block.chunk()->next, nullptr));
    }

    STET_NO_INLINE void grow_ring() {
        HeapVector<late<Step, T>> straight(2 * count_ + 4 < most_ ? 2 * count_ + 4 : most_);
        for (std::size_t i = 0; i < count_; ++i) straight[i] = at(i);
        ring_.swap(straight);
        ring_size_ = ring_.size();
        first_ = 0;
    }

    void copy(const Journal& other) {
        for (std::size_t i = 0; i < other.count_; ++i) {
            Open step(*this, other.time(i));
            RecordNode root(step.records());
            other[i].write(root);
            step.prepare(other.name(i));
            step.keep();
        }
        limit(other.limit_);
    }
    void exchange(Journal& other) noexcept {
        using std::swap;
        swap(ring_, other.ring_);
        swap(ring_size_, other.ring_size_);
        swap(first_, other.first_);
        swap(count_, other.count_);
        swap(most_, other.most_);
        swap(limit_, other.limit_);
        swap(bytes_, other.bytes_);
        swap(blocks_, other.blocks_);
        swap(tail_, other.tail_);
        swap(tail_block_, other.tail_block_);
        swap(spare_, other.spare_);
        swap(own_block_, other.own_block_);
        swap(least_room_, other.least_room_);
        swap(names_, other.names_);
        lend();
        other.lend();
    }
    // To whoever writes the next step.
    void lend() noexcept {
        if (tail_ == nullptr) open_.let_go();
        else open_.borrow(*tail_);
    }

    HeapVector<late<Step, T>> ring_;
    std::size_t ring_size_ = 0;  // of which it need not be asked
    std::size_t first_ = 0;
    std::size_t count_ = 0;
    std::size_t most_;
    std::size_t limit_ = 0;  // none
    std::size_t bytes_ = 0;  // counted where there is a limit
    HeapVector<late<Block, T>> blocks_;
    Records::Chunk* tail_ = nullptr;
    std::uint32_t tail_block_ = no_block;
    std::uint32_t spare_ = no_block;
    std::uint32_t own_block_ = no_block;
    std::uint32_t least_room_ = 4 * word;  // what a step has taken lately
    std::uint32_t begin_ = 0;
    std::uint32_t name_ = 0;   // of the next step
    std::uint32_t timed_ = 0;  // Step::timed if it is
    Records open_;
    StepNames<T> names_;
};

}  // namespace stet::detail
