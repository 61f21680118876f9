// ElastiCacheStore over the Memcached protocol as a service uses it: on the caller's own executor,
// one thread, a coroutine for each caller.
#include "batch.hpp"
#include <semantrix/elasticache_store.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

namespace memcached_peers {
namespace {

namespace asio = boost::asio;
using redis_peers::Arguments;
using redis_peers::Instant;
using redis_peers::Pass;
using redis_peers::Tally;
using semantrix::ElastiCacheOptions;
using semantrix::ElastiCacheStore;
using semantrix::Value;

ElastiCacheOptions options_of(const Arguments& arguments, asio::io_context& context) {
  ElastiCacheOptions options;
  options.use_redis = false;
  options.endpoint = arguments.host + ":" + arguments.port;
  options.executor = context.get_executor();
  options.network.read_timeout = std::chrono::seconds(10);
  options.network.deadline = std::chrono::seconds(30);
  return options;
}

class SemantrixPeer {
 public:
  explicit SemantrixPeer(const Arguments& arguments)
      : store_(options_of(arguments, context_)), batch_(arguments.connections == "batch") {}

  void run(const Pass& pass, Tally& tally) {
    waiting_ = pass.callers;
    for (std::uint32_t i = 0; i != pass.callers; ++i) {
      asio::co_spawn(context_, caller(pass, tally), [this](const std::exception_ptr& failed) {
        if (failed) std::rethrow_exception(failed);
        // The store's connections keep the context busy: it has to be told.
        if (--waiting_ == 0) context_.stop();
      });
    }
    context_.restart();
    tally.began = std::chrono::steady_clock::now();
    context_.run();
    tally.ended = std::chrono::steady_clock::now();
  }

 private:
  asio::awaitable<void> caller(const Pass& pass, Tally& tally) {
    if (pass.add) return batch_ ? add_all(pass) : add(pass);
    return batch_ ? get_all(pass, tally) : get(pass, tally);
  }

  asio::awaitable<void> get(const Pass& pass, Tally& tally) {
    const std::string key = pass.key();
    for (std::uint64_t i = 0; i != pass.share(); ++i) {
      const Instant began = std::chrono::steady_clock::now();
      const std::optional<Value> value = co_await store_.get_exact(key);
      if (pass.callers == 1) tally.took(began);
      if (value) tally.touch(value->view());
    }
  }

  asio::awaitable<void> add(const Pass& pass) {
    const std::string key = pass.key();
    const Value value(pass.value());
    for (std::uint64_t i = 0; i != pass.share(); ++i) co_await store_.add(key, value);
  }

  asio::awaitable<void> get_all(const Pass& pass, Tally& tally) {
    const std::vector<std::string> keys = keys_of(pass, "");
    for (std::uint64_t i = 0; i != pass.share(); ++i) {
      const Instant began = std::chrono::steady_clock::now();
      const auto values = co_await store_.batch_get(keys);
      tally.took(began);
      for (const std::optional<Value>& value : values) {
        if (value) tally.touch(value->view());
      }
    }
  }

  asio::awaitable<void> add_all(const Pass& pass) {
    for (std::uint64_t i = 0; i != pass.share(); ++i) {
      std::vector<semantrix::BatchItem> items;
      for (const std::string& key : keys_of(pass, "")) {
        items.push_back({key, Value(pass.value()), {}});
      }
      const auto outcome = co_await store_.batch_add(std::move(items));
      if (!outcome.ok()) throw std::runtime_error("an item was not stored");
    }
  }

  asio::io_context context_{1};
  ElastiCacheStore store_;
  const bool batch_;
  std::uint32_t waiting_ = 0;
};

}  // namespace
}  // namespace memcached_peers

int main(int count, char** words) {
  return redis_peers::run_peer<memcached_peers::SemantrixPeer>("semantrix", count, words);
}
