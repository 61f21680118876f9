// ElastiCacheStore as a service uses it: on the caller's own executor, one thread, a coroutine for
// each caller. Only the timeouts are longer than the defaults: 512 callers with 256 KB each wait
// for 128 MB, and a pass must not fail because the machine is slow.
#include "allocations.hpp"
#include "harness.hpp"
#include <semantrix/elasticache_store.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

namespace redis_peers {
namespace {

namespace asio = boost::asio;
using semantrix::ElastiCacheOptions;
using semantrix::ElastiCacheStore;
using semantrix::Value;

ElastiCacheOptions options_of(const Arguments& arguments, asio::io_context& context) {
  ElastiCacheOptions options;
  options.endpoint = arguments.host + ":" + arguments.port;
  options.ssl = !arguments.ca.empty();
  options.ssl_ca_certs = arguments.ca;
  options.executor = context.get_executor();
  options.network.read_timeout = std::chrono::seconds(10);
  options.network.deadline = std::chrono::seconds(30);
  return options;
}

asio::awaitable<void> get(ElastiCacheStore& store, const Pass& pass, Tally& tally) {
  const std::string key = pass.key();
  for (std::uint64_t i = 0; i != pass.share(); ++i) {
    const std::optional<Value> value = co_await store.get_exact(key);
    if (value) tally.touch(value->view());
  }
}

/// A caller alone: each call is timed, at the price of two looks at the clock.
asio::awaitable<void> get_timed(ElastiCacheStore& store, const Pass& pass, Tally& tally) {
  const std::string key = pass.key();
  for (std::uint64_t i = 0; i != pass.share(); ++i) {
    const Instant began = std::chrono::steady_clock::now();
    const std::optional<Value> value = co_await store.get_exact(key);
    tally.took(began);
    if (value) tally.touch(value->view());
  }
}

asio::awaitable<void> add(ElastiCacheStore& store, const Pass& pass, const Value& value) {
  const std::string key = pass.key();
  for (std::uint64_t i = 0; i != pass.share(); ++i) co_await store.add(key, value);
}

class SemantrixPeer {
 public:
  explicit SemantrixPeer(const Arguments& arguments) : store_(options_of(arguments, context_)) {}

  void run(const Pass& pass, Tally& tally) {
    const Value value(pass.value());
    waiting_ = pass.callers;
    for (std::uint32_t i = 0; i != pass.callers; ++i) {
      asio::co_spawn(context_, caller(pass, tally, value),
                     [this](const std::exception_ptr& failed) {
                       if (failed) std::rethrow_exception(failed);
                       // The store's connections keep the context busy: it has to be told.
                       if (--waiting_ == 0) context_.stop();
                     });
    }
    context_.restart();
    const std::uint64_t taken = allocations();
    tally.began = std::chrono::steady_clock::now();
    context_.run();
    tally.ended = std::chrono::steady_clock::now();
    tally.allocations = allocations() - taken;
  }

 private:
  asio::awaitable<void> caller(const Pass& pass, Tally& tally, const Value& value) {
    if (pass.add) return add(store_, pass, value);
    return pass.callers == 1 ? get_timed(store_, pass, tally) : get(store_, pass, tally);
  }

  asio::io_context context_{1};
  ElastiCacheStore store_;
  std::uint32_t waiting_ = 0;
};

}  // namespace
}  // namespace redis_peers

int main(int count, char** words) {
  return redis_peers::run_peer<redis_peers::SemantrixPeer>("semantrix", count, words);
}
