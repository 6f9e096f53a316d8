#pragma once
// `edit_in_place`: changes a value, all of it or nothing, and says what changed: costs what was changed, whatever the
// size of the value.

#include <stet/reflect/sentences.hpp>

#include <stet/patch/assign.hpp>
#include <stet/patch/edit_log.hpp>
#include <stet/patch/patch.hpp>
#include <stet/patch/ways.hpp>
#include <stet/result.hpp>
#include <stet/schema/path.hpp>
#include <stet/schema/violations.hpp>

#include <cstddef>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

namespace stet {
namespace detail {

// What the functions of a cursor take, by what it stands at.
struct NotHere {};
template <class V, Kind = kind_v<V>>
struct EditTypes {
    using Element = NotHere;
    using Key = NotHere;
};
template <class V>
struct EditTypes<V, Kind::sequence> {
    using Element = std::remove_cv_t<typename V::value_type>;
    using Key = NotHere;
};
template <class V>
struct EditTypes<V, Kind::optional> : EditTypes<V, Kind::sequence> {};
template <class V>
struct EditTypes<V, Kind::array> : EditTypes<V, Kind::sequence> {};
template <class V>
struct EditTypes<V, Kind::map> {
    using Element = typename V::mapped_type;
    using Key = typename V::key_type;
};
template <class V>
struct EditTypes<V, Kind::set> {
    using Element = NotHere;
    using Key = typename V::key_type;
};

}  // namespace detail

/// Where an edit stands in a value: at the whole of it, a field, an element. It stands by name, position or key, and so
/// stays good when something around it changes. What is changed takes effect at once; a position or key that does not
/// exist fails the whole edit, and what follows is ignored.
template <class T, class Way>
class Edit {
    using V = typename Way::Value;
    using Types = detail::EditTypes<V>;
    using Element = typename Types::Element;
    using Key = typename Types::Key;
    static constexpr Kind kind = detail::kind_v<V>;
    static constexpr bool elements = kind == Kind::sequence || kind == Kind::array;

public:
    using value_type = V;

    explicit Edit(detail::EditLog<T>& log, Way way = {}) : log_(&log), way_(std::move(way)) {}

    /// Does what it stands at exist?
    explicit operator bool() const { return target() != nullptr; }
    /// What is there, with all changes so far; asking where nothing is, is a programming error.
    const V& current() const {
        const V* const there = target();
        if (there == nullptr) detail::fail("stet: Edit::current(): there is no such element; test the cursor first");
        return *there;
    }

    // ---- going on

    /// A field of a struct: `edit.at(field<"llm.model">)`.
    template <Step... Steps>
    auto at(Field<Steps...> where) const {
        static_assert(kind == Kind::structure,
                      "stet: at(field<...>) looks into a struct, and here is none; a value is put here by assign(v)");
        if constexpr (kind == Kind::structure) {
            if constexpr (decltype(detail::missing<V>(Field<Steps...>{}))::ask())
                return to(detail::Further<detail::resolve<V>(where), Way>::from(way_));
            else return *this;
        } else return *this;
    }
    /// The value of a key in a map.
    auto at(const Key& key) const
        requires(kind == Kind::map)
    {
        auto entry = to(detail::InEntry<Way>{{way_}, key});
        if (const V* const map = reach(); map != nullptr && map->find(key) == map->end()) no_key(key);
        return entry;
    }
    template <class K>
    auto at(const K&) const
        requires(kind != Kind::map)
    {
        static_assert(kind == Kind::map,
                      "stet: at(key) looks into a map, and here is none; of a sequence or array "
                      "write [position], of a struct at(field<...>)");
        return *this;
    }
    /// The element at a position.
    auto operator[](std::size_t index) const
        requires(elements)
    {
        if (const V* const all = reach(); all != nullptr && index >= all->size()) no_index(index);
        return to(detail::InElement<Way>{{way_}, index});
    }
    template <class K>
    auto operator[](const K&) const
        requires(!elements)
    {
        static_assert(elements, "stet: [position] is for sequences and arrays; what a map holds is at(key)");
        return *this;
    }
    /// The element with a key, of a sequence of which the schema says keyed_by; it stands at the position where that
    /// element is now. O(elements).
    template <class K>
    auto at_key(const K& key) const {
        constexpr bool keyed = kind == Kind::sequence && !std::is_same_v<typename Way::Key, detail::NotKeyed>;
        static_assert(keyed,
                      "stet: at_key: nothing says what identifies an element here; write keyed_by<&Element::id> at "
                      "this field in the schema, or use [position]");
        if constexpr (keyed) {
            std::size_t index = 0;
            if (const V* const all = reach()) {
                for (const auto& element : *all) {
                    if (Way::Key::key(element) == key) break;
                    ++index;
                }
                if (index == all->size()) no_key(key);
            }
            return to(detail::InElement<Way>{{way_}, index});
        } else return *this;
    }
    /// What an optional holds, or a variant as its alternative number `I`.
    template <std::size_t I = 0>
    auto content() const {
        static_assert(kind == Kind::optional || kind == Kind::variant,
                      "stet: content() is what an optional or a variant holds");
        if constexpr (kind == Kind::optional || kind == Kind::variant) {
            auto inside = to(in_content<I>());
            if (reach() != nullptr && !inside) fail(Errc::no_such_element);
            return inside;
        } else return *this;
    }

