#pragma once

#include "cloud/aws/credentials.hpp"
#include <semantrix/error.hpp>

#include <string>
#include <string_view>

namespace semantrix::aws {

/// The credentials in the XML of STS. Error (`protocol_error`): none are in there.
[[nodiscard]] Result<Credentials> parse_sts_reply(std::string_view xml);

/// What STS refused, with its own code and words.
[[nodiscard]] Error parse_sts_error(int status, std::string_view xml);

}  // namespace semantrix::aws
