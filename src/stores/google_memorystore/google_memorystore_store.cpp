#include "cloud/gcp/memorystore.hpp"
#include "stores/google_memorystore/memorystore_backend.hpp"
#include "stores/google_memorystore/option_checks.hpp"
#include <semantrix/google_memorystore_store.hpp>

#include <boost/asio/this_coro.hpp>

#include <chrono>
#include <utility>

namespace semantrix {
namespace {

/// Redis takes strings of at most 512 MiB (proto-max-bulk-len). What a record adds must fit too.
constexpr std::size_t largest_value = (std::size_t{512} << 20U) - 1024;

constexpr Capability memorystore_capability{
    .store = "memorystore",
    .networked = true,
    .keeps_across_processes = true,
    .can_subscribe_invalidations = true,
    .max_key_bytes = std::size_t{256} << 20U,
    .max_value_bytes = largest_value,
};

/// Which instances somebody wants to know of.
struct Question {
  std::string project_id;
  std::string region;
  GoogleAccess access;
  MemorystoreFlavor flavor;
};

awaitable<MemorystoreInstances> answer_to(std::shared_ptr<const Question> question) {
  const GoogleAccess& access = question->access;
  memorystore::check_access(question->project_id, question->region, access).value();
  const auto deadline = std::chrono::steady_clock::now() + access.timeout;
  const boost::asio::any_io_executor executor = co_await boost::asio::this_coro::executor;
  gcp::Memorystore google(executor, access, question->flavor);
  auto listing = google.list(question->project_id, question->region, deadline);
  const Result<MemorystoreInstances> found = co_await std::move(listing);
  auto closing = google.closed();
  co_await std::move(closing);
  co_return found.value();
}

}  // namespace

GoogleMemorystoreCacheStore::GoogleMemorystoreCacheStore(GoogleMemorystoreOptions options)
    : core_(std::make_unique<Core>([options = std::move(options)] {
        return memorystore::make_backend(options, memorystore_capability);
      })) {}

GoogleMemorystoreCacheStore::~GoogleMemorystoreCacheStore() = default;

const Capability& GoogleMemorystoreCacheStore::static_capability() noexcept {
  return memorystore_capability;
}
const Capability& GoogleMemorystoreCacheStore::capability() const noexcept {
  return memorystore_capability;
}

awaitable<MemorystoreInstances> GoogleMemorystoreCacheStore::list_instances(
    std::string project_id, std::string region, GoogleAccess access, MemorystoreFlavor flavor) {
  return answer_to(std::make_shared<const Question>(
      Question{std::move(project_id), std::move(region), std::move(access), flavor}));
}

awaitable<MemorystoreInstance> GoogleMemorystoreCacheStore::instance() {
  auto looking = memorystore::Finder::look(memorystore::backend_of(*this).finder());
  const Result<gcp::SharedInstance> found = co_await std::move(looking);
  co_return *found.value();
}

bool GoogleMemorystoreCacheStore::subscribe_invalidations(
    const std::weak_ptr<InvalidationListener>& listener) {
  return core_->current()->subscribe(listener);
}

awaitable<Result<std::optional<Value>>> GoogleMemorystoreCacheStore::do_get(std::string_view key) {
  return core_->current()->get(key);
}

awaitable<Result<void>> GoogleMemorystoreCacheStore::do_add(std::string_view key,
                                                            const Value& value,
                                                            const AddOptions& options) {
  return core_->current()->add(key, value, options);
}

awaitable<Result<bool>> GoogleMemorystoreCacheStore::do_erase(std::string_view key) {
  const std::string owned(key);
  const std::span<const std::string> keys(&owned, 1);
  auto erasing = do_batch_erase(keys);
  const Result<std::size_t> erased = co_await std::move(erasing);
  if (!erased) co_return erased.error();
  co_return *erased != 0;
}

awaitable<Result<BatchOutcome>> GoogleMemorystoreCacheStore::do_batch_add(
    std::span<const BatchItem> items, const AddOptions& options) {
  return core_->current()->batch_add(items, options);
}

awaitable<Result<std::vector<std::optional<Value>>>> GoogleMemorystoreCacheStore::do_batch_get(
    std::span<const std::string> keys) {
  return core_->current()->batch_get(keys);
}

awaitable<Result<std::size_t>> GoogleMemorystoreCacheStore::do_batch_erase(
    std::span<const std::string> keys) {
  return core_->current()->batch_erase(keys);
}

awaitable<Result<std::size_t>> GoogleMemorystoreCacheStore::do_size(SizeMode mode) {
  return core_->current()->size(mode);
}

awaitable<Result<std::size_t>> GoogleMemorystoreCacheStore::do_clear(const ClearOptions& options) {
  return core_->current()->clear(options);
}

awaitable<Result<std::optional<Entry>>> GoogleMemorystoreCacheStore::do_entry(
    std::string_view key) {
  return core_->current()->entry(key);
}

Probe<Stats> GoogleMemorystoreCacheStore::probe_stats() { return core_->current()->stats(); }

awaitable<Result<Description>> GoogleMemorystoreCacheStore::do_describe() {
  return core_->current()->describe();
}

awaitable<Result<void>> GoogleMemorystoreCacheStore::do_close() {
  return core_->current()->close();
}

std::unique_ptr<KeyStream> GoogleMemorystoreCacheStore::open_keys(std::string match) {
  return core_->current()->keys(std::move(match));
}

}  // namespace semantrix
