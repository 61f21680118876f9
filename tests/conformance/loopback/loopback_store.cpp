#include "loopback_store.hpp"

#include <utility>

namespace semantrix::testing {
namespace {

constexpr Capability loopback_capability{
    .store = "loopback", .networked = true, .max_key_bytes = 250, .max_value_bytes = 6'000'000};

std::vector<std::string_view> views_of(std::span<const std::string> keys) {
  return {keys.begin(), keys.end()};
}

MemoryItem item_of(std::string_view key, const Value& value,
                   std::optional<std::chrono::milliseconds> ttl) {
  return {key, value.view(), value.binary(), {ttl, {}}};
}

/// Keys by the thousand, fetched when the first page is asked for.
class LoopbackKeys final : public KeyStream {
 public:
  LoopbackKeys(std::shared_ptr<LoopbackClient> client, std::string match)
      : client_(std::move(client)), match_(std::move(match)) {}

  awaitable<Result<Page>> do_next() override {
    auto request = [this](MemoryCache& server) { return listed_ ? Page() : server.keys(match_); };
    Result<Page> fetched = co_await client_->call(std::move(request));
    if (!fetched) co_return fetched;
    if (!std::exchange(listed_, true)) keys_ = std::move(*fetched);
    Page page;
    while (page.size() != 1'000 && at_ != keys_.size()) page.push_back(std::move(keys_[at_++]));
    co_return page;
  }

 private:
  std::shared_ptr<LoopbackClient> client_;
  std::string match_;
  Page keys_;
  std::size_t at_ = 0;
  bool listed_ = false;
};

}  // namespace

LoopbackStore::LoopbackStore(const LoopbackOptions& options)
    : client_(std::make_shared<LoopbackClient>(options)) {}

const Capability& LoopbackStore::capability() const noexcept { return loopback_capability; }

awaitable<Result<std::optional<Value>>> LoopbackStore::do_get(std::string_view key) {
  auto request = [key](MemoryCache& server) { return server.get(key); };
  return client_->call(std::move(request));
}

awaitable<Result<void>> LoopbackStore::do_add(std::string_view key, const Value& value,
                                              const AddOptions& options) {
  auto request = [item = item_of(key, value, options.ttl)](MemoryCache& server) {
    return server.add(item);
  };
  return client_->call(std::move(request));
}

awaitable<Result<bool>> LoopbackStore::do_erase(std::string_view key) {
  auto request = [key](MemoryCache& server) { return server.erase(key); };
  return client_->call(std::move(request));
}

awaitable<Result<BatchOutcome>> LoopbackStore::do_batch_add(std::span<const BatchItem> items,
                                                            const AddOptions& options) {
  auto request = [&](MemoryCache& server) {
    std::vector<MemoryItem> entries;
    for (const BatchItem& item : items) {
      entries.push_back(item_of(item.key, item.value, item.ttl ? item.ttl : options.ttl));
    }
    return server.batch_add(entries);
  };
  auto answer = co_await client_->call(std::move(request));
  if (!answer) co_return answer.error();
  BatchOutcome outcome;
  for (std::size_t index = 0; index != answer->size(); ++index) {
    const Result<void>& added = (*answer)[index];
    if (added) {
      ++outcome.stored;
    } else {
      outcome.failures.push_back(BatchOutcome::Failure{index, added.error()});
    }
  }
  co_return outcome;
}

awaitable<Result<std::vector<std::optional<Value>>>> LoopbackStore::do_batch_get(
    std::span<const std::string> keys) {
  auto request = [keys](MemoryCache& server) { return server.batch_get(views_of(keys)); };
  return client_->call(std::move(request));
}

awaitable<Result<std::size_t>> LoopbackStore::do_batch_erase(std::span<const std::string> keys) {
  auto request = [keys](MemoryCache& server) { return server.batch_erase(views_of(keys)); };
  return client_->call(std::move(request));
}

awaitable<Result<std::size_t>> LoopbackStore::do_size(SizeMode) {
  auto request = [](MemoryCache& server) { return server.size(); };
  return client_->call(std::move(request));
}

awaitable<Result<std::size_t>> LoopbackStore::do_clear(const ClearOptions&) {
  auto request = [](MemoryCache& server) { return server.clear(); };
  return client_->call(std::move(request));
}

awaitable<Result<std::optional<Entry>>> LoopbackStore::do_entry(std::string_view key) {
  auto request = [key](MemoryCache& server) -> std::optional<Entry> {
    std::optional<MemoryEntry> entry = server.entry(key);
    if (!entry) return std::nullopt;
    return Entry{std::move(entry->value), entry->ttl, std::move(entry->tags)};
  };
  return client_->call(std::move(request));
}

awaitable<Result<Stats>> LoopbackStore::do_stats() {
  auto request = [](MemoryCache& server) {
    Stats stats = server.stats();
    stats.store = loopback_capability.store;
    return stats;
  };
  return client_->call(std::move(request));
}

awaitable<Result<Description>> LoopbackStore::do_describe() {
  auto request = [](MemoryCache&) {
    Description description;
    description.capability = loopback_capability;
    description.server = "a cache on a thread of its own";
    return description;
  };
  return client_->call(std::move(request));
}

awaitable<Result<void>> LoopbackStore::do_close() {
  client_->close();
  co_return Result<void>{};
}

std::unique_ptr<KeyStream> LoopbackStore::open_keys(std::string match) {
  return std::make_unique<LoopbackKeys>(client_, std::move(match));
}

}  // namespace semantrix::testing
