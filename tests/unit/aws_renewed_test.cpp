#include "aws_fixture.hpp"
#include "cloud/aws/credentials_provider.hpp"
#include "net/gather.hpp"

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <string>
#include <vector>

namespace semantrix::aws {
namespace {

using boost::asio::awaitable;
using std::chrono::seconds;

/// Gives "1", "2", … after a moment, or what it is told to.
class CountingSource final : public CredentialsSource {
 public:
  struct Plan {
    int asked = 0;
    std::optional<Error> failure = std::nullopt;
    std::optional<seconds> lifetime = seconds(3'600);
    std::chrono::milliseconds delay{10};
    std::shared_ptr<testing::StoppedClock> clock = std::make_shared<testing::StoppedClock>();
  };
  explicit CountingSource(Plan& plan) : plan_(plan) {}

  [[nodiscard]] std::string_view name() const noexcept override { return "the test"; }
  [[nodiscard]] awaitable<Found> fetch(Deadline /*deadline*/) override {
    ++plan_.asked;
    boost::asio::steady_timer timer(co_await boost::asio::this_coro::executor, plan_.delay);
    auto waiting = timer.async_wait(boost::asio::use_awaitable);
    co_await std::move(waiting);
    if (plan_.failure) co_return *plan_.failure;
    Credentials credentials;
    credentials.access_key_id = std::to_string(plan_.asked);
    if (plan_.lifetime) {
      credentials.expires = std::chrono::sys_seconds(
          std::chrono::floor<seconds>(plan_.clock->wall_now()) + *plan_.lifetime);
    }
    co_return std::optional(std::move(credentials));
  }

 private:
  Plan& plan_;
};

class Renewal : public ::testing::Test {
 protected:
  using Answer = Result<SharedCredentials>;

  /// Runs everything that is to be done.
  Answer get(seconds patience = seconds(5)) {
    std::optional<Answer> answer;
    const auto deadline = std::chrono::steady_clock::now() + patience;
    boost::asio::co_spawn(context_, CredentialsProvider::get(provider_, deadline),
                          [&](const std::exception_ptr&, Answer got) { answer = std::move(got); });
    settle();
    return answer ? *answer : Answer(Error(ErrorCode::internal, "it hangs"));
  }
  void settle() {
    context_.restart();
    context_.run_for(seconds(20));
  }
  std::string key() {
    const Answer answer = get();
    return answer ? (*answer)->access_key_id : answer.error().message();
  }

