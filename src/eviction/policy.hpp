#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>

/// What an eviction policy is. A policy orders entries and names the next to leave; it holds no
/// keys, no values, no locks and no clock. Entries are numbered slots; the memory of their links,
/// hashes and states belongs to the shard that uses the policy (a `NodeStore`), so that an entry's
/// share of a policy is a few bytes without an allocation. Callers serialise all calls.
namespace semantrix::eviction {

/// Number of an entry within its shard. Reused after the entry is gone.
using Slot = std::uint32_t;
inline constexpr Slot no_slot = ~Slot{0};

/// Neighbours in whichever list a policy keeps the entry.
struct Links {
  Slot previous;
  Slot next;
};

/// Two bytes a policy may use for each entry; they lie in the entry's record, which a hit has just
/// touched, so that a hit need not touch the links. Zeroed before `insert`.
struct EntryState {
  std::uint8_t frequency;
  std::uint8_t queue;
};

/// Where a policy finds what belongs to a slot. References stay valid until the next insertion.
template <class N>
concept NodeStore = requires(N& nodes, const N& fixed, Slot slot) {
  { nodes.links(slot) } -> std::same_as<Links&>;
  { nodes.state(slot) } -> std::same_as<EntryState&>;
  { fixed.hash(slot) } -> std::convertible_to<std::uint32_t>;  // well mixed
};

/// Starts loading what the two entries in front of `slot` will be asked when their turn comes.
/// Called for each entry a victim search looks at, it has the next one's state and the links of the
/// one after it on their way: without it every look waits for memory.
/// Functions that only prefetch must be inlined by force: GCC 12 takes them for functions without
/// effect and drops their calls.
template <NodeStore N>
[[gnu::always_inline]] inline void look_ahead(N& nodes, Slot slot) {
  if constexpr (requires { nodes.prefetch(slot), nodes.prefetch_state(slot); }) {
    const Slot next = nodes.links(slot).previous;
    if (next == no_slot) return;
    nodes.prefetch_state(next);
    nodes.prefetch(nodes.links(next).previous);
  }
}

/// The verbs of a policy.
///
/// - `insert(slot)`: a new entry. REQUIRES: the slot is not in the policy.
/// - `hit(slot, state)`: the entry was read or replaced. `state` is `nodes.state(slot)`, already at
///   hand. Cheap: this is the hot path.
/// - `victim()`: the entry that should leave to make room for one more; `no_slot` only when the
///   policy is empty. May reorder; does not remove.
/// - `erase(slot)`: the entry leaves for a reason of its own (erased, expired, cleared).
/// - `evict(slot)`: the entry leaves as a victim; a policy may remember its hash.
/// - `prepare(capacity)`: the cache is half full (or was resized) and expected to hold about so
///   many entries; allocate memories of past keys here, not before.
/// - `coldest_first(visit)`: visits every slot once, the next to leave first.
/// - `rank(slot)` and `restore(slot, rank)`: what a snapshot keeps of an entry's standing beyond
///   the order, and its return: restoring in `coldest_first` order with the saved ranks rebuilds
///   queues and counts. REQUIRES for `restore`: as for `insert`.
/// - `size()`: entries in the policy.
template <class P, class N>
concept Policy = NodeStore<N> && std::constructible_from<P, N&> &&
    requires(P& policy, const P& fixed, Slot slot, EntryState& state, std::size_t capacity,
             std::uint32_t rank, void (*visit)(Slot)) {
  policy.insert(slot);
  policy.hit(slot, state);
  { policy.victim() } -> std::same_as<Slot>;
  policy.erase(slot);
  policy.evict(slot);
  policy.prepare(capacity);
  fixed.coldest_first(visit);
  { fixed.rank(slot) } -> std::same_as<std::uint32_t>;
  policy.restore(slot, rank);
  { fixed.size() } -> std::same_as<std::size_t>;
};

}  // namespace semantrix::eviction