    // ---- a whole value

    /// Puts a value here: one of its type, or one that becomes it without loss. A number that does not fit fails the
    /// edit.
    void assign(V value) const {
        if (reach() != nullptr) log_->replace(way_, std::move(value));
    }
    template <class U>
        requires(!std::is_same_v<std::remove_cvref_t<U>, V>)
    void assign(U&& value) const {
        constexpr bool fits = detail::can_assign<V, U>();
        constexpr bool as_content = !fits && content_from<U>();
        static_assert(fits || as_content, "stet: set: the field cannot hold a value of this type");
        if constexpr (fits || as_content) {
            if (reach() == nullptr) return;
            const bool done = log_->modify(way_, [&](V& next) {
                if constexpr (as_content) {
                    next.emplace(std::forward<U>(value));
                    return true;
                } else return detail::assign(next, std::forward<U>(value));
            });
            if (!done) fail(Errc::wrong_type, detail::what_fits<V>());
        }
    }
    void set(V value) const { assign(std::move(value)); }
    template <class U>
        requires(!std::is_same_v<std::remove_cvref_t<U>, V>)
    void set(U&& value) const {
        assign(std::forward<U>(value));
    }

    /// An optional: what it holds then.
    void set(Element content) const
        requires(kind == Kind::optional)
    {
        if (reach() != nullptr) log_->modify(way_, [&](V& next) { return next.emplace(content), true; });
    }

    /// Sets a field of the struct here: `edit.set(field<"llm.model">, "gpt-4o")`.
    template <Step... Steps, class U>
    void set(Field<Steps...> where, U&& value) const {
        if constexpr (kind == Kind::structure) {  // asked here: the way to the sentence is as short as it can be
            if constexpr (decltype(detail::missing<V>(Field<Steps...>{}))::ask())
                at(where).assign(std::forward<U>(value));
        } else at(where);
    }
    /// Sets what a path leads to, which may lie inside a container. Costs what the field costs that it begins with.
    template <class U>
    void set(const Path<V>& path, U&& value) const
        requires(std::is_same_v<V, T>)
    {
        if (log_->failed()) return;
        detail::PutAt at;
        const auto put = [&](auto& target) {
            at.put(target, std::forward<U>(value));
            return at.done;
        };
        bool there = true;
        const auto set_leaves = [&](auto&& make) {
            for (std::size_t i = 0; i < path.leaves().count; ++i) {
                detail::with_leaf<T, detail::Among::all>(path.leaves().first + i, [&]<std::size_t L>() {
                    make(detail::field_from<detail::leaf_table<T>.path[L]>(way_),
                         std::integral_constant<std::size_t, L>{});
                });
            }
        };
        if (path.in_one_leaf()) {
            set_leaves([&](const auto& leaf, auto) {
                log_->modify(leaf, [&](auto& next) {
                    there = detail::follow(next, path.inside(), put) == detail::Followed::there;
                    return there && at.done;
                });
            });
        } else {
            T next(log_->value());
            there = path.visit(next, put).has_value();
            if (there && at.done)
                set_leaves([&]<std::size_t L>(const auto& leaf, std::integral_constant<std::size_t, L>) {
                    log_->replace(leaf, std::move(get_leaf<L>(next)));
                });
        }
        if (!there) log_->fail(Error(Errc::no_such_element, path.text()));
        else if (!at.done) log_->fail(Error(Errc::wrong_type, path.text(), at.fits));
    }
    template <class U>
    void set(std::string_view path, U&& value) const
        requires(std::is_same_v<V, T>)
    {
        if (log_->failed()) return;
        if (const auto parsed = Path<T>::parse(path)) set(*parsed, std::forward<U>(value));
        else log_->fail(Error(parsed.error()));
    }
    /// Empties an optional.
    void reset() const {
        static_assert(kind == Kind::optional, "stet: reset() is for an optional; a container is emptied by assign({})");
        if constexpr (kind == Kind::optional) {
            if (const V* const here = reach(); here != nullptr && here->has_value())
                log_->modify(way_, [](V& next) { return next.reset(), true; });
        }
    }

