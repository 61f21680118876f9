#pragma once

#include "cloud/aws/credentials.hpp"
#include <semantrix/error.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace semantrix::aws {

/// Credentials as containers, machines and programs write them: a JSON object with AccessKeyId,
/// SecretAccessKey, `token_name`, Expiration, AccountId. Error (`protocol_error`): not such an
/// object; says so of `who`, without a word of the text.
[[nodiscard]] Result<Credentials> parse_credentials(std::string_view json,
                                                    std::string_view token_name,
                                                    std::string_view who);

/// Somebody who should give credentials answered with an HTTP status instead.
[[nodiscard]] Error refused_with(int status, std::string_view who, std::string server_message);

/// A role, say, could not be asked for because its source has nothing.
[[nodiscard]] Error nothing_in(std::string_view where, std::string remedy);

}  // namespace semantrix::aws
