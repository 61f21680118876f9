#pragma once

#include "cloud/aws/credentials.hpp"

#include <string>

namespace semantrix::aws {

/// Credentials from a program (`credential_process` of a profile), which writes a JSON document of
/// version 1 on its standard output. No shell is involved. Errors: those of `run_program`,
/// no_credentials with the program's own words when it fails, protocol_error.
[[nodiscard]] boost::asio::awaitable<Result<Credentials>> credentials_from_program(
    std::string command, CredentialsSource::Deadline deadline);

}  // namespace semantrix::aws
