#pragma once

#include "stores/backend/backend_holder.hpp"
#include <semantrix/elasticache_store.hpp>

#include <memory>

namespace semantrix {

class ElastiCacheStore::Core final : public stores::BackendHolder {
 public:
  using BackendHolder::BackendHolder;

  [[nodiscard]] static const std::shared_ptr<stores::Backend>& of(ElastiCacheStore& store) {
    return store.core_->current();
  }
};

namespace elasticache {

/// What the store's verbs are handed to: for what is no verb of every store.
[[nodiscard]] const std::shared_ptr<stores::Backend>& backend_of(ElastiCacheStore& store);

}  // namespace elasticache
}  // namespace semantrix
