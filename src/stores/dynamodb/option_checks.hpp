#pragma once

#include "stores/dynamodb/core.hpp"
#include <semantrix/capability.hpp>
#include <semantrix/dynamodb_options.hpp>
#include <semantrix/error.hpp>

namespace semantrix::dynamodb {

/// What a store of these options shares among its calls. Error (`invalid_argument`): the first
/// option that cannot be, by its name. Reads no file and asks nobody.
[[nodiscard]] Result<SharedCore> make_core(const DynamoDBOptions& options,
                                           const Capability& capability);

}  // namespace semantrix::dynamodb
