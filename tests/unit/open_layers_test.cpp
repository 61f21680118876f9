// Layers by URL: which parameters put them on, and which mistakes are named.
#include "open/layers.hpp"
#include <semantrix/open.hpp>
#include <semantrix/testing/conformance/client.hpp>

#include <gtest/gtest.h>

#include <chrono>
#include <string>

namespace semantrix {
namespace {

using testing::conformance::await;

std::string refusal(std::string_view url) {
  try {
    static_cast<void>(open(url));
  } catch (const CacheError& error) {
    EXPECT_EQ(error.code(), ErrorCode::invalid_argument) << url;
    return error.what();
  }
  return "";
}

TEST(OpenLayers, every_layer_can_be_put_on_every_scheme) {
  const auto store = open(
      "memory://?max_size=10&near_cache=100&near_cache_ttl=2s&negative_cache=1s&single_flight=true"
      "&fail_open=true&rate_limit=1000&rate_limit_wait=1s&ttl_jitter=0.1"
      "&stale_while_revalidate=30s&early_refresh=1&tags=true");
  await(store->add("key", "value"));
  EXPECT_EQ(await(store->get_exact("key")), Value("value"));
  EXPECT_NE(open("redis://localhost?near_cache=10&deadline=1s"), nullptr);
}

TEST(OpenLayers, a_stale_value_is_kept_beyond_the_default_ttl_of_the_url) {
  const auto store = open("memory://?default_ttl=1h&stale_while_revalidate=30s");
  await(store->add("key", "value"));
  const auto ttl = await(store->get_entry("key")).value().ttl.value();
  EXPECT_LE(ttl, std::chrono::hours(1));
  EXPECT_GT(ttl, std::chrono::minutes(59));
  EXPECT_TRUE(store->capability().refreshes_ahead);
}

TEST(OpenLayers, a_layer_that_is_off_is_not_there) {
  EXPECT_EQ(open("memory://?fail_open=false&single_flight=no")->capability().store, "memory");
}

TEST(OpenLayers, tags_are_put_on_what_has_none) {
  const auto memory = open("memory://?tags=true");
  EXPECT_TRUE(memory->capability().can_tag);
  EXPECT_FALSE(memory->capability().invalidates_lazily);
  const auto redis = open("redis://localhost?tags=true");
  EXPECT_TRUE(redis->capability().can_tag);
  EXPECT_TRUE(redis->capability().invalidates_lazily);
  EXPECT_FALSE(open("redis://localhost")->capability().can_tag);
}

TEST(OpenLayers, names_what_is_wrong) {
  EXPECT_NE(refusal("memory://?near_cach=10").find("near_cache"), std::string::npos);
  EXPECT_NE(refusal("memory://?max_siz=10").find("max_size"), std::string::npos);
  EXPECT_NE(refusal("memory://?near_cache=0").find("near_cache"), std::string::npos);
  EXPECT_NE(refusal("memory://?near_cache_ttl=5s").find("near_cache"), std::string::npos);
  EXPECT_NE(refusal("memory://?rate_limit_wait=5s").find("rate_limit"), std::string::npos);
  EXPECT_NE(refusal("memory://?rate_limit=fast").find("rate_limit"), std::string::npos);
  EXPECT_NE(refusal("memory://?rate_limit=0").find("rate_limit"), std::string::npos);
  EXPECT_NE(refusal("memory://?stale_while_revalidate=0").find("stale_while_revalidate"),
            std::string::npos);
  EXPECT_NE(refusal("memory://?early_refresh=-1").find("early_refresh"), std::string::npos);
  EXPECT_NE(refusal("memory://?ttl_jitter=2").find("ttl_jitter"), std::string::npos);
  EXPECT_NE(refusal("memory://?fail_open=true&fail_open=true").find("fail_open"),
            std::string::npos);
}

}  // namespace
}  // namespace semantrix
