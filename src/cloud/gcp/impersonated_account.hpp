#pragma once

#include "cloud/access/surroundings.hpp"
#include "cloud/gcp/token_source.hpp"

#include <boost/json/object.hpp>

#include <vector>

namespace semantrix::gcp {

/// A service account that others may act for: their token is exchanged for one of its own.
class ImpersonatedAccount final : public TokenSource {
 public:
  /// `source` is who acts, `url` what IAM is asked, `delegates` those in between.
  ImpersonatedAccount(cloud::SharedSurroundings surroundings, OwnedTokenSource source,
                      cloud::HttpUrl url, std::vector<std::string> delegates,
                      std::string quota_project);

  /// Of a file of type impersonated_service_account. Error (`no_credentials`): a field is missing,
  /// or its source's.
  [[nodiscard]] static Result<OwnedTokenSource> make(const boost::json::object& file,
                                                     cloud::SharedSurroundings surroundings);

  [[nodiscard]] std::string name() const override;
  [[nodiscard]] std::string quota_project() const override { return quota_project_; }
  [[nodiscard]] boost::asio::awaitable<Result<GoogleAccessToken>> fetch(Deadline deadline) override;

 private:
  const cloud::SharedSurroundings surroundings_;
  const OwnedTokenSource source_;
  const cloud::HttpUrl url_;
  const std::vector<std::string> delegates_;
  const std::string quota_project_;
};

}  // namespace semantrix::gcp
