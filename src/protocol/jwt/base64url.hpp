#pragma once

#include <string>
#include <string_view>

namespace semantrix::jwt {

/// Base 64 with "-" and "_", without padding (RFC 4648, section 5).
[[nodiscard]] std::string base64url(std::string_view bytes);

}  // namespace semantrix::jwt
