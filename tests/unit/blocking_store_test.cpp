// The blocking front: what is answered on the calling thread, what is waited for, and where waiting
// would never end.
#include <semantrix/blocking_store.hpp>
#include <semantrix/executor.hpp>
#include <semantrix/in_memory_store.hpp>
#include <semantrix/layer.hpp>
#include <semantrix/testing/conformance/context.hpp>

#include <boost/asio/packaged_task.hpp>
#include <boost/asio/post.hpp>

#include <gtest/gtest.h>

#include <future>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace semantrix {
namespace {

using testing::conformance::error_of;

/// Answers by coroutine; remembers on which thread.
class RemoteLayer final : public Layer {
 public:
  using Layer::Layer;
  std::thread::id thread;

 protected:
  Probe<std::optional<Value>> probe_get(std::string_view) override { return {}; }
  awaitable<Result<std::optional<Value>>> do_get(std::string_view key) override {
    thread = std::this_thread::get_id();
    return Layer::do_get(key);
  }
};

TEST(BlockingStore, reads_like_plain_calls) {
  BlockingStore store(std::make_shared<InMemoryStore>(InMemoryOptions{.max_size = 10}));
  store.add("key1", "value1");
  EXPECT_EQ(store.get_exact("key1"), Value("value1"));
  EXPECT_EQ(store.get_exact("key2"), std::nullopt);
  EXPECT_EQ(store.keys(), std::vector<std::string>{"key1"});
  EXPECT_EQ(store.size(), 1U);
  EXPECT_EQ(store.capability().store, "memory");
  EXPECT_TRUE(store.erase("key1"));
  EXPECT_EQ(error_of([&] { return store.get_exact(""); }), ErrorCode::invalid_argument);
}

TEST(BlockingStore, waits_for_the_librarys_thread_where_there_is_no_answer_at_once) {
  auto remote = std::make_shared<RemoteLayer>(std::make_shared<InMemoryStore>());
  BlockingStore store(remote);
  store.add("key", "value");
  EXPECT_EQ(store.get_exact("key"), Value("value"));
  EXPECT_NE(remote->thread, std::this_thread::get_id());
  EXPECT_NE(remote->thread, std::thread::id());
}

TEST(BlockingStore, refuses_to_wait_on_the_librarys_own_thread) {
  BlockingStore remote(std::make_shared<RemoteLayer>(std::make_shared<InMemoryStore>()));
  BlockingStore memory(std::make_shared<InMemoryStore>());
  const auto on_library_thread = [](auto call) {
    std::packaged_task<std::optional<ErrorCode>()> task([call] { return error_of(call); });
    return boost::asio::post(library_executor(), std::move(task)).get();
  };
  EXPECT_EQ(on_library_thread([&] { return remote.get_exact("key"); }),
            ErrorCode::invalid_argument);
  EXPECT_EQ(on_library_thread([&] { return memory.get_exact("key"); }), std::nullopt)
      << "nothing is waited for";
}

TEST(BlockingStore, needs_a_store) {
  EXPECT_EQ(error_of([] { return BlockingStore(nullptr).size(); }), ErrorCode::invalid_argument);
}

TEST(BlockingStore, streams_pages_of_keys) {
  BlockingStore store(std::make_shared<InMemoryStore>());
  for (int i = 0; i != 1'500; ++i) store.add("key" + std::to_string(i), "value");
  KeyCursor cursor = store.scan();
  EXPECT_EQ(store.next_page(cursor).size(), 1'000U);
  EXPECT_EQ(store.next_page(cursor).size(), 500U);
  EXPECT_TRUE(store.next_page(cursor).empty());
}

}  // namespace
}  // namespace semantrix
