#include "base/url.hpp"
#include "cli/wait_for.hpp"
#include "cli/watched.hpp"
#include "open/layers.hpp"
#include "open/memorystore_url.hpp"
#include "open/redis_options.hpp"
#include "stores/elasticache/inspect.hpp"
#include "stores/google_memorystore/memorystore_backend.hpp"
#include "stores/redis/inspect.hpp"
#include <semantrix/elasticache_store.hpp>
#include <semantrix/google_memorystore_store.hpp>

#include <algorithm>
#include <array>
#include <utility>

namespace semantrix::cli {
namespace {

using stores::ServerFigures;
using Clock = std::chrono::steady_clock;

Figures figures_of(const ServerFigures& server, Clock::duration took) {
  const auto number = [](std::uint64_t count) { return static_cast<double>(count); };
  Figures figures;
  figures.requests = number(server.requests);
  figures.hits = number(server.hits);
  figures.misses = number(server.misses);
  figures.evictions = number(server.evictions);
  figures.expirations = number(server.expirations);
  figures.entries = number(server.entries);
  figures.bytes = number(server.bytes);
  figures.most_bytes = number(server.most_bytes);
  figures.connections = number(server.connections);
  figures.round_trip_us = std::chrono::duration<double, std::micro>(took).count() /
                          number(std::max<std::uint64_t>(1, server.servers));
  return figures;
}

/// A store whose server is asked by `count`.
template <class Store>
class Server final : public Watched {
 public:
  using Count = awaitable<Result<ServerFigures>> (*)(Store& store);

  template <class Options>
  Server(Options options, Count count) : store_(std::move(options)), count_(count) {}
  ~Server() override {
    try {
      wait_for(store_.close());
    } catch (const CacheError&) {
      // Whatever stood in the way of closing ends with the process.
    }
  }

  Result<Figures> look() override {
    const auto begin = Clock::now();
    const Result<ServerFigures> counted = wait_for(count_(store_));
    if (!counted) return counted.error();
    return figures_of(*counted, Clock::now() - begin);
  }

 private:
  Store store_;
  Count count_;
};

awaitable<Result<ServerFigures>> count_memorystore(GoogleMemorystoreCacheStore& store) {
  return redis::count_up(memorystore::backend_of(store).core());
}

/// It is to fail where it would in an outage, and not to answer for a server that is not there.
template <class Options>
Options unveiled(Result<Options> options) {
  if (!options) throw CacheError(options.error());
  options->network.on_error = OnError::raise;
  return std::move(*options);
}

[[noreturn]] void refuse(std::string_view scheme) {
  throw CacheError(Error(ErrorCode::invalid_argument,
                         std::string(scheme) + " has no server whose figures could be watched",
                         "watch an application that uses it: http://HOST:PORT/metrics"));
}

}  // namespace

std::unique_ptr<Watched> watch(const std::string& url, std::chrono::milliseconds patience) {
  if (url.starts_with("http://") || url.starts_with("https://")) {
    return watch_application(url, patience);
  }
  Result<StoreUrl> parsed = parse_url(url);
  if (!parsed) throw CacheError(parsed.error());
  if (const auto layers = take_layer_options(*parsed); !layers) throw CacheError(layers.error());
  constexpr std::array elasticache{"redis", "rediss", "elasticache", "memcached", "memcacheds"};
  if (std::ranges::find(elasticache, parsed->scheme) != elasticache.end()) {
    return std::make_unique<Server<ElastiCacheStore>>(unveiled(redis_options(*parsed)),
                                                      elasticache::count_up);
  }
  if (parsed->scheme != "memorystore") refuse(parsed->scheme);
  return std::make_unique<Server<GoogleMemorystoreCacheStore>>(
      unveiled(memorystore_options(*parsed)), count_memorystore);
}

}  // namespace semantrix::cli
