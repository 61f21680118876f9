#pragma once

#include <semantrix/error.hpp>

#include <memory>
#include <string>
#include <string_view>

using EVP_PKEY = struct evp_pkey_st;

namespace semantrix::jwt {

/// A private RSA key. Copies share it; it cannot be printed or read back. Thread-safe.
class SigningKey {
 public:
  /// From PEM, PKCS #8 or PKCS #1, not encrypted. Error (`invalid_argument`): it is none, or of
  /// another kind than RSA, or of fewer than 2,048 bits. The error never quotes the text.
  [[nodiscard]] static Result<SigningKey> from_pem(std::string_view pem);

  /// RSASSA-PKCS1-v1_5 with SHA-256, as bytes: "RS256" of RFC 7518. About a millisecond. Error
  /// (`internal`): OpenSSL fails.
  [[nodiscard]] Result<std::string> sign(std::string_view text) const;

 private:
  explicit SigningKey(std::shared_ptr<EVP_PKEY> key) : key_(std::move(key)) {}

  std::shared_ptr<EVP_PKEY> key_;
};

}  // namespace semantrix::jwt
