#pragma once

#include "stores/backend/backend_holder.hpp"
#include <semantrix/dynamodb_store.hpp>

#include <memory>

namespace semantrix {

class DynamoDBCacheStore::Core final : public stores::BackendHolder {
 public:
  using BackendHolder::BackendHolder;

  [[nodiscard]] static const std::shared_ptr<stores::Backend>& of(DynamoDBCacheStore& store) {
    return store.core_->current();
  }
};

namespace dynamodb {

/// What the store's verbs are handed to: for what is no verb of every store.
[[nodiscard]] const std::shared_ptr<stores::Backend>& backend_of(DynamoDBCacheStore& store);

}  // namespace dynamodb
}  // namespace semantrix
