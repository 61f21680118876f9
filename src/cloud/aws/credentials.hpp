#pragma once

#include "cloud/access/source.hpp"

#include <chrono>
#include <memory>
#include <optional>
#include <string>

/// Who the program is to Amazon Web Services: where that is found, and how it is kept fresh.
namespace semantrix::aws {

/// Has no operator<< and goes into no message: the secret and the token open everything.
struct Credentials {
  std::string access_key_id = {};
  std::string secret_access_key = {};
  std::string session_token = {};  ///< Empty: these are long-lived.
  /// Absent: they do not expire.
  std::optional<std::chrono::system_clock::time_point> expires = std::nullopt;
  std::string account_id = {};  ///< Empty: not told.
  std::string place = {};  ///< "the environment": where they were found; empty: not looked for.
};

/// Immutable, so that key and secret of two generations never meet in one signature.
using SharedCredentials = std::shared_ptr<const Credentials>;

using CredentialsSource = cloud::Source<Credentials>;

}  // namespace semantrix::aws
