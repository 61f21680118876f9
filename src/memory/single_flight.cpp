#include "memory/single_flight.hpp"

#include <semantrix/error.hpp>

namespace semantrix::memory {

Value SingleFlight::run(std::string_view key, const std::function<Value()>& compute) {
  std::unique_lock lock(mutex_);
  const auto [at, first] = flights_.try_emplace(std::string(key));
  if (!first) {
    const std::shared_ptr<Flight> flight = at->second;
    return wait_for(flight, lock);
  }
  const auto flight = at->second = std::make_shared<Flight>();
  flight->computing = std::this_thread::get_id();
  lock.unlock();
  try {
    flight->value = compute();
  } catch (...) {
    flight->failure = std::current_exception();
  }
  land(key, *flight);
  if (flight->failure) std::rethrow_exception(flight->failure);
  return flight->value;
}

Value SingleFlight::wait_for(const std::shared_ptr<Flight>& flight,
                             std::unique_lock<std::mutex>& lock) {
  if (waits_for_this_thread(*flight)) {
    throw CacheError(Error(ErrorCode::busy, "the computation of this key asks for the key itself",
                           "compute from other keys, or call the inner function directly"));
  }
  const auto self = std::this_thread::get_id();
  waiting_[self] = flight.get();
  landed_.wait(lock, [&] { return flight->done; });
  waiting_.erase(self);
  if (flight->failure) std::rethrow_exception(flight->failure);
  return flight->value;
}

// Follows "is computed by", "which waits for" until a flight whose thread waits for nobody.
bool SingleFlight::waits_for_this_thread(const Flight& flight) const {
  for (const Flight* at = &flight; !at->done;) {
    if (at->computing == std::this_thread::get_id()) return true;
    const auto next = waiting_.find(at->computing);
    if (next == waiting_.end()) return false;
    at = next->second;
  }
  return false;
}

void SingleFlight::land(std::string_view key, Flight& flight) {
  {
    const std::lock_guard lock(mutex_);
    flight.done = true;
    flights_.erase(std::string(key));
  }
  landed_.notify_all();
}

// The waiters that the condition variable counts will never wake here: it is made anew, not ended.
void SingleFlight::forget_other_threads() {
  const auto self = std::this_thread::get_id();
  boost::unordered::erase_if(flights_, [self](const auto& entry) {
    return entry.second == nullptr || entry.second->computing != self;
  });
  waiting_.clear();
  std::construct_at(&landed_);
}

}  // namespace semantrix::memory
