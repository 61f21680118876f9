#pragma once

#include "protocol/dynamodb/requests.hpp"
#include "protocol/dynamodb/responses.hpp"
#include <semantrix/error.hpp>

#include <cstdint>
#include <string_view>

/// What a refusal of the service means for the call.
namespace semantrix::dynamodb {

enum class FailureKind : std::uint8_t {
  other,             ///< Trying again would fail again.
  transient,         ///< The service is at fault.
  throttled,         ///< It asks for fewer calls.
  clock_skew,        ///< It does not believe the date of the signature.
  expired_token,     ///< The session token's time has passed.
  no_table,          ///< The table does not exist, or is not ready yet.
  table_in_use,      ///< Somebody else is creating it.
  unknown_action,    ///< It does not do such things.
  condition_failed,  ///< What the call asked of the item does not hold.
};

[[nodiscard]] FailureKind classify(int status, const Refusal& refusal) noexcept;

/// The refusal as an error, which names the permission that is missing, the table that is, or what
/// the service calls too much. `table` is its name, `region` may be empty.
[[nodiscard]] Error error_of(int status, const Refusal& refusal, FailureKind kind, Action action,
                             std::string_view table);

}  // namespace semantrix::dynamodb
