#pragma once

#include "stores/elasticache/core.hpp"
#include <semantrix/elasticache_store.hpp>

#include <memory>

namespace semantrix {

class ElastiCacheStore::Core final : public elasticache::Core {
 public:
  using elasticache::Core::Core;

  [[nodiscard]] static std::shared_ptr<elasticache::Core> of(ElastiCacheStore& store) {
    return store.current();
  }
};

namespace elasticache {

/// What the store keeps: for what is no verb of every store.
[[nodiscard]] std::shared_ptr<Core> core_of(ElastiCacheStore& store);

}  // namespace elasticache
}  // namespace semantrix
