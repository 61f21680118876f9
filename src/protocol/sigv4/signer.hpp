#pragma once

#include "protocol/sigv4/canonical.hpp"
#include "protocol/sigv4/digest.hpp"

#include <chrono>
#include <mutex>
#include <string>
#include <string_view>

namespace semantrix::sigv4 {

/// Who signs. The texts must outlive the call.
struct Identity {
  std::string_view access_key_id;
  std::string_view secret_access_key;
  std::string_view session_token = {};  ///< Empty: none.
};

/// What makes a request a signed one, and what it was made of. The intermediate texts hold the
/// session token: never log them.
struct HeaderSignature {
  std::string date;           ///< The header X-Amz-Date.
  std::string authorization;  ///< The header Authorization.
  std::string canonical_request;
  std::string string_to_sign;
  std::string signature;
};

struct QuerySignature {
  std::string query;  ///< The request's own query and the signature's; after the "?".
  std::string canonical_request;
  std::string string_to_sign;
  std::string signature;
};

/// Signs requests to one service in one region (AWS Signature Version 4).
///
/// The key that is derived from the secret is kept for as long as secret and day stay the same: a
/// signature then costs a hash of the body and some two microseconds. Sign every attempt anew, with
/// one reading of the clock each, since services refuse dates that are 15 minutes off.
///
/// Thread-safe. Throws nothing but std::bad_alloc.
class Signer {
 public:
  Signer(std::string region, std::string service, Dialect dialect = {});
  Signer(const Signer&) = delete;
  Signer& operator=(const Signer&) = delete;
  ~Signer();

  /// Header form. Add to what is sent: `X-Amz-Date: date`, `Authorization: authorization`, and,
  /// where there is a token, `X-Amz-Security-Token: session_token`. The request's own headers of
  /// these names are not looked at.
  [[nodiscard]] HeaderSignature sign(const Identity& identity, const Request& request,
                                     std::chrono::sys_seconds now) const;

  /// Query form: a link that holds for `lifetime`, a positive number of seconds.
  [[nodiscard]] QuerySignature presign(const Identity& identity, const Request& request,
                                       std::chrono::sys_seconds now,
                                       std::chrono::seconds lifetime) const;

  [[nodiscard]] const std::string& region() const noexcept { return region_; }
  [[nodiscard]] const std::string& service() const noexcept { return service_; }

 private:
  struct Scope {
    std::string date;  ///< "20150830T123600Z".
    std::string text;  ///< "20150830/us-east-1/dynamodb/aws4_request".
  };
  [[nodiscard]] Scope scope(std::chrono::sys_seconds now) const;
  [[nodiscard]] std::string string_to_sign(const Scope& scope,
                                           std::string_view canonical_request) const;
  [[nodiscard]] std::string signature(std::string_view secret, const Scope& scope,
                                      std::string_view text) const;
  [[nodiscard]] Sha256 signing_key(std::string_view secret, std::string_view day) const;

  std::string region_;
  std::string service_;
  Dialect dialect_;

  mutable std::mutex mutex_;
  mutable std::string secret_;  ///< `key_` is of this secret and day.
  mutable std::string day_;
  mutable Sha256 key_{};
};

}  // namespace semantrix::sigv4
