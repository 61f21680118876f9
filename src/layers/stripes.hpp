#pragma once

#include <semantrix/cache_store.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <mutex>
#include <span>
#include <string>
#include <string_view>

namespace semantrix::layers {

/// Keeps a local copy of what a store has from contradicting a write.
///
/// A reader takes a ticket before it asks the store, and keeps its answer only if nobody wrote a
/// key of that stripe meanwhile. A writer raises the count when it begins and when it ends, so that
/// whatever was read while it was under way is thrown away. Thread-safe; a copy that is read costs
/// nothing here.
class Stripes {
 public:
  using Ticket = std::uint64_t;

  [[nodiscard]] Ticket ticket(std::string_view key) {
    Stripe& stripe = stripe_of(key);
    const std::lock_guard lock(stripe.mutex);
    return stripe.count;
  }

  /// Runs `keep` if nothing was written since the ticket. `keep` must be short.
  template <class Keep>
  void keep_if_unwritten(std::string_view key, Ticket ticket, const Keep& keep) {
    Stripe& stripe = stripe_of(key);
    const std::lock_guard lock(stripe.mutex);
    if (stripe.count == ticket) keep();
  }

  /// A write begins, ends, or was heard of: `drop` removes the copy.
  template <class Drop>
  Ticket written(std::string_view key, const Drop& drop) {
    Stripe& stripe = stripe_of(key);
    const std::lock_guard lock(stripe.mutex);
    drop();
    return ++stripe.count;
  }

  /// The same for every key.
  template <class Drop>
  void all_written(const Drop& drop) {
    for (Stripe& stripe : stripes_) {
      const std::lock_guard lock(stripe.mutex);
      ++stripe.count;
    }
    drop();
  }

  /// A write ends: `keep` runs if no other was under way on the stripe since `begun`, else `drop`.
  template <class Keep, class Drop>
  void ended(std::string_view key, Ticket begun, const Keep& keep, const Drop& drop) {
    Stripe& stripe = stripe_of(key);
    const std::lock_guard lock(stripe.mutex);
    if (stripe.count == begun) {
      keep();
    } else {
      drop();
    }
    ++stripe.count;
  }

 private:
  struct alignas(64) Stripe {
    std::mutex mutex;
    std::uint64_t count = 0;
  };
  [[nodiscard]] Stripe& stripe_of(std::string_view key) {
    return stripes_[std::hash<std::string_view>{}(key) % stripes_.size()];
  }

  std::array<Stripe, 64> stripes_;
};

}  // namespace semantrix::layers
