#pragma once

#include "stores/backend/bookkeeping.hpp"
#include "stores/redis/client.hpp"
#include <semantrix/cache_store.hpp>
#include <semantrix/error.hpp>

#include <utility>

namespace semantrix::redis {

using stores::Counters;

/// What the calls of a store share, and hold while they are under way. Thread-safe.
class Core : public stores::Bookkeeping {
 public:
  Core(stores::StoreTerms terms, ClientOptions client)
      : Bookkeeping(std::move(terms)), client_(std::move(client)) {}

  [[nodiscard]] Client& client() noexcept { return client_; }

  /// Whether the server says that something else than a string lies under the key. That is a miss;
  /// counts it as corrupt.
  [[nodiscard]] bool is_no_string(const Error& error) noexcept {
    if (error.code() != ErrorCode::corrupt) return false;
    Counters::count(counters().corrupt);
    return true;
  }

 private:
  Client client_;
};

}  // namespace semantrix::redis
