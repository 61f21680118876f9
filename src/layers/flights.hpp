#pragma once

#include "layers/flight.hpp"

#include <array>
#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>

namespace semantrix::layers {

/// The flights under way, by key. Thread-safe; each key's part has a lock of its own. After a
/// `fork` the child starts with none: the parent's will never land there.
class Flights {
 public:
  struct Boarding {
    std::shared_ptr<Flight> flight;
    bool first;  ///< The caller does the work, and lands it.
  };

  [[nodiscard]] Boarding board(const std::string& key);

  /// Later callers begin anew: what is under way may not know of a write that has ended.
  void forget(const std::string& key);
  void forget_all();

  /// How many have landed. If the number is the same when a caller boards first, nothing was
  /// brought home since it asked.
  [[nodiscard]] std::uint64_t landed() const noexcept {
    return landed_.load(std::memory_order_acquire);
  }

  /// Nobody boards any more, and all who wait wake.
  void land(const std::string& key, const std::shared_ptr<Flight>& flight, Landing landing);

 private:
  struct Part {
    std::mutex mutex;
    std::uint32_t generation = 0;  // of the process; guarded by mutex, as the flights are
    std::unordered_map<std::string, std::shared_ptr<Flight>> flights;
  };
  [[nodiscard]] Part& part_of(std::string_view key);

  std::array<Part, 16> parts_;
  std::atomic<std::uint64_t> landed_{0};
};

/// The first caller's duty to land, kept also when its coroutine is destroyed half way.
class Pilot {
 public:
  Pilot(Flights& flights, std::string key, std::shared_ptr<Flight> flight)
      : flights_(&flights), key_(std::move(key)), flight_(std::move(flight)) {}
  Pilot(Pilot&&) noexcept = default;
  Pilot& operator=(Pilot&&) = delete;
  ~Pilot() {
    if (flight_) land(Landing{.abandoned = true});
  }

  void land(Landing landing) {
    flights_->land(key_, std::exchange(flight_, nullptr), std::move(landing));
  }

 private:
  Flights* flights_;
  std::string key_;
  std::shared_ptr<Flight> flight_;
};

}  // namespace semantrix::layers
