#pragma once

#include <array>
#include <span>
#include <string>
#include <string_view>

/// What Signature Version 4 is computed with. Throw nothing but std::bad_alloc.
namespace semantrix::sigv4 {

using Sha256 = std::array<unsigned char, 32>;

[[nodiscard]] Sha256 sha256(std::string_view bytes);

/// HMAC-SHA-256 (RFC 2104) of the text.
[[nodiscard]] Sha256 hmac(std::span<const unsigned char> key, std::string_view text);

/// Two lower-case digits a byte.
[[nodiscard]] std::string to_hex(std::span<const unsigned char> bytes);

/// `to_hex(sha256(bytes))`: how a request's body enters its signature.
[[nodiscard]] std::string body_hash(std::string_view bytes);

/// The hash of no body.
inline constexpr std::string_view empty_body_hash =
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

}  // namespace semantrix::sigv4
