// Times that end what nobody answers, and the bound on connections.
#include "options/subjects.hpp"
#include "support/fault_gate.hpp"
#include "support/listener.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <algorithm>
#include <array>
#include <functional>
#include <thread>
#include <vector>

namespace semantrix::testing {
namespace {

using boost::asio::ip::tcp;

/// A port whose queue of connections is full: the kernel answers no further one.
class FullPort {
 public:
  FullPort() {
    acceptor_.listen(0);
    // Begun, and never waited for.
    for (tcp::socket& socket : filling_) {
      socket.async_connect(acceptor_.local_endpoint(), [](boost::system::error_code) {});
    }
  }
  [[nodiscard]] Endpoint endpoint() const { return {.port = acceptor_.local_endpoint().port()}; }

 private:
  boost::asio::io_context context_;
  tcp::acceptor acceptor_ = listen_on_loopback(context_);
  std::array<tcp::socket, 4> filling_{tcp::socket(context_), tcp::socket(context_),
                                      tcp::socket(context_), tcp::socket(context_)};
};

template <class Subject>
class TimeOptions : public StoreTest<Subject> {
 protected:
  TimeOptions() { wanted_.at = gate_.endpoint(); }
  NetworkOptions& network() { return wanted_.network; }
  Client client() { return this->open(wanted_); }

  FaultGate gate_{Subject::behind().endpoint()};
  Wanted wanted_;
};
TYPED_TEST_SUITE(TimeOptions, NetworkedStores, SubjectName);

TYPED_TEST(TimeOptions, connect_timeout_ends_a_connect_that_nobody_answers) {
  const FullPort full;
  this->wanted_.at = full.endpoint();
  this->network().connect_timeout = milliseconds(300);
  this->network().retry_attempts = 0;
  Client store = this->client();
  const Ending ending = ending_of_get(store, "key");
  ASSERT_EQ(ending.code(), ErrorCode::timeout) << ::testing::PrintToString(ending);
  EXPECT_EQ(ending.error->info().phase, Phase::connecting);
  EXPECT_TRUE(ending.error->retryable());
  EXPECT_GE(ending.took, milliseconds(290));
  EXPECT_LT(ending.took, milliseconds(300) + slack);
}

TYPED_TEST(TimeOptions, read_timeout_ends_an_attempt) {
  Client patient = this->client();
  patient.add("key", "value");
  this->network().read_timeout = milliseconds(300);
  this->network().retry_attempts = 0;
  Client store = this->client();
  // A loaded machine may take longer even for what is answered.
  ASSERT_TRUE(comes_true([&] { return !ending_of_get(store, "key").code(); }));
  this->gate_.drop(Direction::to_client);
  const Ending ending = ending_of_get(store, "key");
  ASSERT_EQ(ending.code(), ErrorCode::timeout) << ::testing::PrintToString(ending);
  EXPECT_EQ(ending.error->info().phase, Phase::sent);
  EXPECT_GE(ending.took, milliseconds(290));
  EXPECT_LT(ending.took, milliseconds(300) + slack);
  this->gate_.pass();
  this->gate_.reset_all();
  EXPECT_TRUE(works_again(store));
  EXPECT_GE(store.stats().errors.at("timeout"), 1U);
}

TYPED_TEST(TimeOptions, an_answer_within_read_timeout_is_waited_for) {
  Client store = this->client();
  store.add("key", "value");
  this->gate_.delay(Direction::to_client, milliseconds(400));
  const Ending ending = ending_of_get(store, "key");
  EXPECT_EQ(ending.code(), std::nullopt) << ::testing::PrintToString(ending);
  EXPECT_GE(ending.took, milliseconds(400));
  EXPECT_EQ(store.stats().retries, 0U);
}

TYPED_TEST(TimeOptions, the_deadline_ends_all_attempts_together) {
  this->gate_.blackhole();
  this->network().connect_timeout = milliseconds(200);
  this->network().read_timeout = milliseconds(200);
  this->network().retry_attempts = 100;
  this->network().deadline = milliseconds(900);
  Client store = this->client();
  const Ending ending = ending_of_get(store, "key");
  ASSERT_EQ(ending.code(), ErrorCode::timeout) << ::testing::PrintToString(ending);
  EXPECT_GE(ending.took, milliseconds(190));
  EXPECT_LT(ending.took, milliseconds(900) + slack);
  EXPECT_GT(store.stats().retries, 0U);
}

/// The values that this caller found and had not put there.
int wrong_values(const std::shared_ptr<CacheStore>& store, int caller) {
  Client client(store, Front::blocking);
  const std::string key = "key" + std::to_string(caller);
  client.add(key, Value("of " + key));
  int wrong = 0;
  for (int round = 0; round != 20; ++round) {
    if (client.get(key) != Value("of " + key)) ++wrong;
  }
  return wrong;
}

TYPED_TEST(TimeOptions, max_pool_connections_is_never_exceeded) {
  for (const std::size_t bound : {1U, 3U}) {
    FaultGate gate(TypeParam::behind().endpoint());
    this->wanted_.at = gate.endpoint();
    this->network().max_pool_connections = bound;
    const auto store = TypeParam::open(this->wanted_);
    std::array<int, 32> wrong{};
    {
      std::vector<std::jthread> callers;
      for (std::size_t caller = 0; caller != wrong.size(); ++caller) {
        callers.emplace_back(
            [&, caller] { wrong[caller] = wrong_values(store, static_cast<int>(caller)); });
      }
    }
    EXPECT_EQ(std::ranges::count(wrong, 0), std::ssize(wrong));
    EXPECT_LE(gate.counts().connections, bound);
    EXPECT_GE(gate.counts().connections, 1U);
    await(store->close());
  }
}

TYPED_TEST(TimeOptions, a_lone_caller_opens_one_connection) {
  Client store = this->client();
  EXPECT_EQ(this->gate_.counts().connections, 0U) << "the constructor does no I/O";
  for (int i = 0; i != 20; ++i) store.add("key", "value");
  EXPECT_EQ(this->gate_.counts().connections, 1U);
}

}  // namespace
}  // namespace semantrix::testing