    // ---- containers and texts

    /// A sequence: before the element that is there; at its size, behind the last.
    void insert(std::size_t index, Element element) const
        requires(kind == Kind::sequence)
    {
        V* const all = reach();
        if (all == nullptr) return;
        if (index > all->size()) return no_index(index);
        if constexpr (direct && detail::appends_in_place<V>) {
            if (detail::inserts_in_place<V> || index == all->size()) {
                log_->step(
                    way_, [&](detail::RecordNode& node) { node.inserted(index, index, element); }, Log::by_patch,
                    [&] {
                        if (index == all->size()) all->push_back(std::move(element));
                        else all->insert(detail::nth(*all, index), std::move(element));
                    });
                return;
            }
        }
        log_->modify(way_, [&](V& next) { return next.insert(detail::nth(next, index), element), true; });
    }
    /// A map: a value for a key, which may have one already.
    void insert(const Key& key, Element element) const
        requires(kind == Kind::map)
    {
        V* const map = reach();
        if (map == nullptr) return;
        if (map->find(key) != map->end()) return at(key).assign(std::move(element));
        if constexpr (direct && detail::keeps_promises<V>) {
            log_->step(
                way_, [&](detail::RecordNode& node) { node.entry_added(key, element); }, Log::by_patch,
                [&] { map->try_emplace(key, std::move(element)); });
        } else log_->modify(way_, [&](V& next) { return next.try_emplace(key, element), true; });
    }
    /// A set: a member, if it is not one already.
    void insert(const Key& key) const
        requires(kind == Kind::set)
    {
        V* const set = reach();
        if (set == nullptr || set->find(key) != set->end()) return;
        if constexpr (direct && detail::keeps_promises<V>) {
            log_->step(
                way_, [&](detail::RecordNode& node) { node.member_added(key); }, Log::by_patch,
                [&] { set->insert(key); });
        } else log_->modify(way_, [&](V& next) { return next.insert(key), true; });
    }
    /// A text: characters, before position `index`.
    void insert(std::size_t index, std::string_view chars) const
        requires(kind == Kind::text)
    {
        splice(index, 0, chars);
    }
    void insert(std::size_t index, char character) const
        requires(kind == Kind::text)
    {
        splice(index, 0, {&character, 1});
    }
    template <class... A>
    void insert(A&&...) const
        requires(kind != Kind::sequence && kind != Kind::map && kind != Kind::set && kind != Kind::text)
    {
        static_assert(kind == Kind::sequence,
                      "stet: insert is for a sequence, map, set or text; a number, a struct, "
                      "an array or an optional is set");
    }

    /// An element, an entry, a member.
    void erase(std::size_t index) const
        requires(kind == Kind::sequence)
    {
        V* const all = reach();
        if (all == nullptr) return;
        if (index >= all->size()) return no_index(index);
        if constexpr (direct && detail::inserts_in_place<V>) {
            auto at = detail::nth(*all, index);
            log_->step(
                way_, [&](detail::RecordNode& node) { node.erased(index, index, std::as_const(*at)); },
                [&] {
                    return log_->make_back_by(way_, std::move(*at), [index](V& to, Element& saved) {
                        to.insert(detail::nth(to, index), std::move(saved));
                    });
                },
                [&] { all->erase(at); });
        } else log_->modify(way_, [&](V& next) { return next.erase(detail::nth(next, index)), true; });
    }
    void erase(const Key& key) const
        requires(kind == Kind::map || kind == Kind::set)
    {
        V* const all = reach();
        if (all == nullptr) return;
        const auto found = all->find(key);
        if (found == all->end()) return no_key(key);
        if constexpr (direct && detail::extracts<V>) {
            using Node = decltype(all->extract(found));
            Node* kept = nullptr;
            log_->step(
                way_,
                [&](detail::RecordNode& node) {
                    if constexpr (kind == Kind::map) node.entry_removed(found->first, found->second);
                    else node.member_removed(*found);
                },
                [&] {
                    auto* const back =
                        log_->make_back_by(way_, Node{}, [](V& to, Node& saved) { to.insert(std::move(saved)); });
                    kept = &back->saved;
                    return back;
                },
                [&] {
                    if (kept == nullptr) all->erase(found);
                    else *kept = all->extract(found);
                });
        } else log_->modify(way_, [&](V& next) { return next.erase(next.find(key)), true; });
    }
    /// A text: `count` characters from position `index` on; all of them if it is std::string_view::npos.
    void erase(std::size_t index, std::size_t count) const
        requires(kind == Kind::text)
    {
        splice(index, count, {});
    }
    template <class... A>
    void erase(A&&...) const
        requires(kind != Kind::sequence && kind != Kind::map && kind != Kind::set && kind != Kind::text)
    {
        static_assert(kind == Kind::sequence,
                      "stet: erase is for a sequence, map, set or text; an optional is reset()");
    }

