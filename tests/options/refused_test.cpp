// Options that cannot be are refused by the constructor, which needs no server for that.
#include "options/subjects.hpp"

#include <functional>

namespace semantrix::testing {
namespace {

template <class Subject>
class RefusedOptions : public ::testing::Test {};
TYPED_TEST_SUITE(RefusedOptions, NetworkedStores, SubjectName);

TYPED_TEST(RefusedOptions, are_named_by_the_constructor) {
  const auto refused = [](std::string_view name, const std::function<void(Wanted&)>& change) {
    Wanted wanted;
    wanted.at = {"127.0.0.1", 1};
    change(wanted);
    try {
      static_cast<void>(TypeParam::open(wanted));
      return false;
    } catch (const CacheError& error) {
      return error.code() == ErrorCode::invalid_argument &&
             error.error().message().find(name) != std::string::npos;
    }
  };
  EXPECT_TRUE(refused("connect_timeout", [](Wanted& w) { w.network.connect_timeout = {}; }));
  EXPECT_TRUE(
      refused("read_timeout", [](Wanted& w) { w.network.read_timeout = milliseconds(-1); }));
  EXPECT_TRUE(refused("deadline", [](Wanted& w) { w.network.deadline = milliseconds(0); }));
  EXPECT_TRUE(refused("retry_attempts", [](Wanted& w) { w.network.retry_attempts = -1; }));
  EXPECT_TRUE(refused("retry_delay", [](Wanted& w) { w.network.retry_delay = milliseconds(-1); }));
  EXPECT_TRUE(
      refused("max_pool_connections", [](Wanted& w) { w.network.max_pool_connections = 0; }));
  EXPECT_TRUE(refused("default_ttl", [](Wanted& w) { w.default_ttl = milliseconds(0); }));
}

TEST(ElastiCacheOptionsTest, that_contradict_themselves_are_refused) {
  const auto refused = [](auto change) {
    ElastiCacheOptions options;
    options.endpoint = "127.0.0.1:1";
    change(options);
    return refusal_of(options) == ErrorCode::invalid_argument;
  };
  using Options = ElastiCacheOptions;
  EXPECT_FALSE(refused([](Options&) {}));
  EXPECT_TRUE(refused([](Options& o) { o.endpoint.clear(); }));
  EXPECT_TRUE(refused([](Options& o) { o.endpoint = "host:port"; }));
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

}  // namespace
}  // namespace semantrix::testing
