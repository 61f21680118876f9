#pragma once

#include "eviction/policy.hpp"
#include <semantrix/value.hpp>

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace semantrix::memory {

/// An entry: one allocation of this header, the key, the stored value and (if tagged) the tags.
/// It begins with the reference count of `Value`, so that a hit hands out the bytes themselves.
///
/// Key, sizes, flags and bytes never change after `create`, nor the deadline once a shard holds the
/// record; slot and state are guarded by that shard's lock.
class Record {
 public:
  struct Content {
    std::string_view key;
    std::string_view value;  ///< As stored: compressed if `compressed`.
    bool compressed = false;
    bool binary = false;
    std::span<const std::string_view> tags = {};
  };

  /// What key, value and tags may have, each; sizes are kept in 32 bits.
  static constexpr std::size_t most_bytes = 0xffffffff;

  /// One reference, held by the caller. Throws `std::bad_alloc`. REQUIRES: none of key, value and
  /// `bytes_of(tags)` exceeds `most_bytes`.
  [[nodiscard]] static Record* create(const Content& content);
  /// The same, but for the value's bytes: `fill` must copy them before anybody reads the record.
  [[nodiscard]] static Record* create_unfilled(const Content& content);
  void fill(std::string_view value) noexcept {
    if (!value.empty())
      std::memcpy(const_cast<char*>(bytes()) + key_size_, value.data(), value.size());
  }

  [[nodiscard]] std::string_view key() const noexcept { return {bytes(), key_size_}; }
  [[nodiscard]] std::string_view stored() const noexcept {
    return {bytes() + key_size_, value_size_};
  }
  [[nodiscard]] bool compressed() const noexcept { return (flags() & compressed_flag) != 0; }
  [[nodiscard]] bool binary() const noexcept { return (flags() & binary_flag) != 0; }
  [[nodiscard]] bool tagged() const noexcept { return (flags() & tagged_flag) != 0; }
  [[nodiscard]] std::vector<std::string> tags() const;
  [[nodiscard]] bool has_tag(std::string_view tag) const noexcept;

  /// Steady milliseconds at which the entry expires; 0: never.
  [[nodiscard]] std::int64_t deadline() const noexcept {
    const auto high = static_cast<std::uint64_t>(deadline_high_ & deadline_mask);
    return static_cast<std::int64_t>(high << 32 | deadline_low_);
  }
  void set_deadline(std::int64_t steady_ms) noexcept {
    deadline_low_ = static_cast<std::uint32_t>(steady_ms);
    deadline_high_ = static_cast<std::uint16_t>(
        (static_cast<std::uint64_t>(steady_ms) >> 32 & deadline_mask) | flags());
  }

  /// What `max_bytes` counts: the allocation, and what index and lists hold for the entry.
  [[nodiscard]] std::size_t charge() const noexcept;
  [[nodiscard]] static std::size_t charge_of(std::size_t key, std::size_t value,
                                             std::size_t tags) noexcept;
  /// What the tags take of a record, each with its size.
  [[nodiscard]] static std::size_t bytes_of(std::span<const std::string_view> tags) noexcept;

  /// The stored bytes as a value that takes over one reference of the caller's.
  [[nodiscard]] Value into_value() noexcept {
    return Value(&shared_, bytes() + key_size_, value_size_, binary());
  }
  void retain() noexcept { detail::retain(&shared_); }
  void release() noexcept { detail::release(&shared_); }

  [[nodiscard]] eviction::Slot slot() const noexcept { return slot_; }
  void set_slot(eviction::Slot slot) noexcept { slot_ = slot; }
  [[nodiscard]] eviction::EntryState& state() noexcept { return state_; }

 private:
  // The deadline has 45 bits, 1,100 years; the flags take the other three of its 48.
  static constexpr std::uint16_t deadline_mask = 0x1fff;
  static constexpr std::uint16_t compressed_flag = 0x2000;
  static constexpr std::uint16_t binary_flag = 0x4000;
  static constexpr std::uint16_t tagged_flag = 0x8000;

  Record() noexcept = default;
  [[nodiscard]] std::uint16_t flags() const noexcept {
    return static_cast<std::uint16_t>(deadline_high_ & ~deadline_mask);
  }
  [[nodiscard]] const char* bytes() const noexcept {
    return reinterpret_cast<const char*>(this + 1);
  }
  [[nodiscard]] std::uint32_t tag_bytes() const noexcept;
  template <class Visit>
  void visit_tags(Visit visit) const;

  detail::SharedBytes shared_{detail::SharedBytes::one};  // first: `free` gets its address
  eviction::Slot slot_ = eviction::no_slot;               // guarded by the shard's lock
  std::uint32_t key_size_ = 0;
  std::uint32_t value_size_ = 0;
  std::uint32_t deadline_low_ = 0;
  std::uint16_t deadline_high_ = 0;  // and the flags
  eviction::EntryState state_{};     // guarded by the shard's lock
};
static_assert(sizeof(Record) == 24, "every byte here is a byte an entry");

}  // namespace semantrix::memory
