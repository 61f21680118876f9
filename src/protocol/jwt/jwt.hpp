#pragma once

#include "protocol/jwt/signing_key.hpp"
#include <semantrix/error.hpp>

#include <chrono>
#include <string>
#include <string_view>

/// JSON Web Tokens (RFC 7519) as Google's services take them. No I/O and no clock.
namespace semantrix::jwt {

struct Claims {
  std::string issuer = {};
  std::string subject = {};
  std::string audience = {};  ///< Empty: left out.
  std::string scope = {};     ///< Empty: left out.
  std::chrono::sys_seconds issued = {};
  std::chrono::seconds lifetime{3600};
};

/// The token, signed with RS256: a secret until it expires. An empty key id is left out.
[[nodiscard]] Result<std::string> encode(const SigningKey& key, std::string_view key_id,
                                         const Claims& claims);

}  // namespace semantrix::jwt
