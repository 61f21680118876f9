// DynamoDBCacheStore as a service uses it: on the caller's own executor, one thread, a coroutine
// for each caller. Without gathering of reads: each get is a request, as with the rivals.
#include "../../redis/cpp/harness.hpp"
#include <semantrix/dynamodb_store.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

namespace {

namespace asio = boost::asio;
using redis_peers::Arguments;
using redis_peers::Instant;
using redis_peers::Pass;
using redis_peers::Tally;
using semantrix::DynamoDBCacheStore;
using semantrix::DynamoDBOptions;

DynamoDBOptions options_of(const Arguments& arguments, asio::io_context& context) {
  DynamoDBOptions options;
  options.table_name = "cache";
  options.region_name = "us-west-2";
  options.endpoint_url = "http://" + arguments.host + ":" + arguments.port;
  options.access_key_id = "bench";
  options.secret_access_key = "bench";
  options.auto_batch = false;
  options.executor = context.get_executor();
  options.network.max_pool_connections = 128;  // as the rivals: one for each caller
  options.network.read_timeout = std::chrono::seconds(10);
  options.network.deadline = std::chrono::seconds(30);
  return options;
}

class SemantrixPeer {
 public:
  explicit SemantrixPeer(const Arguments& arguments) : store_(options_of(arguments, context_)) {}

  void run(const Pass& pass, Tally& tally) {
    waiting_ = pass.callers;
    for (std::uint32_t i = 0; i != pass.callers; ++i) {
      asio::co_spawn(context_, get(pass, tally), [this](const std::exception_ptr& failed) {
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
  asio::awaitable<void> get(const Pass& pass, Tally& tally) {
    const std::string key = pass.key();
    for (std::uint64_t i = 0; i != pass.share(); ++i) {
      const Instant began = std::chrono::steady_clock::now();
      const auto value = co_await store_.get_exact(key);
      if (pass.callers == 1) tally.took(began);
      if (value) tally.touch(value->view());
    }
  }

  asio::io_context context_{1};
  DynamoDBCacheStore store_;
  std::uint32_t waiting_ = 0;
};

}  // namespace

int main(int count, char** words) {
  return redis_peers::run_peer<SemantrixPeer>("semantrix", count, words);
}
