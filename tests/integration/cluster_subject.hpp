#pragma once

#include "integration/subject.hpp"
#include "protocol/resp/slot.hpp"
#include "support/redis_cluster.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace semantrix::testing {

/// "key0", "key1", …: spread over all slots.
inline std::vector<std::string> many_keys(std::size_t count) {
  std::vector<std::string> keys;
  keys.reserve(count);
  for (std::size_t i = 0; i != count; ++i) keys.push_back("key" + std::to_string(i));
  return keys;
}

/// A value that names its key.
inline Value of(std::string_view key) { return Value("of " + std::string(key)); }

inline std::vector<BatchItem> items_of(const std::vector<std::string>& keys) {
  std::vector<BatchItem> items;
  items.reserve(keys.size());
  for (const std::string& key : keys) items.push_back({key, of(key), std::nullopt});
  return items;
}

/// A test of a store behind a cluster, and what the cluster itself says. It is whole when a test
/// begins, whatever became of it before.
class ClusterTest : public ::testing::Test {
 protected:
  explicit ClusterTest(std::string_view form = "redis_cluster_plain")
      : cluster_(form), options_(options_for(cluster_.address())) {
    cluster_.wait_until_whole();
  }

  std::string cli(const std::vector<std::string>& command) {
    return redis_cli(cluster_.address(), command);
  }
  /// The cluster's key for a key of the store.
  [[nodiscard]] std::string stored(std::string_view key) const {
    return options_.key_prefix + std::string(key);
  }
  [[nodiscard]] int slot_of(std::string_view key) const { return resp::slot_of(stored(key)); }
  [[nodiscard]] Client client() const { return client_of(options_); }

  /// Each primary holds some of them, or the test tests nothing.
  void expect_spread(const std::vector<std::string>& keys) {
    for (const ClusterMember& primary : cluster_.primaries()) {
      const auto of_this = std::ranges::count_if(
          keys, [&](const std::string& key) { return primary.serves(slot_of(key)); });
      EXPECT_GT(of_this, 0) << primary.name;
    }
  }

  static void expect_all(Client& store, const std::vector<std::string>& keys) {
    for (const std::string& key : keys) ASSERT_EQ(store.get(key), of(key)) << key;
  }

  RedisCluster cluster_;
  ElastiCacheOptions options_;
};

}  // namespace semantrix::testing
