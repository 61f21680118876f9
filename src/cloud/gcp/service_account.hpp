#pragma once

#include "cloud/access/surroundings.hpp"
#include "cloud/gcp/token_source.hpp"
#include "protocol/jwt/signing_key.hpp"

#include <boost/json/object.hpp>

namespace semantrix::gcp {

/// A service account by its key: a token that it signs itself is a token (AIP-4111), so nobody is
/// asked.
class ServiceAccount final : public TokenSource {
 public:
  /// Error (`no_credentials`): a field is missing, or the key is none.
  [[nodiscard]] static Result<OwnedTokenSource> make(const boost::json::object& file,
                                                     cloud::SharedSurroundings surroundings);

  [[nodiscard]] std::string name() const override { return "the service account " + email_; }
  [[nodiscard]] std::string quota_project() const override { return quota_project_; }
  [[nodiscard]] boost::asio::awaitable<Result<GoogleAccessToken>> fetch(Deadline deadline) override;

 private:
  ServiceAccount(cloud::SharedSurroundings surroundings, jwt::SigningKey key)
      : surroundings_(std::move(surroundings)), key_(std::move(key)) {}

  const cloud::SharedSurroundings surroundings_;
  const jwt::SigningKey key_;
  std::string key_id_;
  std::string email_;
  std::string quota_project_;
};

}  // namespace semantrix::gcp
