#include "stores/dynamodb/gathered_reads.hpp"

#include "net/connection_errors.hpp"
#include "stores/dynamodb/batches.hpp"
#include "stores/dynamodb/core.hpp"

#include <boost/asio/async_result.hpp>
#include <boost/asio/cancellation_type.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/unordered/unordered_flat_map.hpp>

#include <algorithm>

namespace semantrix::dynamodb {

namespace asio = boost::asio;

void GatheredReads::Waiter::complete(const ReadItem& found) {
  Call* waiting = call.exchange(nullptr);
  if (waiting == nullptr) return;
  if (!found) return waiting->fail(found.error());
  // Others may wait for the same item.
  ReadItem read = found;
  const net::ReadBuffer none;
  waiting->take(&read, none);
  waiting->complete();
}

void GatheredReads::Waiter::cancel() {
  if (Call* waiting = call.exchange(nullptr)) {
    const Error error(ErrorCode::cancelled, "the call was cancelled");
    waiting->fail(net::with_phase(error, Phase::queued));
  }
}

bool GatheredReads::may_go_alone() {
  const std::lock_guard lock(mutex_);
  if (under_way_ >= most_under_way) return false;
  ++under_way_;
  return true;
}

void GatheredReads::enlist(const std::shared_ptr<Core>& core, std::shared_ptr<Waiter> waiter) {
  {
    const std::lock_guard lock(mutex_);
    waiting_.push_back(std::move(waiter));
    // A read that ended in between did not see it.
    if (under_way_ >= most_under_way) return;
    ++under_way_;
  }
  go_on(core);
}

template <class Token>
auto GatheredReads::async_wait(std::shared_ptr<Core> core, std::string wire_key, TimePoint deadline,
                               Token&& token) {
  auto initiation = [deadline](auto handler, const std::shared_ptr<Core>& among, std::string key) {
    using Waiting = net::HandledCall<ReadItem*, Decoder, decltype(handler)>;
    auto* call = Waiting::create(Decoder(), std::move(handler), among->service.options().executor);
    auto slot = call->cancellation_slot();
    auto waiter = std::make_shared<Waiter>(call, std::move(key), deadline);
    if (slot.is_connected()) {
      const std::weak_ptr<Waiter> to_cancel = waiter;
      slot.assign([to_cancel](asio::cancellation_type) {
        if (const auto cancelled = to_cancel.lock()) cancelled->cancel();
      });
    }
    among->reads.enlist(among, std::move(waiter));
  };
  return asio::async_initiate<Token, void(ReadItem)>(std::move(initiation), token, std::move(core),
                                                     std::move(wire_key));
}

asio::awaitable<ReadItem> GatheredReads::wait(std::shared_ptr<Core> core, std::string wire_key,
                                              TimePoint deadline) {
  auto waiting = async_wait(std::move(core), std::move(wire_key), deadline, asio::use_awaitable);
  co_return co_await std::move(waiting);
}

void GatheredReads::go_on(const std::shared_ptr<Core>& core) {
  Batch batch;
  {
    const std::lock_guard lock(mutex_);
    const std::size_t size = std::min(waiting_.size(), most_keys_to_get);
    std::move(waiting_.begin(), waiting_.begin() + static_cast<std::ptrdiff_t>(size),
              std::back_inserter(batch));
    waiting_.erase(waiting_.begin(), waiting_.begin() + static_cast<std::ptrdiff_t>(size));
    // The batch takes the place of the read that ended.
    if (batch.empty()) --under_way_;
  }
  if (batch.empty()) return;
  asio::co_spawn(core->service.options().executor, run(core, std::move(batch)), asio::detached);
}

asio::awaitable<void> GatheredReads::run(std::shared_ptr<Core> core, Batch batch) {
  Slot slot(core->reads, core);
  std::vector<std::string> keys;
  boost::unordered_flat_map<std::string, std::optional<Item>> found;
  TimePoint deadline = TimePoint::max();
  for (const auto& waiter : batch) {
    if (waiter->call.load() == nullptr) continue;
    deadline = std::min(deadline, waiter->deadline);
    if (found.try_emplace(waiter->wire_key).second) keys.push_back(waiter->wire_key);
  }
  if (keys.empty()) {
    slot.end();
    co_return;
  }
  auto fetching = fetch(core, keys, deadline);
  Result<std::vector<Item>> items = co_await std::move(fetching);
  slot.end();
  if (!items) {
    for (const auto& waiter : batch) waiter->complete(items.error());
    co_return;
  }
  for (Item& item : *items) {
    const auto wanted = found.find(item.key);
    if (wanted != found.end()) wanted->second = std::move(item);
  }
  for (const auto& waiter : batch) waiter->complete(found[waiter->wire_key]);
}

void GatheredReads::orphan() noexcept {
  std::deque<std::shared_ptr<Waiter>> left;  // goes last, without the lock
  const std::lock_guard lock(mutex_);
  std::swap(left, waiting_);
  --under_way_;
}

}  // namespace semantrix::dynamodb
