// What a DynamoDB store does when the service refuses, throttles, tears, lies and drifts.
#include "support/played_dynamodb.hpp"
#include <semantrix/blocking_store.hpp>
#include <semantrix/dynamodb_store.hpp>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

namespace semantrix::testing {
namespace {

using namespace std::chrono_literals;
using std::chrono::steady_clock;

constexpr auto deadline = 5s;
/// What a loaded machine may add to a bound on time.
constexpr auto slack = 5s;

class DynamoDBFault : public ::testing::Test {
 protected:
  [[nodiscard]] DynamoDBOptions options() const {
    DynamoDBOptions options;
    options.table_name = "cache";
    options.region_name = "us-west-2";
    options.endpoint_url = service_.url();
    options.access_key_id = "PLAYED";
    options.secret_access_key = "played-secret";
    options.network.read_timeout = 2s;
    options.network.deadline = deadline;
    options.network.retry_delay = 1ms;
    return options;
  }
  BlockingStore& open() { return open(options()); }
  BlockingStore& open(DynamoDBOptions options) {
    auto store = std::make_shared<DynamoDBCacheStore>(std::move(options));
    store_ = std::make_unique<BlockingStore>(std::move(store));
    return *store_;
  }
  void TearDown() override {
    if (store_) store_->close();
  }

  /// The error that a call throws.
  template <class Call>
  static std::optional<Error> error_of(Call call) {
    try {
      call();
      return std::nullopt;
    } catch (const CacheError& thrown) {
      return thrown.error();
    }
  }
  std::optional<Error> get_error(const std::string& key = "key1") {
    return error_of([&] { static_cast<void>(store_->get_exact(key)); });
  }

  /// So many items, "key0" and on.
  static std::vector<BatchItem> items(int count) {
    std::vector<BatchItem> made;
    for (int i = 0; i != count; ++i) made.push_back({"key" + std::to_string(i), "value"});
    return made;
  }
  static std::vector<std::string> keys(int count) {
    std::vector<std::string> made;
    for (const BatchItem& item : items(count)) made.push_back(item.key);
    return made;
  }

