#pragma once

#include "protocol/memcache/wire_key.hpp"
#include "stores/backend/bookkeeping.hpp"
#include "stores/memcached/client.hpp"
#include "stores/memcached/unsettled.hpp"
#include <semantrix/cache_store.hpp>
#include <semantrix/error.hpp>

#include <optional>
#include <string_view>
#include <utility>

namespace semantrix::memcached {

using stores::Counters;

/// What the calls of a store share, and hold while they are under way. Thread-safe.
class Core : public stores::Bookkeeping {
 public:
  Core(stores::StoreTerms terms, memcache::KeyPrefix key_prefix, ClientOptions client)
      : Bookkeeping(std::move(terms)),
        key_prefix_(std::move(key_prefix)),
        client_(std::move(client)),
        unsettled_(client_.retrying().deadline) {}

  [[nodiscard]] Client& client() noexcept { return client_; }
  [[nodiscard]] const memcache::KeyPrefix& key_prefix() const noexcept { return key_prefix_; }
  [[nodiscard]] memcache::WireKey wire_key(std::string_view key) const {
    return key_prefix_.key(key);
  }

  /// Keys that nobody may read before they are erased.
  [[nodiscard]] Unsettled& unsettled() noexcept { return unsettled_; }
  /// How a write of the key, or its removal, ended. After some refusals the server has neither the
  /// new value nor the old one; after all else that failed it may have either.
  void written(const memcache::WireKey& key, const std::optional<Error>& failure) {
    const bool has_nothing = failure &&
                             (failure->code() == ErrorCode::too_large ||
                              failure->code() == ErrorCode::server_out_of_memory) &&
                             failure->info().phase == Phase::received;
    const auto now = Unsettled::Clock::now();
    if (!failure || has_nothing) return unsettled_.settle(key.text(), now);
    if (failure->info().phase == Phase::sent) return unsettled_.note_sent(key.text(), now);
    unsettled_.note(key.text());
  }

 private:
  const memcache::KeyPrefix key_prefix_;
  Client client_;
  Unsettled unsettled_;
};

}  // namespace semantrix::memcached
