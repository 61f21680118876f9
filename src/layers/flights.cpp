#include "layers/flights.hpp"

#include "base/fork_generation.hpp"

#include <functional>
#include <utility>

namespace semantrix::layers {

Flights::Part& Flights::part_of(std::string_view key) {
  return parts_[std::hash<std::string_view>{}(key) % parts_.size()];
}

Flights::Boarding Flights::board(const std::string& key) {
  Part& part = part_of(key);
  const std::lock_guard lock(part.mutex);
  if (const std::uint32_t now = fork_generation(); part.generation != now) {
    part.generation = now;
    part.flights.clear();
  }
  const auto [at, first] = part.flights.try_emplace(key);
  if (first) at->second = std::make_shared<Flight>();
  return {at->second, first};
}

void Flights::forget(const std::string& key) {
  Part& part = part_of(key);
  const std::lock_guard lock(part.mutex);
  part.flights.erase(key);
}

void Flights::forget_all() {
  for (Part& part : parts_) {
    const std::lock_guard lock(part.mutex);
    part.flights.clear();
  }
}

void Flights::land(const std::string& key, const std::shared_ptr<Flight>& flight, Landing landing) {
  Part& part = part_of(key);
  {
    const std::lock_guard lock(part.mutex);
    const auto at = part.flights.find(key);
    if (at != part.flights.end() && at->second == flight) part.flights.erase(at);
    landed_.fetch_add(1, std::memory_order_release);
  }
  flight->land(std::move(landing));
}

}  // namespace semantrix::layers