  PlayedDynamoDB service_;
  std::unique_ptr<BlockingStore> store_;
};

/// The next `count` requests are answered so.
PlayedDynamoDB::Fault for_the_next(int count, HttpReply reply) {
  return [left = count, reply](std::string_view,
                               const HttpArrival&) mutable -> std::optional<HttpReply> {
    if (left == 0) return std::nullopt;
    --left;
    return reply;
  };
}

TEST_F(DynamoDBFault, EveryRequestIsSignedAsItArrives) {
  BlockingStore& store = open();
  store.add("key1", "value1", {.ttl = 1h});
  const auto value = store.get_exact("key1");
  ASSERT_TRUE(value);
  EXPECT_EQ(value->view(), "value1");
  EXPECT_TRUE(store.batch_add(items(30)).ok());
  EXPECT_EQ(store.batch_get(keys(30)).size(), 30U);
  EXPECT_TRUE(store.erase("key1"));
  EXPECT_EQ(service_.refused_signatures(), 0U);
  EXPECT_GE(service_.count("BatchWriteItem"), 2U);
}

TEST_F(DynamoDBFault, AWrongSecretIsRefusedOnceAndForAll) {
  DynamoDBOptions wrong = options();
  wrong.secret_access_key = "another";
  open(wrong);
  const auto error = get_error();
  ASSERT_TRUE(error);
  EXPECT_EQ(error->code(), ErrorCode::authentication_failed);
  EXPECT_EQ(service_.count("GetItem"), 1U);
  EXPECT_EQ(error->to_string().find("another"), std::string::npos);
}

TEST_F(DynamoDBFault, ARefusalKeepsTheConnection) {
  BlockingStore& store = open();
  service_.fault([](std::string_view action, const HttpArrival&) -> std::optional<HttpReply> {
    if (action != "GetItem") return std::nullopt;
    return PlayedDynamoDB::refusal(400, "ValidationException", "no");
  });
  for (int i = 0; i != 5; ++i) EXPECT_TRUE(get_error());
  store.add("key1", "value1");
  EXPECT_EQ(service_.server().connections(), 1U);
}

TEST_F(DynamoDBFault, AMissingPermissionIsNamed) {
  open();
  service_.fault(for_the_next(1, PlayedDynamoDB::refusal(400, "AccessDeniedException", "no")));
  const auto error = get_error();
  ASSERT_TRUE(error);
  EXPECT_EQ(error->code(), ErrorCode::permission_denied);
  EXPECT_NE(error->message().find("dynamodb:GetItem"), std::string::npos);
}

TEST_F(DynamoDBFault, ThrottlingIsToldWithItsReasons) {
  DynamoDBOptions impatient = options();
  impatient.network.retry_attempts = 1;
  open(impatient);
  service_.fault(for_the_next(
      99, PlayedDynamoDB::refusal(
              400, "ThrottlingException", "slow down",
              R"(,"ThrottlingReasons":[{"reason":"KeyRangeThroughputExceeded","resource":"r"}])")));
  const auto error = get_error();
  ASSERT_TRUE(error);
  EXPECT_EQ(error->code(), ErrorCode::throttled);
  EXPECT_NE(error->message().find("KeyRangeThroughputExceeded on r"), std::string::npos);
  EXPECT_EQ(error->info().attempts, 2);
}

TEST_F(DynamoDBFault, WhereHalfIsThrottledEveryCallEndsAndNoItemIsLost) {
  BlockingStore& store = open();
  service_.fault(
      [turn = 0](std::string_view, const HttpArrival&) mutable -> std::optional<HttpReply> {
        if (++turn % 2 == 0) return std::nullopt;
        return PlayedDynamoDB::refusal(400, "ProvisionedThroughputExceededException", "");
      });
  const std::vector<BatchItem> wanted = items(200);
  const auto started = steady_clock::now();
  const BatchOutcome outcome = store.batch_add(wanted);
  EXPECT_LT(steady_clock::now() - started, deadline + slack);
  EXPECT_EQ(outcome.stored + outcome.failures.size(), wanted.size());
  std::vector<bool> failed(wanted.size());
  for (const auto& failure : outcome.failures) failed[failure.index] = true;
  for (std::size_t i = 0; i != wanted.size(); ++i) {
    if (!failed[i]) {
      EXPECT_TRUE(service_.holds(wanted[i].key)) << wanted[i].key;
    }
  }
  std::atomic<int> answered{0};
  std::atomic<int> late{0};
  std::vector<std::thread> callers;
  for (int caller = 0; caller != 4; ++caller) {
    callers.emplace_back([&] {
      for (int i = 0; i != 25; ++i) {
        const auto begun = steady_clock::now();
        const auto error = error_of([&] { store.add("one" + std::to_string(i), "value"); });
        if (!error || error->code() == ErrorCode::throttled) ++answered;
        if (steady_clock::now() - begun > deadline + slack) ++late;
      }
    });
  }
  for (std::thread& caller : callers) caller.join();
  EXPECT_EQ(answered, 100);
  EXPECT_EQ(late, 0);
  EXPECT_GT(store.get_stats().retries, 0U);
}

TEST_F(DynamoDBFault, WhatIsNeverProcessedIsAFailureOfEachItem) {
  BlockingStore& store = open();
  service_.process_at_most(0);
  const BatchOutcome outcome = store.batch_add(items(30));
  EXPECT_EQ(outcome.stored, 0U);
  ASSERT_EQ(outcome.failures.size(), 30U);
  EXPECT_EQ(outcome.failures.front().error.code(), ErrorCode::throttled);
  const auto error = error_of([&] { static_cast<void>(store.batch_get(keys(3))); });
  ASSERT_TRUE(error);
  EXPECT_EQ(error->code(), ErrorCode::throttled);
}

TEST_F(DynamoDBFault, WhatIsLeftUnprocessedIsAskedForAgain) {
  BlockingStore& store = open();
  service_.process_at_most(7);
  EXPECT_TRUE(store.batch_add(items(100)).ok());
  EXPECT_EQ(service_.size(), 100U);
  const auto values = store.batch_get(keys(100));
  EXPECT_EQ(std::ranges::count_if(values, [](const auto& value) { return value.has_value(); }),
            100);
}

TEST_F(DynamoDBFault, TornRepliesAreReadAgain) {
  BlockingStore& store = open();
  store.add("key1", "value1");
  service_.spoil([turn = 0](std::string_view, HttpReply& reply) mutable {
    if (++turn % 2 == 0) return;
    reply.bytes.resize(reply.bytes.size() - 5);
    reply.close = true;
  });
  for (int i = 0; i != 5; ++i) EXPECT_TRUE(store.get_exact("key1"));
}

TEST_F(DynamoDBFault, AChecksumThatLiesIsNotBelieved) {
  BlockingStore& store = open();
  store.add("key1", "value1");
  service_.spoil([](std::string_view, HttpReply& reply) { ++reply.bytes.back(); });
  const auto error = get_error();
  ASSERT_TRUE(error);
  EXPECT_EQ(error->code(), ErrorCode::protocol_error);
  EXPECT_EQ(error->info().attempts, 3);
  service_.spoil([once = true](std::string_view, HttpReply& reply) mutable {
    if (std::exchange(once, false)) ++reply.bytes.back();
  });
  EXPECT_TRUE(store.get_exact("key1"));
}

TEST_F(DynamoDBFault, AClockThatDriftsIsFollowed) {
  BlockingStore& store = open();
  service_.set_clock(1h);
  store.add("key1", "value1");
  EXPECT_EQ(service_.count("PutItem"), 2U);
  EXPECT_TRUE(store.get_exact("key1"));
  EXPECT_EQ(service_.count("GetItem"), 1U);
  service_.set_clock(-1h);
  EXPECT_TRUE(store.get_exact("key1"));
}

boost::asio::awaitable<Result<AwsCredentials>> next_token(std::shared_ptr<int> asked) {
  AwsCredentials credentials;
  credentials.access_key_id = "PLAYED";
  credentials.secret_access_key = "played-secret";
  credentials.session_token = "token" + std::to_string(++*asked);
  credentials.expires = std::chrono::system_clock::now() + std::chrono::hours(1);
  co_return credentials;
}

TEST_F(DynamoDBFault, AnExpiredTokenIsRenewedOnce) {
  DynamoDBOptions renewing = options();
  renewing.access_key_id.clear();
  renewing.secret_access_key.clear();
  const auto asked = std::make_shared<int>(0);
  renewing.credentials = [asked] { return next_token(asked); };
  service_.set_token("token2");
  BlockingStore& store = open(renewing);
  store.add("key1", "value1");
  EXPECT_EQ(*asked, 2);
  service_.set_token("never");
  const auto error = get_error();
  ASSERT_TRUE(error);
  EXPECT_EQ(error->code(), ErrorCode::authentication_failed);
  EXPECT_EQ(*asked, 3);
}

TEST_F(DynamoDBFault, IdleConnectionsThatEndCostNothing) {
  BlockingStore& store = open();
  store.add("key1", "value1");
  for (int i = 0; i != 5; ++i) {
    service_.server().close_idle();
    EXPECT_TRUE(store.get_exact("key1"));
  }
  EXPECT_EQ(store.get_stats().retries, 0U);
}

TEST_F(DynamoDBFault, AServiceInTroubleIsAskedAgain) {
  BlockingStore& store = open();
  store.add("key1", "value1");
  service_.fault(for_the_next(2, PlayedDynamoDB::refusal(500, "InternalServerError", "")));
  EXPECT_TRUE(store.get_exact("key1"));
  EXPECT_EQ(store.get_stats().retries, 2U);
}

TEST_F(DynamoDBFault, AnOutageMayBeAMiss) {
  DynamoDBOptions lenient = options();
  lenient.network.on_error = OnError::miss;
  BlockingStore& store = open(lenient);
  service_.fault(for_the_next(99, PlayedDynamoDB::refusal(503, "ServiceUnavailable", "")));
  EXPECT_FALSE(store.get_exact("key1"));
  store.add("key1", "value1");
  EXPECT_GT(store.get_stats().error_count(), 0U);
}

TEST_F(DynamoDBFault, ManyReadsAtOnceLeaveTogether) {
  boost::asio::io_context context;
  DynamoDBOptions on_context = options();
  on_context.executor = context.get_executor();
  DynamoDBCacheStore store(on_context);
  int left = 300;
  const auto read = [&](int i) -> boost::asio::awaitable<void> {
    const auto value = co_await store.get_exact("key" + std::to_string(i % 150));
    EXPECT_EQ(value.has_value(), i % 150 < 100) << i;
    if (--left == 0) co_await store.close();
  };
  const auto fill = [&]() -> boost::asio::awaitable<void> {
    const BatchOutcome outcome = co_await store.batch_add(items(100));
    EXPECT_TRUE(outcome.ok());
    for (int i = 0; i != 300; ++i) boost::asio::co_spawn(context, read(i), boost::asio::detached);
  };
  boost::asio::co_spawn(context, fill(), boost::asio::detached);
  context.run();
  EXPECT_EQ(left, 0);
  EXPECT_GT(service_.count("BatchGetItem"), 0U);
  EXPECT_LT(service_.count("GetItem"), 100U);
}

TEST_F(DynamoDBFault, ReadsThatWaitGoWithTheirContext) {
  const auto held = std::make_shared<int>(0);
  service_.fault([](std::string_view, const HttpArrival&) { return HttpReply{}; });
  auto context = std::make_unique<boost::asio::io_context>();
  DynamoDBOptions on_context = options();
  on_context.executor = context->get_executor();
  auto store = std::make_shared<DynamoDBCacheStore>(on_context);
  const auto read = [](std::shared_ptr<DynamoDBCacheStore> from,
                       std::shared_ptr<int>) -> boost::asio::awaitable<void> {
    static_cast<void>(co_await from->get_exact("key1"));
  };
  for (int i = 0; i != 30; ++i) {
    boost::asio::co_spawn(*context, read(store, held), boost::asio::detached);
  }
  context->run_for(20ms);
  EXPECT_GT(held.use_count(), 1);
  store.reset();  // the calls alone hold it now
  context.reset();
  EXPECT_EQ(held.use_count(), 1);
}

TEST_F(DynamoDBFault, AMissingTableIsLeftAloneWhereItMustBe) {
  DynamoDBOptions strict = options();
  strict.create_if_missing = false;
  open(strict);
  service_.fault(for_the_next(9, PlayedDynamoDB::refusal(400, "ResourceNotFoundException", "")));
  const auto error = get_error();
  ASSERT_TRUE(error);
  EXPECT_EQ(error->code(), ErrorCode::missing_configuration);
  EXPECT_EQ(service_.count("CreateTable"), 0U);
}

/// A table that is missing until it is created, and ready when the test says so.
struct Birth {
  std::atomic<bool> created{false};
  std::atomic<bool> ready{false};

