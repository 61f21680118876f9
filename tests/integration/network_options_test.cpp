// Timeouts, retries, what an outage does, and the bound on connections.
#include "integration/subject.hpp"
#include "support/fault_gate.hpp"
#include "support/listener.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/use_future.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <future>
#include <string>
#include <thread>
#include <vector>

namespace semantrix::testing {
namespace {

using boost::asio::ip::tcp;

/// A port of which nobody ever accepts: the kernel completes the first connections alone, and
/// nothing is answered.
class SilentPort {
 public:
  [[nodiscard]] Endpoint endpoint() const { return {.port = acceptor_.local_endpoint().port()}; }

 private:
  boost::asio::io_context context_;
  tcp::acceptor acceptor_ = listen_on_loopback(context_);
};

/// Resumes the server whatever happens.
class Paused {
 public:
  explicit Paused(std::string name) : name_(std::move(name)) { pause_server(name_); }
  ~Paused() { resume_server(name_); }
  Paused(const Paused&) = delete;
  Paused& operator=(const Paused&) = delete;

 private:
  std::string name_;
};

class RedisNetworkOptions : public RedisTest {
 protected:
  NetworkOptions& network() { return options_.network; }
};

TEST_F(RedisNetworkOptions, connect_timeout_ends_a_connect_that_nobody_answers) {
  const SilentPort silent;
  options_.endpoint = silent.endpoint().text();
  network().connect_timeout = milliseconds(300);
  network().retry_attempts = 0;
  Client store = client();
  const Ending ending = ending_of_get(store, "key");
  ASSERT_EQ(ending.code(), ErrorCode::timeout) << ::testing::PrintToString(ending);
  EXPECT_EQ(ending.error->info().phase, Phase::connecting);
  EXPECT_TRUE(ending.error->retryable());
  EXPECT_GE(ending.took, milliseconds(290));
  EXPECT_LT(ending.took, milliseconds(300) + slack);
}

TEST_F(RedisNetworkOptions, read_timeout_ends_an_attempt) {
  network().read_timeout = milliseconds(300);
  network().retry_attempts = 0;
  Client store = client();
  store.add("key", "value");
  {
    const Paused paused("redis");
    const Ending ending = ending_of_get(store, "key");
    ASSERT_EQ(ending.code(), ErrorCode::timeout) << ::testing::PrintToString(ending);
    EXPECT_EQ(ending.error->info().phase, Phase::sent);
    EXPECT_GE(ending.took, milliseconds(290));
    EXPECT_LT(ending.took, milliseconds(300) + slack);
  }
  EXPECT_TRUE(works_again(store));
  EXPECT_EQ(store.get("key"), Value("value"));
  EXPECT_GE(store.stats().errors.at("timeout"), 1U);
}

TEST_F(RedisNetworkOptions, the_deadline_ends_all_attempts_together) {
  network().connect_timeout = milliseconds(200);
  network().read_timeout = milliseconds(200);
  network().retry_attempts = 100;
  network().deadline = milliseconds(900);
  Client store = client();
  store.add("key", "value");
  const Paused paused("redis");
  const Ending ending = ending_of_get(store, "key");
  ASSERT_EQ(ending.code(), ErrorCode::timeout) << ::testing::PrintToString(ending);
  EXPECT_GE(ending.took, milliseconds(190));
  EXPECT_LT(ending.took, milliseconds(900) + slack);
}

TEST_F(RedisNetworkOptions, a_server_that_pauses_for_less_than_read_timeout_is_waited_for) {
  Client store = client();
  store.add("key", "value");
  cli({"CLIENT", "PAUSE", "400", "ALL"});
  const auto start = steady_clock::now();
  EXPECT_EQ(store.get("key"), Value("value"));
  EXPECT_GE(steady_clock::now() - start, milliseconds(200));
  EXPECT_EQ(store.stats().retries, 0U);
}

TEST_F(RedisNetworkOptions, a_lost_connection_is_tried_again) {
  FaultGate gate(server_.endpoint());
  options_.endpoint = gate.endpoint().text();
  network().max_pool_connections = 1;
  Client store = client();
  store.add("key", "value");
  EXPECT_EQ(store.stats().retries, 0U);
  gate.close_after(Direction::to_client, 1);
  EXPECT_EQ(store.get("key"), Value("value"));
  EXPECT_GE(store.stats().retries, 1U);
  EXPECT_EQ(gate.counts().connections, 2U);
}

TEST_F(RedisNetworkOptions, without_retries_a_lost_connection_is_the_calls_error) {
  FaultGate gate(server_.endpoint());
  options_.endpoint = gate.endpoint().text();
  network().max_pool_connections = 1;
  network().retry_attempts = 0;
  Client store = client();
  store.add("key", "value");
  gate.close_after(Direction::to_client, 1);
  const Ending ending = ending_of_get(store, "key");
  ASSERT_EQ(ending.code(), ErrorCode::connection_lost) << ::testing::PrintToString(ending);
  EXPECT_TRUE(ending.error->retryable());
  EXPECT_EQ(ending.error->info().attempts, 1);
  EXPECT_TRUE(works_again(store));
  EXPECT_EQ(store.stats().retries, 0U);
}

TEST_F(RedisNetworkOptions, the_error_tells_how_often_was_tried) {
  FaultGate gate(server_.endpoint());
  gate.refuse();
  options_.endpoint = gate.endpoint().text();
  network().retry_attempts = 3;
  Client store = client();
  const Ending ending = ending_of_get(store, "key");
  ASSERT_EQ(ending.code(), ErrorCode::connect_failed) << ::testing::PrintToString(ending);
  EXPECT_EQ(ending.error->info().attempts, 4);
  EXPECT_EQ(ending.error->info().store, store.store().capability().store);
  EXPECT_NE(ending.error->info().key_digest, 0U);
  EXPECT_EQ(store.stats().retries, 3U);
}

TEST_F(RedisNetworkOptions, errors_never_show_the_key_or_the_value) {
  FaultGate gate(server_.endpoint());
  gate.refuse();
  options_.endpoint = gate.endpoint().text();
  Client store = client();
  const Ending read = ending_of_get(store, "a-private-key");
  const Ending write = ending_of_add(store, "a-private-key", "a-private-value");
  ASSERT_TRUE(read.error.has_value());
  ASSERT_TRUE(write.error.has_value());
  EXPECT_EQ(read.error->to_string().find("a-private"), std::string::npos);
  EXPECT_EQ(write.error->to_string().find("a-private"), std::string::npos);
}

TEST_F(RedisNetworkOptions, on_error_miss_answers_misses_and_drops_writes) {
  FaultGate gate(server_.endpoint());
  gate.refuse();
  options_.endpoint = gate.endpoint().text();
  network().on_error = OnError::miss;
  Client store = client();
  EXPECT_EQ(store.get("key"), std::nullopt);
  const auto errors = [&store] { return store.stats().error_count(); };
  EXPECT_EQ(errors(), 1U);
  store.add("key", "dropped");
  EXPECT_EQ(errors(), 2U);
  EXPECT_FALSE(store.erase("key"));
  EXPECT_FALSE(store.entry("key").has_value());
  const auto found = store.batch_get({"key", "other"});
  EXPECT_EQ(found, (std::vector<std::optional<Value>>{std::nullopt, std::nullopt}));
  EXPECT_EQ(store.batch_erase({"key", "other"}), 0U);
  EXPECT_GE(errors(), 6U);
  EXPECT_GE(store.stats().errors.at("connect_failed"), 1U);
  EXPECT_EQ(store.stats().adds, 0U);
  gate.accept_again();
  EXPECT_TRUE(works_again(store));
  EXPECT_EQ(store.get("key"), std::nullopt) << "a dropped write must not come later";
}

TEST_F(RedisNetworkOptions, on_error_miss_does_not_hide_a_wrong_argument) {
  network().on_error = OnError::miss;
  Client store = client();
  EXPECT_EQ(ending_of_get(store, "").code(), ErrorCode::invalid_argument);
  AddOptions never;
  never.ttl = milliseconds(0);
  EXPECT_EQ(error_of([&] {
              store.add("key", "value", never);
              return 0;
            }),
            ErrorCode::invalid_argument);
}

TEST_F(RedisNetworkOptions, options_that_cannot_be_are_refused) {
  const auto refused = [this](auto change) {
    ElastiCacheOptions options = options_;
    change(options);
    return refusal_of(options) == ErrorCode::invalid_argument;
  };
  using Options = ElastiCacheOptions;
  EXPECT_TRUE(refused([](Options& o) { o.endpoint.clear(); }));
  EXPECT_TRUE(refused([](Options& o) { o.endpoint = "host:port"; }));
  EXPECT_TRUE(refused([](Options& o) { o.network.connect_timeout = milliseconds(0); }));
  EXPECT_TRUE(refused([](Options& o) { o.network.read_timeout = milliseconds(-1); }));
  EXPECT_TRUE(refused([](Options& o) { o.network.deadline = milliseconds(0); }));
  EXPECT_TRUE(refused([](Options& o) { o.network.retry_attempts = -1; }));
  EXPECT_TRUE(refused([](Options& o) { o.network.max_pool_connections = 0; }));
  EXPECT_TRUE(refused([](Options& o) { o.default_ttl = milliseconds(0); }));
  EXPECT_TRUE(refused([](Options& o) { o.key_prefix = "{one}:"; }));
  EXPECT_TRUE(refused([](Options& o) { o.reader_endpoint = "reader"; }));
  EXPECT_TRUE(refused([](Options& o) {
    o.read_from = ReadFrom::replica;
    o.reader_endpoint = "reader:port";
  }));
  EXPECT_TRUE(refused([](Options& o) {
    o.cluster = ClusterMode::off;
    o.read_from = ReadFrom::nearest;
  }));
  EXPECT_TRUE(refused([](Options& o) {
    o.cluster = ClusterMode::on;
    o.database = 1;
  }));
}

/// How many connections of stores the server has: all but redis-cli's own.
std::size_t connections_of(const std::string& client_list) {
  const auto lines = std::ranges::count(client_list, '\n') + 1;
  return static_cast<std::size_t>(lines) - 1;
}

awaitable<int> gets(CacheStore& store, int caller) {
  const std::string key = "key" + std::to_string(caller);
  co_await store.add(key, Value("of " + key));
  int wrong = 0;
  for (int round = 0; round != 20; ++round) {
    const auto found = co_await store.get_exact(key);
    if (found != Value("of " + key)) ++wrong;
  }
  co_return wrong;
}

void never_more_connections_than(std::size_t bound, ElastiCacheOptions options,
                                 const ServerAddress& address) {
  FaultGate gate(address.endpoint());
  boost::asio::io_context context{1};
  options.endpoint = gate.endpoint().text();
  options.network.max_pool_connections = bound;
  options.executor = context.get_executor();
  const auto before = connections_of(redis_cli(address, {"CLIENT", "LIST", "TYPE", "normal"}));
  ElastiCacheStore store(options);
  std::vector<std::future<int>> wrong;
  for (int caller = 0; caller != 512; ++caller) {
    wrong.push_back(boost::asio::co_spawn(context, gets(store, caller), boost::asio::use_future));
  }
  std::atomic<bool> done{false};
  std::size_t most = 0;
  std::thread watch([&] {
    do {
      const auto now = connections_of(redis_cli(address, {"CLIENT", "LIST", "TYPE", "normal"}));
      most = std::max(most, now - std::min(now, before));
    } while (!done);
  });
  // Until every caller is done; an idle connection alone would keep the context running.
  auto all = [&wrong] {
    return std::ranges::all_of(wrong, [](std::future<int>& each) {
      return each.wait_for(milliseconds(0)) == std::future_status::ready;
    });
  };
  const auto end = steady_clock::now() + std::chrono::seconds(60);
  while (!all() && steady_clock::now() < end) context.run_for(milliseconds(20));
  done = true;
  watch.join();
  ASSERT_TRUE(all());
  for (std::future<int>& each : wrong) EXPECT_EQ(each.get(), 0);
  EXPECT_LE(most, bound);
  EXPECT_LE(gate.counts().connections, bound);
  EXPECT_GE(gate.counts().connections, 1U);
}

TEST_F(RedisNetworkOptions, max_pool_connections_is_never_exceeded) {
  for (const std::size_t bound : {1U, 3U}) {
    never_more_connections_than(bound, options_, server_);
  }
}

TEST_F(RedisNetworkOptions, a_lone_caller_opens_one_connection) {
  FaultGate gate(server_.endpoint());
  options_.endpoint = gate.endpoint().text();
  Client store = client();
  EXPECT_EQ(gate.counts().connections, 0U) << "the constructor does no I/O";
  for (int i = 0; i != 20; ++i) store.add("key", "value");
  EXPECT_EQ(gate.counts().connections, 1U);
}

}  // namespace
}  // namespace semantrix::testing
