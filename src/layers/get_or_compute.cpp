#include "contract/library_thread.hpp"
#include "layers/flights.hpp"
#include <semantrix/detail/verbs.hpp>
#include <semantrix/executor.hpp>
#include <semantrix/get_or_compute.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/use_future.hpp>
#include <boost/system/system_error.hpp>

#include <cstdint>
#include <string>
#include <utility>

namespace semantrix {
namespace {

using detail::OwnedAddOptions;
using layers::Flights;
using layers::Landing;
using layers::Pilot;

/// Of every store of the process. Leaked: calls may be under way while static objects are
/// destroyed.
Flights& flights() {
  static auto* const all = new Flights;
  return *all;
}

/// A store and a key, as one key.
std::string flight_key(const CacheStore& store, std::string_view key) {
  const auto address = reinterpret_cast<std::uintptr_t>(&store);
  std::string name(reinterpret_cast<const char*>(&address), sizeof address);
  return name.append(key);
}

/// Whether what was thrown says that the caller gave up, which is its own business alone.
bool is_cancellation(const std::exception_ptr& thrown) {
  try {
    std::rethrow_exception(thrown);
  } catch (const CacheError& error) {
    return error.code() == ErrorCode::cancelled;
  } catch (const boost::system::system_error& error) {
    return error.code() == boost::asio::error::operation_aborted;
  } catch (...) {
    return false;
  }
}

Landing landing_of(const std::exception_ptr& thrown) {
  return Landing{is_cancellation(thrown), std::optional<Value>(), thrown};
}

Landing landing_of(const Value& value) { return Landing{false, std::optional<Value>(value)}; }

Value brought_by(const Landing& landing) {
  if (landing.thrown) std::rethrow_exception(landing.thrown);
  return *landing.result.value();
}

awaitable<void> keep(CacheStore& store, std::string_view key, Value value, AddOptions options) {
  try {
    co_await store.add(key, std::move(value), options);
  } catch (const CacheError&) {
    // The store has counted it; the caller gets what was computed.
  }
}

/// What a caller knows before it boards.
struct Asked {
  std::uint64_t landed;  ///< How many flights had landed before it asked.
  bool told_of_a_miss;

  /// Who was told that there is no value looks again only if the computation it would have shared
  /// may have ended since; and is counted once.
  [[nodiscard]] bool knows() const noexcept {
    return told_of_a_miss && landed == flights().landed();
  }
};

struct Request {
  CacheStore& store;
  std::string key;
  Asked asked;
  Compute compute;
  OwnedAddOptions options;
};

awaitable<std::optional<Value>> look_up(const Request& request) {
  if (!request.asked.told_of_a_miss) co_return co_await request.store.get_exact(request.key);
  if (request.asked.knows()) co_return std::nullopt;
  std::optional<Entry> entry = co_await request.store.get_entry(request.key);
  if (!entry) co_return std::nullopt;
  co_return std::move(entry->value);
}

awaitable<Value> look_up_or_make(const Request& request) {
  std::optional<Value> found = co_await look_up(request);
  if (found) co_return std::move(*found);
  Value made = co_await request.compute();
  co_await keep(request.store, request.key, made, request.options);
  co_return made;
}

awaitable<Value> lead(const Request& request, Pilot pilot) {
  std::exception_ptr thrown;
  try {
    Value value = co_await look_up_or_make(request);
    pilot.land(landing_of(value));
    co_return value;
  } catch (...) {
    thrown = std::current_exception();
  }
  pilot.land(landing_of(thrown));
  std::rethrow_exception(thrown);
}

awaitable<Value> lead_or_wait(Request request) {
  if (!request.asked.told_of_a_miss && request.store.capability().refreshes_ahead) {
    // While one caller computes, the store may still have a value for this one.
    std::optional<Value> found = co_await request.store.get_exact(request.key);
    if (found) co_return std::move(*found);
    request.asked.told_of_a_miss = true;
  }
  const std::string name = flight_key(request.store, request.key);
  for (;;) {
    const Flights::Boarding boarding = flights().board(name);
    if (boarding.first) {
      Pilot pilot(flights(), name, boarding.flight);
      co_return co_await lead(request, std::move(pilot));
    }
    if (const auto error = co_await boarding.flight->wait()) {
      throw boost::system::system_error(error);
    }
    const Landing& landing = boarding.flight->landing();
    if (!landing.abandoned) co_return brought_by(landing);
  }
}

awaitable<Value> at_hand(Value value) { co_return value; }

struct BlockingRequest {
  BlockingStore& store;
  std::string_view key;
  Asked asked;
  const std::function<Value()>& compute;
  const AddOptions& options;
};

std::optional<Value> look_up(const BlockingRequest& request) {
  if (!request.asked.told_of_a_miss) return request.store.get_exact(request.key);
  if (request.asked.knows()) return std::nullopt;
  std::optional<Entry> entry = request.store.get_entry(request.key);
  if (!entry) return std::nullopt;
  return std::move(entry->value);
}

Value look_up_or_make(const BlockingRequest& request) {
  if (std::optional<Value> found = look_up(request)) return std::move(*found);
  Value made = request.compute();
  try {
    request.store.add(request.key, made, request.options);
  } catch (const CacheError&) {
    // As in `keep`.
  }
  return made;
}

Value lead(const BlockingRequest& request, Pilot pilot) {
  try {
    Value value = look_up_or_make(request);
    pilot.land(landing_of(value));
    return value;
  } catch (...) {
    pilot.land(landing_of(std::current_exception()));
    throw;
  }
}

void wait_for(layers::Flight& flight) {
  if (contract::on_library_thread()) {
    throw CacheError(
        Error(ErrorCode::invalid_argument,
              "a blocking call was made on the library's own thread, which it waits for",
              "await get_or_compute there instead"));
  }
  boost::asio::co_spawn(library_executor(), flight.wait(), boost::asio::use_future).get();
}

}  // namespace

awaitable<Value> get_or_compute(CacheStore& store, std::string_view key, Compute compute,
                                AddOptions options) {
  // Only a hit ends here: a refused key is told by the look-up, in one place.
  const std::uint64_t landed = flights().landed();
  auto answer = detail::Verbs::attempt_get(store, key);
  if (answer && *answer && **answer) return at_hand(std::move(***answer));
  const Asked asked{landed, answer && *answer};
  return lead_or_wait(
      Request{store, std::string(key), asked, std::move(compute), OwnedAddOptions(options)});
}

Value get_or_compute(BlockingStore& store, std::string_view key,
                     const std::function<Value()>& compute, AddOptions options) {
  const std::uint64_t landed = flights().landed();
  auto answer = detail::Verbs::attempt_get(store.store(), key);
  if (answer && *answer && **answer) return std::move(***answer);
  BlockingRequest request{store, key, Asked{landed, answer && *answer}, compute, options};
  if (!answer && store.store().capability().refreshes_ahead) {
    if (std::optional<Value> found = store.get_exact(key)) return std::move(*found);
    request.asked.told_of_a_miss = true;
  }
  const std::string name = flight_key(store.store(), key);
  for (;;) {
    const Flights::Boarding boarding = flights().board(name);
    if (boarding.first) return lead(request, Pilot(flights(), name, boarding.flight));
    wait_for(*boarding.flight);
    const Landing& landing = boarding.flight->landing();
    if (!landing.abandoned) return brought_by(landing);
  }
}

}  // namespace semantrix