  static PlayedDynamoDB::Fault played(const std::shared_ptr<Birth>& birth) {
    return [birth](std::string_view action, const HttpArrival&) { return birth->answer(action); };
  }

 private:
  std::optional<HttpReply> answer(std::string_view action) {
    const bool was_created = action == "CreateTable" ? created.exchange(true) : created.load();
    if (action == "CreateTable" && was_created) {
      return PlayedDynamoDB::refusal(400, "ResourceInUseException", "");
    }
    if (action == "CreateTable" || (action == "DescribeTable" && was_created)) {
      const std::string_view state = ready ? "ACTIVE" : "CREATING";
      return ok(R"({"Table":{"TableStatus":")" + std::string(state) +
                R"(","KeySchema":[{"AttributeName":"key","KeyType":"HASH"}],)"
                R"("AttributeDefinitions":[{"AttributeName":"key","AttributeType":"S"}]}})");
    }
    if (!was_created || !ready) {
      return PlayedDynamoDB::refusal(400, "ResourceNotFoundException", "");
    }
    if (action == "UpdateTimeToLive") return ok("{}");
    if (action != "DescribeTimeToLive") return std::nullopt;
    return ok(R"({"TimeToLiveDescription":{"TimeToLiveStatus":"DISABLED"}})");
  }
  static HttpReply ok(const std::string& body) { return {http_response(200, body)}; }
};

