#pragma once

#include "net/endpoint.hpp"
#include "protocol/resp/slot.hpp"
#include "protocol/resp/topology.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace semantrix::redis {

/// Which shard of a cluster serves which slot. 32 KiB; a look-up is one load.
class SlotMap {
 public:
  struct Shard {
    net::Endpoint primary;
    std::vector<net::Endpoint> replicas;
  };

  /// What one of the nodes says. Where two ranges overlap, the later holds. Ranges of one primary
  /// are one shard, with every replica that any of them names.
  explicit SlotMap(const std::vector<resp::SlotRange>& ranges);

  /// Index in `shards()`; nothing where nobody serves the slot.
  [[nodiscard]] std::optional<std::size_t> shard_of(std::uint16_t slot) const noexcept {
    const std::uint16_t shard = shard_of_[slot];
    if (shard == nobody) return std::nullopt;
    return shard;
  }
  /// In the order of their first slots.
  [[nodiscard]] const std::vector<Shard>& shards() const noexcept { return shards_; }
  /// Slots that somebody serves.
  [[nodiscard]] std::size_t covered() const noexcept;

 private:
  static constexpr std::uint16_t nobody = 0xFFFF;

  std::array<std::uint16_t, resp::slots> shard_of_;
  std::vector<Shard> shards_;
};

}  // namespace semantrix::redis
