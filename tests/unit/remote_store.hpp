#pragma once

#include <semantrix/in_memory_store.hpp>
#include <semantrix/layer.hpp>

#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <atomic>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

/// What the tests of layers share.
namespace semantrix {

/// A store that is reached by coroutines, counts the questions, and fails when told to.
class RemoteStore final : public Layer {
 public:
  explicit RemoteStore(std::shared_ptr<const Clock> clock = nullptr)
      : Layer(std::make_shared<InMemoryStore>(options(std::move(clock)))),
        capability_(Layer::capability()) {
    capability_.synchronous = false;
  }
  [[nodiscard]] const Capability& capability() const noexcept override { return capability_; }

  std::atomic<int> gets{0};
  std::atomic<int> entries{0};
  std::atomic<int> adds{0};
  std::optional<ErrorCode> failure;
  boost::asio::steady_timer* hold = nullptr;  // of the test's own executor: gets wait for it
  std::weak_ptr<InvalidationListener> listener;

  bool subscribe_invalidations(const std::weak_ptr<InvalidationListener>& told) override {
    listener = told;
    return true;
  }

 protected:
  Probe<void> probe_add(std::string_view, const Value&, const AddOptions&) override { return {}; }
  Probe<std::optional<Value>> probe_get(std::string_view) override { return {}; }
  Probe<bool> probe_erase(std::string_view) override { return {}; }
  Probe<std::vector<std::optional<Value>>> probe_batch_get(std::span<const std::string>) override {
    return {};
  }
  Probe<std::optional<Entry>> probe_entry(std::string_view) override { return {}; }
  Probe<BatchOutcome> probe_batch_add(std::span<const BatchItem>, const AddOptions&) override {
    return {};
  }

  awaitable<Result<std::optional<Value>>> do_get(std::string_view key) override {
    ++gets;
    if (failure) co_return Error(*failure, "told to fail");
    auto found = co_await Layer::do_get(key);
    co_await pause();
    co_return found;
  }
  awaitable<Result<std::optional<Entry>>> do_entry(std::string_view key) override {
    ++entries;
    if (failure) co_return Error(*failure, "told to fail");
    auto found = co_await Layer::do_entry(key);
    co_await pause();
    co_return found;
  }
  awaitable<Result<void>> do_add(std::string_view key, const Value& value,
                                 const AddOptions& options) override {
    ++adds;
    if (failure) co_return Error(*failure, "told to fail");
    co_return co_await Layer::do_add(key, value, options);
  }
  awaitable<Result<BatchOutcome>> do_batch_add(std::span<const BatchItem> items,
                                               const AddOptions& options) override {
    BatchOutcome outcome;
    if (failure) {
      for (std::size_t i = 0; i != items.size(); ++i) {
        outcome.failures.push_back({i, Error(*failure, "told to fail")});
      }
      co_return outcome;
    }
    co_return co_await Layer::do_batch_add(items, options);
  }

 private:
  Capability capability_;

  static InMemoryOptions options(std::shared_ptr<const Clock> clock) {
    InMemoryOptions options;
    options.clock = std::move(clock);
    return options;
  }
  awaitable<void> pause() {
    if (hold != nullptr) {
      boost::system::error_code ignored;
      co_await hold->async_wait(boost::asio::redirect_error(boost::asio::use_awaitable, ignored));
    } else {
      const auto executor = co_await boost::asio::this_coro::executor;
      co_await boost::asio::post(executor, boost::asio::use_awaitable);
    }
  }
};

template <class Call>
std::optional<ErrorCode> code_of(Call call) {
  try {
    static_cast<void>(call());
  } catch (const CacheError& error) {
    return error.code();
  }
  return std::nullopt;
}

inline awaitable<void> collect_get(CacheStore& store, std::vector<std::optional<Value>>& answers) {
  answers.push_back(co_await store.get_exact("key"));
}

}  // namespace semantrix