TEST_F(DynamoDBFault, AMissingTableIsAnEmptyOneToAllButAdds) {
  BlockingStore& store = open();
  service_.fault(Birth::played(std::make_shared<Birth>()));
  EXPECT_FALSE(store.get_exact("key1"));
  EXPECT_FALSE(store.get_entry("key1"));
  EXPECT_EQ(store.batch_get(keys(3)), std::vector<std::optional<Value>>(3));
  EXPECT_FALSE(store.erase("key1"));
  EXPECT_EQ(store.size(), 0U);
  EXPECT_EQ(store.size(SizeMode::approximate), 0U);
  EXPECT_EQ(store.clear({.all = true}), 0U);
  EXPECT_TRUE(store.keys().empty());
  EXPECT_NE(store.describe().server.find("missing"), std::string::npos);
  EXPECT_EQ(service_.count("CreateTable"), 0U);
  EXPECT_EQ(store.get_stats().error_count(), 0U);
}

class DynamoDBBirth : public DynamoDBFault {
 protected:
  /// With a deadline that ends before the table is ready.
  BlockingStore& open_before(const std::shared_ptr<Birth>& birth) {
    DynamoDBOptions brief = options();
    brief.network.deadline = 300ms;
    service_.fault(Birth::played(birth));
    return open(brief);
  }
};

TEST_F(DynamoDBBirth, AnAddWaitsForItsTableUntilItsDeadline) {
  const auto birth = std::make_shared<Birth>();
  BlockingStore& store = open_before(birth);
  const auto error = error_of([&] { store.add("key1", "value1"); });
  ASSERT_TRUE(error);
  EXPECT_EQ(error->code(), ErrorCode::unavailable);
  EXPECT_NE(error->message().find("is being created"), std::string::npos);
  EXPECT_FALSE(store.get_exact("key1"));
}

TEST_F(DynamoDBBirth, TheExpiryOfANewTableIsSwitchedOnOnce) {
  const auto birth = std::make_shared<Birth>();
  BlockingStore& store = open_before(birth);
  EXPECT_TRUE(error_of([&] { store.add("key1", "value1"); }));
  birth->ready = true;
  for (int i = 0; i != 3; ++i) EXPECT_FALSE(store.get_exact("key1"));
  EXPECT_EQ(service_.count("CreateTable"), 1U);
  EXPECT_EQ(service_.count("UpdateTimeToLive"), 1U);
}

}  // namespace
}  // namespace semantrix::testing
