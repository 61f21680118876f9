#pragma once

#include <semantrix/layer.hpp>

#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <memory>
#include <string>
#include <utility>

namespace semantrix::testing {

/// Answers nothing at once: every verb leaves the stack and comes back from the executor's queue,
/// as a call over a network would.
class DelayingLayer final : public Layer {
 public:
  explicit DelayingLayer(std::shared_ptr<CacheStore> inner)
      : Layer(std::move(inner)), capability_(Layer::capability()) {
    capability_.synchronous = false;
  }
  [[nodiscard]] const Capability& capability() const noexcept override { return capability_; }

 protected:
  Probe<void> probe_add(std::string_view, const Value&, const AddOptions&) override { return {}; }
  Probe<std::optional<Value>> probe_get(std::string_view) override { return {}; }
  Probe<bool> probe_erase(std::string_view) override { return {}; }
  Probe<BatchOutcome> probe_batch_add(std::span<const BatchItem>, const AddOptions&) override {
    return {};
  }
  Probe<std::vector<std::optional<Value>>> probe_batch_get(std::span<const std::string>) override {
    return {};
  }
  Probe<std::size_t> probe_batch_erase(std::span<const std::string>) override { return {}; }
  Probe<std::size_t> probe_size(SizeMode) override { return {}; }
  Probe<std::size_t> probe_clear(const ClearOptions&) override { return {}; }
  Probe<std::size_t> probe_invalidate_tag(std::string_view) override { return {}; }
  Probe<std::size_t> probe_invalidate_prefix(std::string_view) override { return {}; }
  Probe<std::optional<Entry>> probe_entry(std::string_view) override { return {}; }
  Probe<Stats> probe_stats() override { return {}; }
  Probe<Description> probe_describe() override { return {}; }
  Probe<void> probe_close() override { return {}; }

  awaitable<Result<void>> do_add(std::string_view key, const Value& value,
                                 const AddOptions& options) override {
    co_await delay();
    co_return co_await Layer::do_add(key, value, options);
  }
  awaitable<Result<std::optional<Value>>> do_get(std::string_view key) override {
    co_await delay();
    co_return co_await Layer::do_get(key);
  }
  awaitable<Result<bool>> do_erase(std::string_view key) override {
    co_await delay();
    co_return co_await Layer::do_erase(key);
  }
  awaitable<Result<BatchOutcome>> do_batch_add(std::span<const BatchItem> items,
                                               const AddOptions& options) override {
    co_await delay();
    co_return co_await Layer::do_batch_add(items, options);
  }
  awaitable<Result<std::vector<std::optional<Value>>>> do_batch_get(
      std::span<const std::string> keys) override {
    co_await delay();
    co_return co_await Layer::do_batch_get(keys);
  }
  awaitable<Result<std::size_t>> do_batch_erase(std::span<const std::string> keys) override {
    co_await delay();
    co_return co_await Layer::do_batch_erase(keys);
  }
  awaitable<Result<std::size_t>> do_size(SizeMode mode) override {
    co_await delay();
    co_return co_await Layer::do_size(mode);
  }
  awaitable<Result<std::size_t>> do_clear(const ClearOptions& options) override {
    co_await delay();
    co_return co_await Layer::do_clear(options);
  }
  awaitable<Result<std::size_t>> do_invalidate_tag(std::string_view tag) override {
    co_await delay();
    co_return co_await Layer::do_invalidate_tag(tag);
  }
  awaitable<Result<std::size_t>> do_invalidate_prefix(std::string_view prefix) override {
    co_await delay();
    co_return co_await Layer::do_invalidate_prefix(prefix);
  }
  awaitable<Result<std::optional<Entry>>> do_entry(std::string_view key) override {
    co_await delay();
    co_return co_await Layer::do_entry(key);
  }
  awaitable<Result<Stats>> do_stats() override {
    co_await delay();
    co_return co_await Layer::do_stats();
  }
  awaitable<Result<Description>> do_describe() override {
    co_await delay();
    co_return co_await Layer::do_describe();
  }
  awaitable<Result<void>> do_close() override {
    co_await delay();
    co_return co_await Layer::do_close();
  }
  std::unique_ptr<KeyStream> open_keys(std::string match) override {
    return std::make_unique<DelayedKeys>(Layer::open_keys(std::move(match)));
  }

 private:
  Capability capability_;

  static awaitable<void> delay() {
    const auto executor = co_await boost::asio::this_coro::executor;
    co_await boost::asio::post(executor, boost::asio::use_awaitable);
  }

  class DelayedKeys final : public KeyStream {
   public:
    explicit DelayedKeys(std::unique_ptr<KeyStream> inner) : inner_(std::move(inner)) {}

    awaitable<Result<Page>> do_next() override {
      co_await delay();
      co_return co_await inner_->do_next();
    }

   private:
    std::unique_ptr<KeyStream> inner_;
  };
};

}  // namespace semantrix::testing