  boost::asio::io_context context_;
  CountingSource::Plan plan_;
  std::shared_ptr<CredentialsProvider> provider_ = std::make_shared<CredentialsProvider>(
      context_.get_executor(), std::make_unique<CountingSource>(plan_), plan_.clock);
};

TEST_F(Renewal, AsksOnceHoweverManyAsk) {
  EXPECT_EQ(provider_->current(), nullptr);
  const auto deadline = soon();
  std::vector<awaitable<void>> parts;
  int right = 0;
  const auto one = [&]() -> awaitable<void> {
    auto getting = CredentialsProvider::get(provider_, deadline);
    const Answer answer = co_await std::move(getting);
    if (answer && (*answer)->access_key_id == "1") ++right;
  };
  parts.reserve(16);
  for (int i = 0; i < 16; ++i) parts.push_back(one());
  boost::asio::co_spawn(context_, net::gather(std::move(parts)), [](const std::exception_ptr&) {});
  settle();
  EXPECT_EQ(right, 16);
  EXPECT_EQ(plan_.asked, 1);
  EXPECT_NE(provider_->current(), nullptr);
}

TEST_F(Renewal, RenewsInTheBackgroundAndWaitsOnlyNearTheEnd) {
  EXPECT_EQ(key(), "1");
  plan_.clock->advance(seconds(3'600 - 301));
  EXPECT_EQ(key(), "1");
  EXPECT_EQ(plan_.asked, 1);
  plan_.clock->advance(seconds(2));
  EXPECT_EQ(key(), "1");  // the old ones, while new ones are under way
  EXPECT_EQ(key(), "2");
  EXPECT_EQ(plan_.asked, 2);
  plan_.clock->advance(seconds(3'600 - 59));
  EXPECT_EQ(key(), "3");
}

TEST_F(Renewal, KeepsTheOldWhileTheyHold) {
  EXPECT_EQ(key(), "1");
  plan_.failure = Error(ErrorCode::unavailable, "down");
  plan_.clock->advance(seconds(3'600 - 200));
  for (int i = 0; i < 5; ++i) EXPECT_EQ(key(), "1");
  EXPECT_EQ(plan_.asked, 2);  // not again at once
  plan_.clock->advance(seconds(190));
  EXPECT_EQ(key(), "1");
  plan_.clock->advance(seconds(11));
  EXPECT_EQ(key(), "down");
  plan_.failure.reset();
  plan_.clock->advance(seconds(2));
  EXPECT_EQ(key().size(), 1U);
}

TEST_F(Renewal, RemembersAFailureForAMoment) {
  plan_.failure = Error(ErrorCode::no_credentials, "none");
  EXPECT_EQ(key(), "none");
  EXPECT_EQ(key(), "none");
  EXPECT_EQ(plan_.asked, 1);
  plan_.clock->advance(seconds(2));
  EXPECT_EQ(key(), "none");
  EXPECT_EQ(plan_.asked, 2);
}

TEST_F(Renewal, GivesNoRejectedCredentialsOut) {
  const Answer first = get();
  ASSERT_TRUE(first);
  provider_->reject(*first);
  EXPECT_EQ(provider_->current(), nullptr);
  EXPECT_EQ(key(), "2");
  provider_->reject(*first);  // others have taken their place
  EXPECT_EQ(key(), "2");
}

TEST_F(Renewal, TakesWhatComesExpiredForALittleWhile) {
  plan_.lifetime = seconds(-10);
  EXPECT_EQ(key(), "1");
  EXPECT_EQ(key(), "1");
  plan_.clock->advance(seconds(31));
  EXPECT_EQ(key(), "2");
}

TEST_F(Renewal, EndsAtTheDeadlineOfWhoWaits) {
  plan_.delay = std::chrono::milliseconds(300);
  const Answer late = get(seconds(0));
  ASSERT_TRUE(late.has_error());
  EXPECT_EQ(late.error().code(), ErrorCode::timeout);
  EXPECT_EQ(key(), "1");  // the attempt went on
  EXPECT_EQ(plan_.asked, 1);
}

TEST_F(Renewal, IsClosedForGood) {
  plan_.delay = std::chrono::seconds(10);
  boost::asio::post(context_, [this] { provider_->close(); });
  const Answer closed = get();
  ASSERT_TRUE(closed.has_error());
  EXPECT_EQ(closed.error().code(), ErrorCode::closed);
  EXPECT_EQ(get().error().code(), ErrorCode::closed);
}

TEST_F(Renewal, LetsGoOfWhoWaitsWhenTheExecutorEnds) {
  auto context = std::make_unique<boost::asio::io_context>();
  plan_.delay = seconds(10);
  auto provider = std::make_shared<CredentialsProvider>(
      context->get_executor(), std::make_unique<CountingSource>(plan_), plan_.clock);
  const std::weak_ptr<CredentialsProvider> watched = provider;
  boost::asio::co_spawn(*context, CredentialsProvider::get(provider, soon()),
                        [](const std::exception_ptr&, const Answer&) {});
  context->run_for(std::chrono::milliseconds(20));
  provider.reset();
  context.reset();
  EXPECT_TRUE(watched.expired());
}

TEST_F(Renewal, HasFixedOnesAtOnce) {
  Credentials credentials;
  credentials.access_key_id = "AK";
  const auto fixed = CredentialsProvider::fixed(context_.get_executor(), credentials);
  ASSERT_NE(fixed->current(), nullptr);
  EXPECT_EQ(fixed->current()->access_key_id, "AK");
}

}  // namespace
}  // namespace semantrix::aws
