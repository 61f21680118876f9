// The completion-token form: futures, callbacks, deferred operations; where and when handlers run.
#include <semantrix/async.hpp>
#include <semantrix/in_memory_store.hpp>
#include <semantrix/layer.hpp>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/bind_executor.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/packaged_task.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/use_future.hpp>

#include <gtest/gtest.h>

#include <chrono>
#include <future>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace semantrix {
namespace {

using boost::asio::bind_executor;
using boost::asio::use_future;
using Found = Result<std::optional<Value>>;

/// Has no answer at once.
class RemoteLayer final : public Layer {
 public:
  using Layer::Layer;

 protected:
  Probe<std::optional<Value>> probe_get(std::string_view) override { return {}; }
};

class NeverLayer final : public Layer {
 public:
  using Layer::Layer;

 protected:
  Probe<std::optional<Value>> probe_get(std::string_view) override { return {}; }
  awaitable<Result<std::optional<Value>>> do_get(std::string_view) override {
    boost::asio::steady_timer never(co_await boost::asio::this_coro::executor,
                                    std::chrono::hours(1));
    co_await never.async_wait(boost::asio::use_awaitable);
    co_return std::optional<Value>{};
  }
};

/// Both ways to answer, at once and by coroutine.
class Async : public ::testing::TestWithParam<bool> {
 protected:
  Async() {
    async_add(*memory_, "key", "value", {}, use_future).get().value();
    if (GetParam()) {
      store_ = std::make_shared<RemoteLayer>(memory_);
    } else {
      store_ = memory_;
    }
  }

  std::shared_ptr<CacheStore> memory_ = std::make_shared<InMemoryStore>();
  std::shared_ptr<CacheStore> store_;
};

INSTANTIATE_TEST_SUITE_P(Store, Async, ::testing::Bool(), [](const auto& test) {
  return test.param ? "that_suspends" : "that_answers_at_once";
});

TEST_P(Async, a_future_holds_the_result) {
  EXPECT_EQ(async_get_exact(*store_, "key", use_future).get().value(), Value("value"));
  EXPECT_EQ(async_get_exact(*store_, "nobody", use_future).get().value(), std::nullopt);
}

TEST_P(Async, a_failure_is_a_value) {
  const Found found = async_get_exact(*store_, "", use_future).get();
  ASSERT_FALSE(found);
  EXPECT_EQ(found.error().code(), ErrorCode::invalid_argument);
}

TEST_P(Async, a_handler_runs_on_its_executor_and_never_inside_the_call) {
  boost::asio::io_context context{1};
  std::thread::id thread;
  std::optional<Value> value;
  async_get_exact(*store_, "key", bind_executor(context, [&](Found found) {
    thread = std::this_thread::get_id();
    value = found.value();
  }));
  EXPECT_EQ(value, std::nullopt);
  context.run();
  EXPECT_EQ(value, Value("value"));
  EXPECT_EQ(thread, std::this_thread::get_id());
}

TEST_P(Async, a_handler_without_an_executor_runs_on_the_librarys_thread) {
  std::promise<std::thread::id> thread;
  async_get_exact(*store_, "key",
                  [&](const Found&) { thread.set_value(std::this_thread::get_id()); });
  std::packaged_task<std::thread::id()> task(std::this_thread::get_id);
  const auto library = boost::asio::post(library_executor(), std::move(task)).get();
  EXPECT_EQ(thread.get_future().get(), library);
}

TEST_P(Async, a_handler_may_be_movable_only) {
  std::promise<Found> found;
  std::future<Found> future = found.get_future();
  async_get_exact(*store_, "key", [promise = std::move(found)](Found result) mutable {
    promise.set_value(std::move(result));
  });
  EXPECT_EQ(future.get().value(), Value("value"));
}

TEST_P(Async, a_deferred_operation_owns_its_arguments) {
  auto operation = [this] {
    const std::string key = "key";
    return async_get_exact(*store_, key, boost::asio::deferred);
  }();
  EXPECT_EQ(std::move(operation)(use_future).get().value(), Value("value"));
}

TEST_P(Async, a_coroutine_may_await_it) {
  const auto twice = [](CacheStore& store) -> awaitable<bool> {
    Found first = co_await async_get_exact(store, "key", boost::asio::use_awaitable);
    Found second = co_await async_get_exact(store, "key", boost::asio::use_awaitable);
    co_return first.value() == second.value();
  };
  boost::asio::thread_pool pool(1);
  EXPECT_TRUE(boost::asio::co_spawn(pool, twice(*store_), use_future).get());
}

TEST_P(Async, a_long_chain_of_calls_needs_no_stack) {
  struct Chain {
    CacheStore& store;
    boost::asio::io_context& context;
    int left = 100'000;
    void next() {
      if (left-- == 0) return;
      async_get_exact(store, "key", bind_executor(context, [this](const Found&) { next(); }));
    }
  };
  boost::asio::io_context context{1};
  Chain chain{*store_, context};
  chain.next();
  context.run();
  EXPECT_EQ(chain.left, -1);
}

TEST(AsyncCancellation, reaches_a_call_under_way) {
  NeverLayer store(std::make_shared<InMemoryStore>());
  boost::asio::io_context context{1};
  boost::asio::cancellation_signal signal;
  std::optional<ErrorCode> code;
  auto handler = bind_executor(context, [&](const Found& found) { code = found.error().code(); });
  async_get_exact(store, "key", boost::asio::bind_cancellation_slot(signal.slot(), handler));
  boost::asio::post(context, [&] { signal.emit(boost::asio::cancellation_type::terminal); });
  context.run();
  EXPECT_EQ(code, ErrorCode::cancelled);
}

TEST(AsyncVerbs, are_all_there) {
  InMemoryStore store;
  async_add(store, "a:1", "value", {}, use_future).get().value();
  std::vector<BatchItem> items(1);
  items[0].key = "a:2";
  EXPECT_EQ(async_batch_add(store, std::move(items), {}, use_future).get().value().stored, 1U);
  EXPECT_EQ(async_batch_get(store, {"a:1", "a:3"}, use_future).get().value().size(), 2U);
  EXPECT_TRUE(async_get_entry(store, "a:1", use_future).get().value().has_value());
  EXPECT_EQ(async_size(store, SizeMode::exact, use_future).get().value(), 2U);
  KeyCursor cursor = store.keys();
  EXPECT_EQ(async_next_page(cursor, use_future).get().value().size(), 2U);
  EXPECT_TRUE(async_erase(store, "a:1", use_future).get().value());
  EXPECT_EQ(async_batch_erase(store, {"a:1"}, use_future).get().value(), 0U);
  EXPECT_EQ(async_invalidate_tag(store, "tag", use_future).get().value(), 0U);
  EXPECT_EQ(async_invalidate_prefix(store, "a:", use_future).get().value(), 1U);
  EXPECT_EQ(async_clear(store, {}, use_future).get().value(), 0U);
  EXPECT_EQ(async_get_stats(store, use_future).get().value().adds, 2U);
  EXPECT_EQ(async_describe(store, use_future).get().value().capability.store, "memory");
  async_close(store, use_future).get().value();
  EXPECT_EQ(async_get_exact(store, "a:1", use_future).get().error().code(), ErrorCode::closed);
}

}  // namespace
}  // namespace semantrix
