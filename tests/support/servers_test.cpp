#include "support/servers.hpp"

#include "support/blocking_client.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <filesystem>
#include <stdexcept>
#include <string>

namespace semantrix::testing {
namespace {

using std::chrono::milliseconds;

TEST(Servers, redis_cli_enters_every_form) {
  for (const char* form : {"redis", "redis_acl", "redis_mtls", "redis_cluster"}) {
    const auto address = server(form);
    EXPECT_EQ(redis_cli(address, {"SET", "semantrix:a", "1"}), "OK") << form;
    EXPECT_EQ(redis_cli(address, {"GET", "semantrix:a"}), "1") << form;
  }
}

TEST(Servers, redis_cli_takes_any_bytes) {
  const std::string bytes("\0\r\n\xff", 4);
  EXPECT_EQ(redis_cli(server("redis"), {"SET", "bytes"}, bytes), "OK");
  EXPECT_EQ(redis_cli(server("redis"), {"GET", "bytes"}), bytes);
}

TEST(Servers, a_node_of_a_cluster_is_asked_by_its_endpoint) {
  const auto cluster = server("redis_cluster");
  ASSERT_EQ(cluster.endpoints.size(), 6U);
  int redirections = 0;
  for (const auto& node : cluster.endpoints) {
    const auto answer = redis_cli(cluster, node, {"SET", "semantrix:b", "2"});
    if (answer.starts_with("MOVED")) ++redirections;
  }
  EXPECT_EQ(redirections, 5);
}

TEST(Servers, are_killed_and_restarted) {
  const auto redis = server("redis");
  EXPECT_EQ(redis_cli(redis, {"SET", "lost", "1"}), "OK");
  kill_server("redis");
  EXPECT_THROW(BlockingClient refused(redis.endpoint()), boost::system::system_error);
  restart_server("redis", {"--maxmemory", "7mb"});
  EXPECT_EQ(redis_cli(redis, {"GET", "lost"}), "");
  EXPECT_EQ(redis_cli(redis, {"CONFIG", "GET", "maxmemory"}), "maxmemory\n7340032");
  restart_server("redis");
}

TEST(Servers, are_paused_and_resumed) {
  BlockingClient client(server("redis").endpoint());
  pause_server("redis");
  client.send("PING\r\n");
  EXPECT_TRUE(client.silent_for(milliseconds(30)));
  resume_server("redis");
  EXPECT_EQ(client.read(7), "+PONG\r\n");
}

TEST(Servers, what_is_missing_is_told) {
  EXPECT_THROW((void)server("memcached"), std::runtime_error);
  EXPECT_THROW(kill_server("nobody"), std::runtime_error);
  EXPECT_TRUE(std::filesystem::exists(certificate_file("stranger.crt")));
}

}  // namespace
}  // namespace semantrix::testing