    void push_back(Element element) const
        requires(kind == Kind::sequence)
    {
        if (const V* const all = reach()) insert(all->size(), std::move(element));
    }
    template <class... A>
    void push_back(A&&...) const
        requires(kind != Kind::sequence)
    {
        static_assert(kind == Kind::sequence, "stet: push_back is for a sequence");
    }
    /// Inserts an element made of these.
    template <class... A>
    void emplace(std::size_t index, A&&... arguments) const {
        static_assert(kind == Kind::sequence, "stet: emplace(position, ...) is for a sequence");
        if constexpr (kind == Kind::sequence) {
            if constexpr (std::is_aggregate_v<Element>) insert(index, Element{std::forward<A>(arguments)...});
            else insert(index, Element(std::forward<A>(arguments)...));
        }
    }
    /// Exchanges two elements of a sequence or array.
    void swap(std::size_t i, std::size_t j) const {
        static_assert(elements, "stet: swap(i, j) exchanges two elements of a sequence or array");
        if constexpr (elements) {
            V* const all = reach();
            if (all == nullptr) return;
            if (i > j) std::swap(i, j);
            if (j >= all->size()) return no_index(j);
            if (i == j) return;
            if constexpr (direct && detail::nothrow_swappable<Element>) {
                log_->step(
                    way_, [&](detail::RecordNode& node) { write_swap(node, *all, i, j); },
                    [&] {
                        return log_->make_back_by(way_, +i, [j](V& to, std::size_t saved) { exchange(to, saved, j); });
                    },
                    [&] { exchange(*all, i, j); });
            } else log_->modify(way_, [&](V& next) { return exchange(next, i, j), true; });
        }
    }

private:
    template <class, class>
    friend class Edit;
    using Log = detail::EditLog<T>;
    // Can a change of a part be written as it is?
    static constexpr bool direct = Way::written == detail::Written::here && !Way::one_value;

    template <class Next>
    Edit<T, Next> to(Next next) const {
        return Edit<T, Next>(*log_, std::move(next));
    }
    template <std::size_t I>
    auto in_content() const {
        if constexpr (kind == Kind::optional) {
            return detail::InContent<Way, std::remove_cv_t<typename V::value_type>, 0>{{way_}};
        } else {
            return detail::InContent<Way, std::remove_reference_t<decltype(*get_if<I>(static_cast<V*>(nullptr)))>, I>{
                {way_}};
        }
    }
    template <class U>
    static constexpr bool content_from() {
        if constexpr (kind == Kind::optional) return std::is_convertible_v<U, const typename V::value_type&>;
        else return false;
    }

    V* target() const { return way_.find(log_->value()); }
    // What is there, to be changed; nullptr where the edit has failed, by this at the latest.
    V* reach() const {
        if (log_->failed()) return nullptr;
        V* const there = target();
        if (there == nullptr) fail(Errc::no_such_element);
        return there;
    }
    void fail(Errc code, std::string_view nearest = {}) const {
        way_.path([&](const PathView& path) {
            FixedText<80> where;
            Writer(where) << path;
            log_->fail(Error(code, where.view(), nearest));
        });
    }
    template <class Write>
    void missing(std::size_t index, const Write& write) const {
        way_.path([&](const PathView& path) {
            FixedText<80> where;
            write(Writer(where), path);
            log_->fail(Error(Errc::no_such_element, index, current().size(), where.view()));
        });
    }
    void no_index(std::size_t index) const {
        missing(index, [&](const Writer& out, const PathView& path) { out << path.at(index); });
    }
    template <class K>
    void no_key(const K& key) const {
        missing(0, [&](const Writer& out, const PathView& path) {
            if constexpr (kind == Kind::sequence) {
                out << path << "[key ";
                detail::write_value(out, key);
                out << ']';
            } else out << detail::entry_at(path, key);
        });
    }

