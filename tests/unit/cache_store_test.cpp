// The front that all stores share: what it refuses, what it asks, what it copies.
#include <semantrix/cache_store.hpp>
#include <semantrix/testing/conformance/client.hpp>
#include <semantrix/testing/conformance/context.hpp>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <gtest/gtest.h>

#include <array>
#include <chrono>
#include <deque>
#include <exception>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace semantrix {
namespace {

using testing::conformance::await;
using testing::conformance::error_of;

/// A store of which nothing is overridden that need not be.
class BareStore : public CacheStore {
 public:
  [[nodiscard]] const Capability& capability() const noexcept override { return capability_; }
  Capability capability_{.store = "bare"};

 protected:
  std::unique_ptr<KeyStream> open_keys(std::string) override { return nullptr; }
};

/// A map that is reached by coroutines only; it lists keys in pages of two.
class SuspendingStore : public BareStore {
 public:
  std::map<std::string, Value> entries;
  std::deque<const void*> seen;  // where the arguments were

 protected:
  static awaitable<void> turn() {
    const auto executor = co_await boost::asio::this_coro::executor;
    co_await boost::asio::post(executor, boost::asio::use_awaitable);
  }

  awaitable<Result<void>> do_add(std::string_view key, const Value& value,
                                 const AddOptions&) override {
    co_await turn();
    seen.push_back(key.data());
    entries[std::string(key)] = value;
    co_return Result<void>{};
  }
  awaitable<Result<std::optional<Value>>> do_get(std::string_view key) override {
    co_await turn();
    seen.push_back(key.data());
    const auto found = entries.find(std::string(key));
    if (found == entries.end()) co_return std::optional<Value>{};
    co_return std::optional<Value>(found->second);
  }
  awaitable<Result<bool>> do_erase(std::string_view key) override {
    co_await turn();
    co_return entries.erase(std::string(key)) != 0;
  }
  awaitable<Result<std::size_t>> do_batch_erase(std::span<const std::string> keys) override {
    co_await turn();
    std::size_t erased = 0;
    for (const std::string& key : keys) erased += entries.erase(key);
    co_return erased;
  }

  /// Every key that begins with the pattern's text before its final `*`.
  std::unique_ptr<KeyStream> open_keys(std::string match) override {
    class Pages final : public KeyStream {
     public:
      explicit Pages(std::vector<std::string> keys) : keys_(std::move(keys)) {}
      awaitable<Result<Page>> do_next() override {
        co_await turn();
        Page page;
        while (page.size() != 2 && at_ != keys_.size()) page.push_back(keys_[at_++]);
        co_return page;
      }

     private:
      std::vector<std::string> keys_;
      std::size_t at_ = 0;
    };
    last_match = match;
    match.pop_back();
    std::vector<std::string> keys;
    for (const auto& [key, value] : entries) {
      if (key.starts_with(match)) keys.push_back(key);
    }
    return std::make_unique<Pages>(std::move(keys));
  }

 public:
  std::string last_match;
};

TEST(CacheStore, refuses_what_the_capability_rules_out) {
  SuspendingStore store;
  store.capability_.max_key_bytes = 4;
  store.capability_.max_value_bytes = 8;
  store.capability_.can_ttl = false;
  const auto code = [&](auto make) {
    return error_of([&] {
      await(make());
      return 0;
    });
  };
  EXPECT_EQ(code([&] { return store.get_exact("12345"); }), ErrorCode::too_large);
  EXPECT_EQ(code([&] { return store.get_exact("1234"); }), std::nullopt);
  EXPECT_EQ(code([&] { return store.add("key", "12345678"); }), std::nullopt);
  EXPECT_EQ(code([&] { return store.add("key", "123456789"); }), ErrorCode::too_large);
  EXPECT_TRUE(store.entries.empty()) << "the older value contradicts the refused one";
  AddOptions options;
  options.ttl = std::chrono::seconds(1);
  EXPECT_EQ(code([&] { return store.add("key", "value", options); }), ErrorCode::not_supported);
  const std::array<std::string_view, 1> tags{"tag"};
  AddOptions tagged;
  tagged.tags = tags;
  EXPECT_EQ(code([&] { return store.add("key", "value", tagged); }), ErrorCode::not_supported);
}

TEST(CacheStore, names_the_store_and_the_limit_in_the_error) {
  BareStore store;
  store.capability_.max_key_bytes = 4;
  try {
    await(store.get_exact("too long"));
    FAIL() << "nothing was thrown";
  } catch (const CacheError& error) {
    EXPECT_EQ(error.error().message(), "the key has 8 bytes, the bare store takes at most 4");
    EXPECT_EQ(error.error().info().store, "bare");
  }
}

TEST(CacheStore, a_verb_that_is_not_overridden_is_not_supported) {
  BareStore store;
  const auto missing = ErrorCode::not_supported;
  EXPECT_EQ(error_of([&] {
              await(store.add("key", "value"));
              return 0;
            }),
            missing);
  EXPECT_EQ(error_of([&] { return await(store.get_exact("key")); }), missing);
  EXPECT_EQ(error_of([&] { return await(store.erase("key")); }), missing);
  EXPECT_EQ(error_of([&] { return await(store.size()); }), missing);
  EXPECT_EQ(error_of([&] { return await(store.clear()); }), missing);
  EXPECT_EQ(error_of([&] { return await(store.get_entry("key")); }), missing);
  EXPECT_EQ(error_of([&] { return await(store.get_stats()); }), missing);
  EXPECT_EQ(error_of([&] {
              await(store.close());
              return 0;
            }),
            missing);
  EXPECT_EQ(await(store.describe()).capability.store, "bare");
}

TEST(CacheStore, copies_the_key_only_when_it_suspends) {
  class ReadyStore final : public BareStore {
   public:
    const void* seen = nullptr;

   protected:
    Probe<std::optional<Value>> probe_get(std::string_view key) override {
      seen = key.data();
      return Result<std::optional<Value>>(std::nullopt);
    }
  };
  const std::string key = "a key that is too long for a small string";
  ReadyStore ready;
  EXPECT_EQ(await(ready.get_exact(key)), std::nullopt);
  EXPECT_EQ(ready.seen, key.data());
  SuspendingStore suspending;
  EXPECT_EQ(await(suspending.get_exact(key)), std::nullopt);
  EXPECT_NE(suspending.seen.back(), key.data());
}

TEST(CacheStore, invalidates_a_prefix_by_listing_and_erasing) {
  SuspendingStore store;
  for (const char* key : {"a:1", "a:2", "a:3", "a:4", "a:5", "b:1"}) store.entries[key] = "value";
  EXPECT_EQ(await(store.invalidate_prefix("a:")), 5U);
  EXPECT_EQ(store.entries.size(), 1U);
  EXPECT_EQ(store.last_match, "a:*");
  EXPECT_EQ(await(store.invalidate_prefix("[*]?\\")), 0U);
  EXPECT_EQ(store.last_match, "\\[\\*\\]\\?\\\\*");
}

TEST(CacheStore, a_cursor_joins_pages) {
  SuspendingStore store;
  for (const char* key : {"a", "b", "c", "d", "e"}) store.entries[key] = "value";
  KeyCursor cursor = store.keys();
  EXPECT_EQ(await(cursor.next()), (std::vector<std::string>{"a", "b"}));
  EXPECT_EQ(await(cursor.rest()), (std::vector<std::string>{"c", "d", "e"}));
  EXPECT_TRUE(await(cursor.next()).empty());
  EXPECT_TRUE(await(cursor.rest()).empty());
}

/// A value whose references can be counted: a block of the test's own.
class CountedValue {
 public:
  [[nodiscard]] Value value() {
    detail::retain(&block_);
    return Value(&block_, "text", 4, false);
  }
  [[nodiscard]] std::uint32_t references() const {
    return block_.references.load() / detail::SharedBytes::one;
  }

