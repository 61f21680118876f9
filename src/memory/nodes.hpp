#pragma once

#include "eviction/policy.hpp"
#include "memory/page_arena.hpp"
#include "memory/record.hpp"

#include <bit>
#include <cstdint>
#include <vector>

namespace semantrix::memory {

/// What a shard keeps of an entry outside its record, 20 bytes. The record's address is held in two
/// halves so that a node needs no padding.
struct Node {
  std::uint32_t record_low;
  std::uint32_t record_high;
  std::uint32_t hash;
  eviction::Links order;  ///< In the policy's lists; in a free node `next` is the next free one.
};
static_assert(sizeof(Node) == 20);

/// All nodes of a shard, numbered by slot. Grows by blocks that never move; slots are reused. The
/// `NodeStore` of the shard's policy. Guarded by the shard's lock.
class Nodes {
 public:
  using Slot = eviction::Slot;

  explicit Nodes(PageArena& arena) noexcept : arena_(arena) {}

  /// Memory for one more slot. Throws `std::bad_alloc`.
  void reserve() {
    if (free_ == eviction::no_slot && used_ == capacity()) {
      blocks_.push_back(static_cast<Node*>(arena_.allocate(block_size * sizeof(Node))));
    }
  }
  [[nodiscard]] std::size_t capacity() const noexcept { return blocks_.size() * block_size; }

  /// A slot for the record, which learns it. REQUIRES: `reserve()` since the last one.
  Slot take(Record* record, std::uint32_t hash) noexcept {
    Slot slot = free_;
    if (slot != eviction::no_slot) {
      free_ = at(slot).order.next;
    } else {
      slot = used_++;
    }
    Node& node = at(slot);
    node.hash = hash;
    node.order = {eviction::no_slot, eviction::no_slot};
    set_record(slot, record);
    return slot;
  }

  /// Gives the slot back; its record is the caller's.
  void give_back(Slot slot) noexcept {
    Node& node = at(slot);
    node.record_low = node.record_high = 0;
    node.order.next = free_;
    free_ = slot;
  }

  void set_record(Slot slot, Record* record) noexcept {
    const auto address = std::bit_cast<std::uint64_t>(record);
    Node& node = at(slot);
    node.record_low = static_cast<std::uint32_t>(address);
    node.record_high = static_cast<std::uint32_t>(address >> 32);
    record->set_slot(slot);
  }
  /// Null for a free slot.
  [[nodiscard]] Record* record(Slot slot) const noexcept {
    const Node& node = at(slot);
    return std::bit_cast<Record*>(std::uint64_t{node.record_high} << 32 | node.record_low);
  }

  [[nodiscard]] eviction::Links& links(Slot slot) noexcept { return at(slot).order; }
  [[nodiscard]] eviction::EntryState& state(Slot slot) noexcept { return record(slot)->state(); }
  [[nodiscard]] std::uint32_t hash(Slot slot) const noexcept { return at(slot).hash; }

  /// Starts loading the slot's node; no_slot is allowed.
  [[gnu::always_inline]] void prefetch(Slot slot) const noexcept {
    if (slot < used_) __builtin_prefetch(&at(slot), 1);
  }
  /// Starts loading the slot's state. REQUIRES: its node is at hand, else this waits for it.
  [[gnu::always_inline]] void prefetch_state(Slot slot) const noexcept {
    if (slot < used_) __builtin_prefetch(record(slot), 1);
  }

  /// Every slot in use is below this.
  [[nodiscard]] Slot end() const noexcept { return used_; }

 private:
  static constexpr Slot block_bits = 10;
  static constexpr Slot block_size = Slot{1} << block_bits;

  [[nodiscard]] Node& at(Slot slot) const noexcept {
    return blocks_[slot >> block_bits][slot & (block_size - 1)];
  }

  PageArena& arena_;
  std::vector<Node*> blocks_;
  Slot used_ = 0;
  Slot free_ = eviction::no_slot;
};

static_assert(eviction::NodeStore<Nodes>);

}  // namespace semantrix::memory
