#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

/// Digests that are written down or agreed with other clients.
namespace semantrix::memcache {

using Sha256 = std::array<unsigned char, 32>;
using Md5 = std::array<unsigned char, 16>;

/// Throws nothing but std::bad_alloc.
[[nodiscard]] Sha256 sha256(std::string_view bytes);

/// For spreading keys alone. Nothing where the system's policy has switched it off.
[[nodiscard]] std::optional<Md5> md5(std::string_view bytes) noexcept;

/// Digits of base 64 (with + and /), padded with =.
[[nodiscard]] std::string base64(std::span<const unsigned char> bytes);

}  // namespace semantrix::memcache
