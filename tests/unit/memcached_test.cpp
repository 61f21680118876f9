// The parts of the Memcached client that need no server.
#include "base/url.hpp"
#include "open/redis_options.hpp"
#include "protocol/memcache/parser.hpp"
#include "stores/memcached/decoders.hpp"
#include "stores/memcached/greeting.hpp"
#include "stores/memcached/protocol.hpp"
#include "stores/memcached/unsettled.hpp"
#include <semantrix/open.hpp>

#include <gtest/gtest.h>

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

namespace semantrix::memcached {
namespace {

using namespace std::chrono_literals;

// -- Unsettled --

constexpr Unsettled::Clock::time_point start{};

TEST(Unsettled, remembers_a_key_until_it_is_settled) {
  Unsettled unsettled(1s);
  EXPECT_FALSE(unsettled.any());
  unsettled.settle("a", start);
  unsettled.note("a");
  EXPECT_TRUE(unsettled.any());
  EXPECT_TRUE(unsettled.has("a"));
  EXPECT_FALSE(unsettled.has("b"));
  unsettled.settle("a", start);
  EXPECT_FALSE(unsettled.has("a"));
  EXPECT_FALSE(unsettled.any());
}

TEST(Unsettled, is_patient_with_a_write_that_was_sent) {
  Unsettled unsettled(1s);
  unsettled.note_sent("a", start);
  unsettled.note("b");
  unsettled.settle("a", start + 999ms);
  EXPECT_TRUE(unsettled.has("a")) << "the write may still be executed after the answered one";
  unsettled.settle("b", start);
  EXPECT_FALSE(unsettled.has("b"));
  unsettled.note_sent("a", start + 999ms);
  unsettled.settle("a", start + 1s);
  EXPECT_TRUE(unsettled.has("a"));
  unsettled.note("a");
  unsettled.settle("a", start + 2s);
  EXPECT_FALSE(unsettled.has("a"));
  EXPECT_FALSE(unsettled.any());
}

TEST(Unsettled, is_patient_with_all_once_too_many_were_sent) {
  Unsettled unsettled(1s, 4);
  for (const std::string_view key : {"a", "b", "c", "d"}) unsettled.note_sent(key, start);
  // What is over makes room.
  unsettled.note_sent("a", start + 1s);
  for (const std::string_view key : {"b", "c", "d"}) unsettled.settle(key, start + 1s);
  EXPECT_FALSE(unsettled.has("b"));
  for (const std::string_view key : {"b", "c", "d"}) unsettled.note_sent(key, start + 1s);
  unsettled.note_sent("a", start + 1500ms);  // one too many
  unsettled.settle("b", start + 2400ms);
  EXPECT_TRUE(unsettled.has("b"));
  unsettled.settle("b", start + 2500ms);
  EXPECT_FALSE(unsettled.has("b"));
}

TEST(Unsettled, trusts_no_key_once_there_are_too_many) {
  Unsettled unsettled(1s, 2);
  for (const std::string_view key : {"a", "b", "c"}) unsettled.note(key);
  for (const std::string_view key : {"a", "b", "c", "never written"}) {
    EXPECT_TRUE(unsettled.has(key)) << key;
  }
  unsettled.settle("a", start);
  EXPECT_FALSE(unsettled.has("a"));
  EXPECT_TRUE(unsettled.has("b"));
  unsettled.note("a");
  EXPECT_TRUE(unsettled.has("a"));
  for (const std::string_view key : {"a", "b", "c"}) unsettled.settle(key, start);
  EXPECT_TRUE(unsettled.has("a"));
  EXPECT_TRUE(unsettled.any());
}

// -- Decoders --

template <class Decoder>
auto answer_of(Decoder decoder, const std::vector<std::string_view>& replies) {
  const net::ReadBuffer buffer;
  for (const std::string_view text : replies) {
    memcache::Parser parser;
    EXPECT_EQ(parser.parse(text), memcache::Parser::State::complete) << text;
    decoder.take(parser.reply(text), buffer);
  }
  return decoder.answer();
}

TEST(OutcomesDecoder, gives_each_item_its_own_error) {
  const auto outcomes =
      answer_of(OutcomesDecoder(), {"HD O0\r\n", "SERVER_ERROR object too large for cache\r\n",
                                    "HD O2\r\n", "HD O9\r\n", "STORED\r\n"});
  ASSERT_EQ(outcomes->size(), 5U);
  EXPECT_FALSE((*outcomes)[0]);
  EXPECT_EQ((*outcomes)[1]->code(), ErrorCode::too_large);
  EXPECT_FALSE((*outcomes)[2]);
  EXPECT_EQ((*outcomes)[3]->code(), ErrorCode::protocol_error);
  EXPECT_FALSE((*outcomes)[4]);
}

TEST(ErasedDecoder, does_not_count_what_has_ended) {
  const auto now = std::chrono::milliseconds(1'700'000'000'000);
  const auto flags = [](std::chrono::milliseconds deadline) {
    return std::to_string(deadline_flags(deadline));
  };
  const std::string ended = "HD t1 f" + flags(now - 5ms) + "\r\n";
  const std::string living = "HD t1 f" + flags(now + 5ms) + "\r\n";
  const auto erased = answer_of(
      ErasedDecoder(now), {ended, "HD\r\n", living, "HD\r\n", "EN\r\n", "NF\r\n", "HD t-1 f0\r\n",
                           "HD\r\n", "EN\r\n", "SERVER_ERROR out of memory\r\n"});
  ASSERT_EQ(erased->size(), 5U);
  EXPECT_FALSE(*(*erased)[0]);
  EXPECT_TRUE(*(*erased)[1]);
  EXPECT_FALSE(*(*erased)[2]);
  EXPECT_TRUE(*(*erased)[3]);
  EXPECT_EQ((*erased)[4].error().code(), ErrorCode::unavailable);
}

TEST(HasEnded, asks_the_server_and_the_flags) {
  const auto now = std::chrono::milliseconds(1'700'000'000'000);
  EXPECT_FALSE(has_ended(0, std::nullopt, now));
  EXPECT_TRUE(has_ended(deadline_flags(now), std::nullopt, now));
  EXPECT_FALSE(has_ended(deadline_flags(now + 1ms), std::nullopt, now));
  EXPECT_FALSE(has_ended(deadline_flags(now), 4s, now));
  EXPECT_NE(deadline_flags(std::chrono::milliseconds(std::int64_t{1} << 32U)), 0U);
}

TEST(Protocol, ends_a_connection_that_may_be_out_of_step) {
  const auto ends = [](std::string_view text) {
    memcache::Parser parser;
    EXPECT_EQ(parser.parse(text), memcache::Parser::State::complete);
    return Protocol::ends_connection(parser.reply(text));
  };
  EXPECT_TRUE(ends("CLIENT_ERROR bad command line format\r\n"));
  EXPECT_TRUE(ends("ERROR\r\n"));
  EXPECT_FALSE(ends("SERVER_ERROR object too large for cache\r\n"));
  EXPECT_FALSE(ends("HD\r\n"));
}

TEST(Discovery, is_asked_for_as_the_version_takes_it) {
  EXPECT_EQ(discovery_request("1.6.18"), "config get cluster\r\n");
  EXPECT_EQ(discovery_request("1.4.14"), "config get cluster\r\n");
  EXPECT_EQ(discovery_request("1.4.5"), "get AmazonElastiCache:cluster\r\n");
  EXPECT_EQ(discovery_request("1.4.5_4_gaa7839e"), "get AmazonElastiCache:cluster\r\n");
  EXPECT_EQ(discovery_request(""), "config get cluster\r\n");
}

// -- URLs --

ElastiCacheOptions options_of(std::string_view text) {
  const Result<StoreUrl> url = parse_url(text);
  if (!url) throw CacheError(url.error());
  return redis_options(*url).value();
}

std::string error_of(std::string_view url) {
  try {
    (void)open(url);
  } catch (const CacheError& thrown) {
    EXPECT_EQ(thrown.code(), ErrorCode::invalid_argument) << url;
    return thrown.what();
  }
  return "opened";
}

TEST(OpenMemcached, reads_servers_and_options) {
  const auto options =
      options_of("memcached://a:1,b,[::1]:3?key_prefix=app:&max_pool_connections=2&on_error=miss");
  EXPECT_FALSE(options.use_redis);
  EXPECT_FALSE(options.ssl);
  EXPECT_EQ(options.endpoint, "a:1,b,[::1]:3");
  EXPECT_EQ(options.key_prefix, "app:");
  EXPECT_EQ(options.network.max_pool_connections, 2U);
  EXPECT_EQ(options.network.on_error, OnError::miss);
  EXPECT_TRUE(options_of("memcacheds://h").ssl);
  EXPECT_EQ(options_of("memcached://ann:secret@h").password, "secret");
  EXPECT_EQ(options_of("elasticache://a,b?use_redis=false").endpoint, "a,b");
  EXPECT_EQ(options_of("memcached://h?cluster=false").cluster, ClusterMode::off);
}

TEST(OpenMemcached, opens_every_scheme) {
  for (const std::string_view url :
       {"memcached://127.0.0.1", "memcached://a,b,c:11212", "memcacheds://h:11211",
        "elasticache://h?use_redis=false", "elasticache://h?ssl=true&use_redis=false"}) {
    EXPECT_EQ(open(url)->capability().store, "memcached") << url;
  }
}

TEST(OpenMemcached, refuses_what_contradicts_itself) {
  const auto says = [](std::string_view url, std::string_view words) {
    const std::string error = error_of(url);
    EXPECT_NE(error.find(words), std::string::npos) << url << ": " << error;
  };
  says("memcached://", "names no host");
  says("memcached://h/0", "no databases");
  says("memcached://h?read_from=replica", "read_from");
  says("memcached://h?use_redis=true", "use_redis");
  says("memcacheds://h?ssl=false", "ssl cannot be false");
  says("memcached://h?ssl_ca_certs=x", "memcacheds://");
  says("memcached://h,h", "named twice");
  says("memcached://a,b?cluster=true", "several servers");
  says("memcached://h?key_prefix=a%20b", "white space");
  says("elasticache://h?use_redis=false&read_from=nearest", "replicas");
  says("redis://a,b", "takes one host");
}

}  // namespace
}  // namespace semantrix::memcached
