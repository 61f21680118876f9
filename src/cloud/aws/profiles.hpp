#pragma once

#include "cloud/access/surroundings.hpp"
#include "cloud/aws/profile_file.hpp"
#include <semantrix/error.hpp>

#include <string>
#include <string_view>

namespace semantrix::aws {

/// The profile to use: the one that was asked for, AWS_PROFILE, or "default".
[[nodiscard]] std::string profile_name(const cloud::Surroundings& surroundings,
                                       std::string_view asked_for);

/// Reads ~/.aws/config and ~/.aws/credentials, or the files that AWS_CONFIG_FILE and
/// AWS_SHARED_CREDENTIALS_FILE name. What the second says goes before what the first says, setting
/// by setting. A file that is missing is an empty one. Error: a file that cannot be read
/// (`io_error`) or understood (`invalid_argument`), by its name. Blocks.
[[nodiscard]] Result<Profiles> load_profiles(const cloud::Surroundings& surroundings);

}  // namespace semantrix::aws