 private:
  detail::SharedBytes block_{{detail::SharedBytes::one}};
};

// GCC 12 destroys some objects of a coroutine twice. The patterns of the front: parameters by value
// in a frame, a result moved out of a frame, a frame dropped before it started.
TEST(CacheStore, holds_and_drops_each_value_once) {
  CountedValue counted;
  {
    SuspendingStore store;
    await(store.add("key", counted.value()));
    EXPECT_EQ(counted.references(), 2U);
    { auto dropped = store.add("key2", counted.value()); }
    EXPECT_EQ(counted.references(), 2U);
    const std::optional<Value> found = await(store.get_exact("key"));
    EXPECT_EQ(counted.references(), 3U);
    std::vector<BatchItem> items(2);
    items[0].key = "refused for its empty neighbour";
    items[0].value = counted.value();
    items[1].value = counted.value();
    EXPECT_EQ(error_of([&] { return await(store.batch_add(std::move(items))); }),
              ErrorCode::not_supported);
    EXPECT_EQ(counted.references(), 3U);
  }
  EXPECT_EQ(counted.references(), 1U);
}

TEST(CacheStore, a_ready_value_is_handed_on_once) {
  class OneValue final : public BareStore {
   public:
    CountedValue counted;

   protected:
    Probe<std::optional<Value>> probe_get(std::string_view) override {
      return Result<std::optional<Value>>(counted.value());
    }
  };
  OneValue store;
  {
    const std::optional<Value> found = await(store.get_exact("key"));
    EXPECT_EQ(store.counted.references(), 2U);
    auto dropped = store.get_exact("key");
    EXPECT_EQ(store.counted.references(), 3U);
  }
  EXPECT_EQ(store.counted.references(), 1U);
}

TEST(CacheStore, an_exception_of_a_store_reaches_the_caller) {
  class Thrower final : public BareStore {
   protected:
    awaitable<Result<std::optional<Value>>> do_get(std::string_view) override {
      throw std::bad_alloc();
      co_return std::optional<Value>{};
    }
  };
  Thrower store;
  EXPECT_THROW(await(store.get_exact("key")), std::bad_alloc);
}

TEST(CacheStore, a_cancelled_call_says_so) {
  class Waiter final : public BareStore {
   protected:
    awaitable<Result<std::optional<Value>>> do_get(std::string_view) override {
      boost::asio::steady_timer never(co_await boost::asio::this_coro::executor,
                                      std::chrono::hours(1));
      co_await never.async_wait(boost::asio::use_awaitable);
      co_return std::optional<Value>{};
    }
  };
  Waiter store;
  boost::asio::io_context context{1};
  boost::asio::cancellation_signal signal;
  std::optional<ErrorCode> code;
  auto finish = [&](const std::exception_ptr& thrown, const std::optional<Value>&) {
    code = error_of([&] {
      std::rethrow_exception(thrown);
      return 0;
    });
  };
  boost::asio::co_spawn(context, store.get_exact("key"),
                        boost::asio::bind_cancellation_slot(signal.slot(), finish));
  boost::asio::post(context, [&] { signal.emit(boost::asio::cancellation_type::terminal); });
  context.run();
  EXPECT_EQ(code, ErrorCode::cancelled);
}

}  // namespace
}  // namespace semantrix