    void splice(std::size_t index, std::size_t count, std::string_view chars) const {
        constexpr bool from_view = std::is_constructible_v<V, std::string_view>;
        static_assert(from_view,
                      "stet: this text cannot be made from a std::string_view; give it such a constructor, or assign "
                      "the whole text");
        if constexpr (from_view) {
            const V* const here = reach();
            if (here == nullptr) return;
            const std::string_view now(*here);
            if (index > now.size()) return no_index(index);
            if (count == std::string_view::npos) count = now.size() - index;
            if (count > now.size() - index) return no_index(index + count);
            if (count == 0 && chars.empty()) return;
            if constexpr (Way::written == detail::Written::here && Way::in_parts && detail::splices<V>) {
                if (now.size() + chars.size() < detail::Lead::most) {
                    log_->step(
                        way_,
                        [&](detail::RecordNode& node) {
                            node.spliced({index, index, now.substr(index, count), chars});
                        },
                        Log::by_patch,  // which has the room that it had
                        [&] { target()->replace(index, count, chars.data(), chars.size()); });
                    return;
                }
            }
            std::conditional_t<std::is_same_v<V, std::string>, V, detail::HeapString> next(now.substr(0, index));
            next += chars;
            next += now.substr(index + count);
            if constexpr (std::is_same_v<V, std::string>) log_->replace(way_, std::move(next));
            else log_->replace(way_, V(std::string_view(next)));
        }
    }

    static void exchange(V& all, std::size_t i, std::size_t j) {
        using std::swap;
        swap(*detail::nth(all, i), *detail::nth(all, j));
    }
    // Where elements have a key they have changed places, otherwise each of them its value. As a comparison finds it:
    // what lies between them stays, unless it is no more than what would have to go: then the first stays.
    static void write_swap(detail::RecordNode& node, const V& all, std::size_t i, std::size_t j) {
        auto at = detail::nth(all, i);
        const Element& a = *at;
        const Element& b = *detail::nth(all, j);
        if constexpr (detail::by_identity<typename Way::Key, V>()) {
            if (!detail::same(Way::Key::key(a), Way::Key::key(b))) {
                if (j - i > 2) {
                    node.erased(i, i, a);
                    node.inserted(i, i, b);
                    node.erased(j, j, b);
                    node.inserted(j, j, a);
                } else {
                    const Element& middle = *++at;  // b itself where they are neighbours
                    node.inserted(i, i, b);
                    if (j - i == 2) node.inserted(i + 1, i + 1, middle);
                    if (j - i == 2) node.erased(j + 1, j + 1, middle);
                    node.erased(j + 1, j + 1, b);
                }
                return;
            }
        }
        detail::walk_inside(a, b, [&] { return node.element(i, i); });
        detail::walk_inside(b, a, [&] { return node.element(j, j); });
    }

    Log* log_;
    Way way_;
};

namespace detail {

// Whoever is given a caller's function asks this himself, and then `require_edits`: every call between them is a line
// above each sentence.
template <class Make, class T>
concept edits = requires(Make& make, Edit<T>& cursor) { make(cursor); };
/// Runs a caller's function on a cursor; an error if it or one of its edits failed.
template <class E, class T, class Make>
Result<void, E> make_edits(EditLog<T>& log, Make& make) {
    Edit<T> cursor(log);
    const auto made = make_draft<E>(make, cursor);
    if (log.failed()) return Failure(E(log.error()));
    if (!made) return Failure(made.error());
    return {};
}

struct EditInPlace {
    template <class T, class Make>
    Result<Patch<T>, ErrorOf<T>> operator()(T& value, Make&& make) const {
        if constexpr (!(require_schema<T> && require_versionable<T>())) return Failure(ErrorOf<T>(Errc::gave_up));
        else if constexpr (!require_edits<edits<Make, T>>()) return Failure(ErrorOf<T>(Errc::gave_up));
        else if constexpr (EditLog<T>::in_place) {
            EditLog<T> log(value);
            if (const auto made = make_edits<ErrorOf<T>>(log, make); !made) return Failure(made.error());
            Patch<T> patch = std::move(log.patch());
            log.publish();
            return patch;
        } else {
            T draft(value);
            EditLog<T> log(draft);
            if (const auto made = make_edits<ErrorOf<T>>(log, make); !made) return Failure(made.error());
            Patch<T> patch = log.patch_from(value);
            value = std::move(draft);
            return patch;
        }
    }
};

}  // namespace detail

/// `edit_in_place(value, [](auto& edit) { edit.at(field<"shapes">)[5].set(field<"x">, 3.0f); })`: changes a value in
/// place and returns the patch from what it was. All or nothing: where the function gives up (returns false or an
/// error) or throws, or something does not exist or fit, the value is as it was. (A type whose moves throw can still
/// fail when it is put back in its place.) Errors: `no_such_element`, `no_such_field`, `wrong_type`, `gave_up`.
inline constexpr detail::EditInPlace edit_in_place{};

}  // namespace stet
