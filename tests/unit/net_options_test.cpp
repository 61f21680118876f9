#include "net/network_checks.hpp"
#include <semantrix/tls_options.hpp>

#include <gtest/gtest.h>

#include <chrono>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace semantrix::net {
namespace {

using namespace std::chrono_literals;

TEST(NetworkOptions, DefaultsAreFine) { EXPECT_TRUE(check(NetworkOptions{})); }

TEST(NetworkOptions, ErrorsNameTheOption) {
  struct Case {
    std::string_view name;
    std::function<void(NetworkOptions&)> spoil;
  };
  const std::vector<Case> cases{
      {"connect_timeout", [](auto& o) { o.connect_timeout = 0ms; }},
      {"connect_timeout", [](auto& o) { o.connect_timeout = 24h + 1ms; }},
      {"read_timeout", [](auto& o) { o.read_timeout = -1ms; }},
      {"deadline", [](auto& o) { o.deadline = 0ms; }},
      {"deadline", [](auto& o) { o.deadline = std::chrono::milliseconds::max(); }},
      {"retry_delay", [](auto& o) { o.retry_delay = -1ms; }},
      {"retry_delay", [](auto& o) { o.retry_delay = 25h; }},
      {"retry_attempts", [](auto& o) { o.retry_attempts = -1; }},
      {"retry_attempts", [](auto& o) { o.retry_attempts = 101; }},
      {"max_pool_connections", [](auto& o) { o.max_pool_connections = 0; }},
      {"max_pool_connections", [](auto& o) { o.max_pool_connections = 1025; }},
  };
  for (const auto& [name, spoil] : cases) {
    NetworkOptions options;
    spoil(options);
    const auto checked = check(options);
    ASSERT_FALSE(checked) << name;
    EXPECT_EQ(checked.error().code(), ErrorCode::invalid_argument);
    EXPECT_TRUE(checked.error().message().starts_with(name)) << checked.error().message();
  }
}

TEST(NetworkOptions, ExtremesAreFine) {
  NetworkOptions options;
  options.connect_timeout = options.read_timeout = options.retry_delay = 24h;
  options.retry_attempts = 100;
  options.max_pool_connections = 1024;
  EXPECT_TRUE(check(options));
  EXPECT_EQ(effective_deadline(options), 24h * 101);
  options.retry_attempts = 0;
  options.retry_delay = 0ms;
  EXPECT_TRUE(check(options));
}

TEST(NetworkOptions, DeadlineGrowsWithWhatWasAskedFor) {
  NetworkOptions options;
  EXPECT_EQ(effective_deadline(options), 2s);
  options.read_timeout = 100ms;
  EXPECT_EQ(effective_deadline(options), 2s);
  options.read_timeout = 3s;
  EXPECT_EQ(effective_deadline(options), 7s);
  options.deadline = 50ms;
  EXPECT_EQ(effective_deadline(options), 50ms);
}

TEST(NetworkOptions, NamesReadBack) {
  for (const OnError value : {OnError::raise, OnError::miss}) {
    EXPECT_EQ(parse_on_error(to_string(value)), value);
  }
  for (const auto value : {TlsVerification::full, TlsVerification::chain_only}) {
    EXPECT_EQ(parse_tls_verification(to_string(value)), value);
  }
  EXPECT_EQ(parse_on_error("MISS"), OnError::miss);
  EXPECT_EQ(parse_tls_verification("Chain_Only"), TlsVerification::chain_only);
  EXPECT_FALSE(parse_on_error("ignore"));
  EXPECT_FALSE(parse_on_error(""));
  EXPECT_FALSE(parse_tls_verification("none"));
}

}  // namespace
}  // namespace semantrix::net
