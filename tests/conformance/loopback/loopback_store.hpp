#pragma once

#include "loopback_client.hpp"
#include "loopback_options.hpp"
#include <semantrix/cache_store.hpp>

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace semantrix::testing {

/// The smallest store that is reached by coroutines: what docs/howto/add_a_store.md builds. It has
/// limits, takes no tags and leaves prefixes to the defaults, so that those are tested too.
class LoopbackStore final : public CacheStore {
 public:
  explicit LoopbackStore(const LoopbackOptions& options = {});

  [[nodiscard]] const Capability& capability() const noexcept override;

 protected:
  awaitable<Result<void>> do_add(std::string_view key, const Value& value,
                                 const AddOptions& options) override;
  awaitable<Result<std::optional<Value>>> do_get(std::string_view key) override;
  awaitable<Result<bool>> do_erase(std::string_view key) override;
  awaitable<Result<BatchOutcome>> do_batch_add(std::span<const BatchItem> items,
                                               const AddOptions& options) override;
  awaitable<Result<std::vector<std::optional<Value>>>> do_batch_get(
      std::span<const std::string> keys) override;
  awaitable<Result<std::size_t>> do_batch_erase(std::span<const std::string> keys) override;
  awaitable<Result<std::size_t>> do_size(SizeMode mode) override;
  awaitable<Result<std::size_t>> do_clear(const ClearOptions& options) override;
  awaitable<Result<std::optional<Entry>>> do_entry(std::string_view key) override;
  awaitable<Result<Stats>> do_stats() override;
  awaitable<Result<Description>> do_describe() override;
  awaitable<Result<void>> do_close() override;
  std::unique_ptr<KeyStream> open_keys(std::string match) override;

 private:
  std::shared_ptr<LoopbackClient> client_;
};

}  // namespace semantrix::testing
