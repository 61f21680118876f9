#include "net/connection_errors.hpp"
#include "stores/redis/trip.hpp"

#include <boost/asio/io_context.hpp>

#include <gtest/gtest.h>

#include <chrono>
#include <memory>

namespace semantrix::redis {
namespace {

/// A server with replicas behind a name; neither is ever connected to.
class Reads : public ::testing::Test {
 protected:
  Reads() : means_(options(context_)) { route_.key = "key"; }

  static ClientOptions options(boost::asio::io_context& context) {
    ClientOptions options;
    options.endpoint = {"primary", 1};
    options.reader = net::Endpoint{"reader", 2};
    options.cluster = ClusterMode::off;
    options.read_from = ReadFrom::replica;
    options.executor = context.get_executor();
    return options;
  }

  /// Who is asked, or 0: nobody may be.
  std::uint16_t asked() {
    Trip trip(means_, route_);
    return trip.next() ? trip.node().endpoint().port : std::uint16_t{0};
  }
  static void open(Node& node) {
    const auto now = std::chrono::steady_clock::now();
    while (node.breaker().state() == net::CircuitBreaker::State::closed) {
      node.breaker().failed(now);
    }
  }

  boost::asio::io_context context_;
  Means means_;
  Route route_;
};

TEST_F(Reads, go_to_the_reader) { EXPECT_EQ(asked(), 2); }

TEST_F(Reads, go_to_the_primary_while_the_reader_is_left_alone) {
  open(*means_.servers->pick(route_, 0));
  EXPECT_EQ(asked(), 1);
}

TEST_F(Reads, go_to_the_primary_while_another_call_tries_the_reader) {
  Node& reader = *means_.servers->pick(route_, 0);
  open(reader);
  // Past the time that it is left alone: this is the one probe.
  const auto later = std::chrono::steady_clock::now() + std::chrono::seconds(60);
  ASSERT_TRUE(reader.breaker().allow(later));
  ASSERT_EQ(reader.breaker().state(), net::CircuitBreaker::State::half_open);
  EXPECT_EQ(asked(), 1);
}

TEST_F(Reads, fail_where_both_are_left_alone) {
  open(*means_.servers->pick(route_, 0));
  open(means_.servers->seed());
  EXPECT_EQ(asked(), 0);
}

TEST_F(Reads, that_are_writes_go_to_the_primary) {
  route_.kind = CallKind::write;
  EXPECT_EQ(asked(), 1);
}

TEST_F(Reads, that_find_no_room_wait_for_their_turn) {
  Trip trip(means_, route_);
  ASSERT_TRUE(trip.next());
  for (int i = 0; i != 1'000; ++i) {
    ASSERT_TRUE(trip.goes_on(net::overloaded()));
    ASSERT_LE(trip.pause(), std::chrono::milliseconds(100));
  }
  EXPECT_EQ(means_.retrying.retries, 0U);
  EXPECT_EQ(trip.error().info().attempts, 0);
}

TEST_F(Reads, that_find_no_room_wait_no_longer_than_their_deadline) {
  route_.deadline = std::chrono::steady_clock::now();
  Trip trip(means_, route_);
  ASSERT_TRUE(trip.next());
  EXPECT_FALSE(trip.goes_on(net::overloaded()));
  EXPECT_EQ(trip.error().code(), ErrorCode::overloaded);
}

}  // namespace
}  // namespace semantrix::redis
