// The store finds its instance, and finds it again when it has changed.
#include "memorystore/fixture.hpp"
#include "support/versioned_load.hpp"
#include <semantrix/blocking_store.hpp>
#include <semantrix/layers/near_cache.hpp>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>

#include <thread>

namespace semantrix::testing {
namespace {

TEST_F(MemorystoreTest, finds_address_password_and_authorities) {
  start();
  Client store = client_of(patient());
  store.add("key", "value");
  EXPECT_EQ(store.get("key"), Value("value"));
  EXPECT_EQ(google_.count("GET", Google::instance_path), 1U);
  EXPECT_EQ(google_.count("GET", std::string(Google::instance_path) + "/authString"), 1U);
}

TEST_F(MemorystoreTest, asks_for_no_password_that_is_not_wanted) {
  start("", "");
  Client store = client_of(patient());
  store.add("key", "value");
  EXPECT_EQ(store.get("key"), Value("value"));
  EXPECT_EQ(google_.count("GET", std::string(Google::instance_path) + "/authString"), 0U);
}

TEST_F(MemorystoreTest, trusts_nobody_but_the_instances_own_authorities) {
  start("secret-1", "one");
  Google::Instance instance = google_.get();
  instance.authorities = {certificates().authority("two")};
  google_.set(instance);
  EXPECT_EQ(first_error(patient()).code, ErrorCode::tls_failed);
}

TEST_F(MemorystoreTest, is_reached_by_a_tunnel) {
  start();
  GoogleMemorystoreOptions through = patient();
  through.connect_to = process_->endpoint().text();
  Google::Instance instance = google_.get();
  instance.at = {"10.0.0.3", 6378};
  google_.set(instance);
  Client store = client_of(through);
  store.add("key", "value");
  EXPECT_EQ(store.get("key"), Value("value"));
}

TEST_F(MemorystoreTest, logs_in_with_an_access_token) {
  start("token", "one");
  Google::Instance instance = google_.get();
  instance.auth_string.clear();
  google_.set(instance);
  GoogleMemorystoreOptions by_token = patient();
  by_token.iam = true;
  Client store = client_of(by_token);
  store.add("key", "value");
  EXPECT_EQ(store.get("key"), Value("value"));
  EXPECT_EQ(google_.count("GET", std::string(Google::instance_path) + "/authString"), 0U);
}

TEST_F(MemorystoreTest, tells_a_near_cache_what_another_client_changes) {
  start();
  const GoogleMemorystoreOptions shared = patient();
  Client other = client_of(shared);
  const auto far = std::make_shared<GoogleMemorystoreCacheStore>(shared);
  NearCacheOptions long_lived;
  long_lived.ttl = std::chrono::hours(1);
  Client near(std::make_shared<NearCacheLayer>(far, long_lived), Front::awaitable);
  BlockingStore beneath(far);
  other.add("key", "first");
  // Copies are kept once it is sure to hear of changes.
  ASSERT_TRUE(comes_true([&] {
    EXPECT_EQ(near.get("key"), Value("first"));
    const auto reads = beneath.get_stats().hits;
    EXPECT_EQ(near.get("key"), Value("first"));
    return beneath.get_stats().hits == reads;
  }));
  other.add("key", "second");
  EXPECT_TRUE(comes_true([&] { return near.get("key") == Value("second"); }));
}

TEST_F(MemorystoreTest, reads_from_the_read_endpoint) {
  start("secret-1");
  expect_reads_at_its_read_endpoint(patient(), "secret-1");
}

TEST_F(MemorystoreTest, says_in_which_state_it_cannot_be_connected_to) {
  start();
  Google::Instance instance = google_.get();
  instance.state = "CREATING";
  instance.at.port = 0;
  google_.set(instance);
  Client store = client_of(options());
  const Ending ending = ending_of_get(store, "key");
  ASSERT_EQ(ending.code(), ErrorCode::unavailable);
  EXPECT_NE(ending.error->message().find("CREATING"), std::string::npos);
  instance.state = "READY";
  instance.at = process_->endpoint();
  google_.set(instance);
  EXPECT_TRUE(works_again(store));
}

TEST_F(MemorystoreTest, an_outage_may_be_a_miss) {
  google_.fail([](const HttpArrival&) { return HttpReply{"", true}; });
  GoogleMemorystoreOptions hiding = options();
  hiding.network.on_error = OnError::miss;
  Client store = client_of(hiding);
  EXPECT_EQ(store.get("key"), std::nullopt);
}

TEST_F(MemorystoreTest, a_silent_interface_ends_calls_at_their_deadline) {
  google_.fail([](const HttpArrival&) { return HttpReply{}; });
  Client store = client_of(options());
  const Ending ending = ending_of_get(store, "key");
  EXPECT_EQ(ending.code(), ErrorCode::timeout);
  EXPECT_LT(ending.took, slack);
}

TEST_F(MemorystoreTest, closes_while_google_is_silent) {
  google_.fail([](const HttpArrival&) { return HttpReply{}; });
  const auto store = std::make_shared<GoogleMemorystoreCacheStore>(patient());
  Client client(store, Front::awaitable);
  std::thread caller([&] { EXPECT_EQ(ending_of_get(client, "key").code(), ErrorCode::closed); });
  EXPECT_TRUE(comes_true([&] { return google_.server().connections() != 0; }));
  const auto begin = steady_clock::now();
  client.close();
  caller.join();
  EXPECT_LT(steady_clock::now() - begin, slack);
}

/// 16 callers on a thread of their own, while the instance changes.
class MemorystoreChanges : public MemorystoreTest {
 protected:
  void load_while(const std::function<void()>& change) {
    GoogleMemorystoreOptions loaded = options();
    const auto deadline = std::chrono::seconds(2);
    loaded.network.deadline = deadline;
    boost::asio::io_context context(1);
    loaded.executor = context.get_executor();
    const auto store = std::make_shared<GoogleMemorystoreCacheStore>(loaded);
    auto work = boost::asio::make_work_guard(context);
    std::thread thread([&context] { context.run(); });
    VersionedLoad::Plan plan;
    for (int caller = 0; caller != 16; ++caller) {
      plan.keys.push_back({"caller-" + std::to_string(caller)});
    }
    plan.shard = [](const std::string&) { return std::size_t{0}; };
    {
      VersionedLoad load(*store, context.get_executor(), plan);
      const auto calls = [&load] { return load.report().shards[0].successes(); };
      EXPECT_TRUE(comes_true([&] { return calls() > 200; }));
      change();
      const auto before = calls();
      EXPECT_TRUE(comes_true([&] { return calls() > before + 500; })) << load.report().text();
      EXPECT_TRUE(load.stop(slack));
      const LoadReport report = load.report();
      EXPECT_TRUE(report.wrong.empty()) << report.text();
      EXPECT_LT(report.worst, deadline + report.lag + std::chrono::milliseconds(500));
      std::cout << report.text() << '\n';
    }
    await(store->close());
    work.reset();
    context.stop();
    thread.join();
  }
};

TEST_F(MemorystoreChanges, a_new_password_on_another_port) {
  start("secret-1");
  load_while([this] {
    process_->kill();
    start("secret-2");
  });
}

TEST_F(MemorystoreChanges, a_new_authority) {
  start("secret-1", "one");
  load_while([this] {
    // First Google tells both, then the server changes its certificate.
    Google::Instance instance = google_.get();
    instance.authorities.push_back(certificates().authority("two"));
    google_.set(instance);
    process_->kill();
    start("secret-1", "two");
  });
}

}  // namespace
}  // namespace semantrix::testing
