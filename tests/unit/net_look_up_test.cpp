#include "net/look_up.hpp"
#include "net_fixture.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <netdb.h>

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <string>

namespace semantrix::net {
namespace {

namespace asio = boost::asio;
using namespace std::chrono_literals;

Tcp::endpoint address(const char* text) { return {asio::ip::make_address(text), 1}; }

TEST(Interleave, AlternatesFamiliesAndKeepsTheirOrder) {
  const Addresses mixed = interleave(
      {address("::1"), address("::2"), address("::3"), address("10.0.0.1"), address("10.0.0.2")});
  const Addresses wanted{address("::1"), address("10.0.0.1"), address("::2"), address("10.0.0.2"),
                         address("::3")};
  EXPECT_EQ(mixed, wanted);
  EXPECT_TRUE(interleave({}).empty());
  const Addresses one{address("10.0.0.1"), address("10.0.0.2")};
  EXPECT_EQ(interleave(one), one);
}

/// A resolver that answers when the test lets it.
struct Gate {
  std::mutex mutex;
  std::condition_variable changed;
  bool open = false;
  int inside = 0;

  void pass() {
    std::unique_lock lock(mutex);
    ++inside;
    changed.wait(lock, [&] { return open; });
    --inside;
    changed.notify_all();
  }
  void close() {
    const std::lock_guard lock(mutex);
    open = false;
  }
  bool entered() {
    const std::lock_guard lock(mutex);
    return inside > 0;
  }
  void let_all_out() {
    std::unique_lock lock(mutex);
    open = true;
    changed.notify_all();
    changed.wait(lock, [&] { return inside == 0; });
  }
};
Gate gate;

int hang(const char* /*host*/, const char* /*port*/, const addrinfo* /*hints*/,
         addrinfo** /*found*/) {
  gate.pass();
  return EAI_AGAIN;
}

int answer_nobody(const char* /*host*/, const char* /*port*/, const addrinfo* /*hints*/,
                  addrinfo** /*found*/) {
  return EAI_NONAME;
}

class LookUpTest : public NetTest {
 protected:
  Result<Addresses> ask(Endpoint endpoint, std::chrono::milliseconds patience,
                        AddressLookUp system = nullptr) {
    auto found = run(asked(std::move(endpoint), steady_clock::now() + patience, system));
    if (!found || !*found) return Error(ErrorCode::internal, "no result");
    return std::move(**found);
  }

 private:
  static asio::awaitable<std::optional<Result<Addresses>>> asked(Endpoint endpoint,
                                                                 steady_clock::time_point deadline,
                                                                 AddressLookUp system) {
    co_return co_await look_up(std::move(endpoint), deadline, system);
  }
};

TEST_F(LookUpTest, AddressIsItsOwnAnswer) {
  // The system, which would fail, is not asked.
  const auto v4 = ask({"127.0.0.1", 7}, 5s, answer_nobody);
  ASSERT_TRUE(v4);
  EXPECT_EQ(*v4, Addresses(1, Tcp::endpoint(asio::ip::make_address("127.0.0.1"), 7)));
  const auto v6 = ask({"::1", 7}, 5s, answer_nobody);
  ASSERT_TRUE(v6);
  EXPECT_EQ(v6->front().address(), asio::ip::make_address("::1"));
}

TEST_F(LookUpTest, LocalhostResolves) {
  const auto found = ask({"localhost", 6379}, 5s);
  ASSERT_TRUE(found) << found.error().to_string();
  for (const auto& each : *found) {
    EXPECT_TRUE(each.address().is_loopback());
    EXPECT_EQ(each.port(), 6379);
  }
}

TEST_F(LookUpTest, UnknownNameSaysSo) {
  const auto found = ask({"cache.example", 6379}, 5s, answer_nobody);
  ASSERT_FALSE(found);
  EXPECT_EQ(found.error().code(), ErrorCode::resolve_failed);
  EXPECT_EQ(found.error().info().phase, Phase::connecting);
  EXPECT_TRUE(found.error().retryable());
  EXPECT_NE(found.error().message().find("'cache.example' does not resolve"), std::string::npos);
}

TEST_F(LookUpTest, HangingLookUpIsLeftBehind) {
  gate.close();
  const auto from = steady_clock::now();
  const auto found = ask({"cache.example", 6379}, 50ms, hang);
  ASSERT_FALSE(found);
  EXPECT_EQ(found.error().code(), ErrorCode::resolve_failed);
  EXPECT_NE(found.error().message().find("in time"), std::string::npos);
  EXPECT_LT(steady_clock::now() - from, 5s);
  // Others are not held up by it.
  EXPECT_TRUE(ask({"localhost", 6379}, 5s));
  gate.let_all_out();
}

TEST_F(LookUpTest, ContextMayEndBeforeTheLookUp) {
  gate.close();
  {
    asio::io_context context;
    const auto deadline = steady_clock::now() + 1h;
    asio::co_spawn(context, look_up({"cache.example", 1}, deadline, hang), asio::detached);
    while (!gate.entered()) context.poll();
  }
  gate.let_all_out();
}

TEST_F(LookUpTest, OnlySoManyMayHang) {
  gate.close();
  for (int i = 0; i < 64; ++i) {
    const auto deadline = steady_clock::now() + 1h;
    asio::co_spawn(context_, look_up({"cache.example", 1}, deadline, hang), asio::detached);
  }
  context_.poll();
  const auto from = steady_clock::now();
  const auto found = ask({"cache.example", 1}, 1h, hang);
  EXPECT_LT(steady_clock::now() - from, 5s);
  ASSERT_FALSE(found);
  EXPECT_NE(found.error().message().find("too many"), std::string::npos) << found.error().message();
  gate.let_all_out();
}

}  // namespace
}  // namespace semantrix::net
