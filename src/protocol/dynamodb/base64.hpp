#pragma once

#include <optional>
#include <string>
#include <string_view>

/// Base64 as JSON carries bytes (RFC 4648, §4). A large value costs more here than anywhere else on
/// its way, so both directions go by tables: about a nanosecond for two bytes.
namespace semantrix::dynamodb {

void append_base64(std::string& out, std::string_view bytes);

/// The bytes; nothing for what is not base64: other characters, white space included, or padding
/// that is missing or misplaced.
[[nodiscard]] std::optional<std::string> decode_base64(std::string_view text);

}  // namespace semantrix::dynamodb
