#pragma once

#include "cloud/access/surroundings.hpp"
#include "cloud/gcp/token_source.hpp"

#include <boost/json/object.hpp>

namespace semantrix::gcp {

/// Somebody who has logged in with gcloud: a refresh token is exchanged for access tokens.
class AuthorizedUser final : public TokenSource {
 public:
  /// Error (`no_credentials`): a field is missing.
  [[nodiscard]] static Result<OwnedTokenSource> make(const boost::json::object& file,
                                                     cloud::SharedSurroundings surroundings);

  [[nodiscard]] std::string name() const override { return "the authorized user"; }
  [[nodiscard]] std::string quota_project() const override { return quota_project_; }
  [[nodiscard]] boost::asio::awaitable<Result<GoogleAccessToken>> fetch(Deadline deadline) override;

 private:
  explicit AuthorizedUser(cloud::SharedSurroundings surroundings)
      : surroundings_(std::move(surroundings)) {}

  const cloud::SharedSurroundings surroundings_;
  cloud::HttpUrl token_url_;
  std::string client_id_;
  std::string client_secret_;
  std::string refresh_token_;
  std::string quota_project_;
};

}  // namespace semantrix::gcp
