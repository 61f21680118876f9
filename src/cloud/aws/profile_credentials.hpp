#pragma once

#include "cloud/access/surroundings.hpp"
#include "cloud/aws/credentials.hpp"
#include "cloud/aws/profile_file.hpp"
#include "cloud/aws/sts.hpp"

#include <string>
#include <vector>

namespace semantrix::aws {

/// What a profile of ~/.aws/config and ~/.aws/credentials leads to, read anew each time.
///
/// In this order: a role (`role_arn` with `source_profile`, `credential_source` or
/// `web_identity_token_file`), IAM Identity Center, keys, `credential_process`. A profile that was
/// asked for and is missing is an error, as is one that is half written; a missing "default" is
/// not.
class ProfileCredentials final : public CredentialsSource {
 public:
  /// `profile`: empty for AWS_PROFILE, else "default".
  ProfileCredentials(cloud::SharedSurroundings surroundings, std::string profile);

  [[nodiscard]] std::string_view name() const noexcept override { return "the profile"; }
  [[nodiscard]] boost::asio::awaitable<Result<std::optional<Credentials>>> fetch(
      Deadline deadline) override;

 private:
  using Found = Result<std::optional<Credentials>>;

  /// `visited`: the profiles that lead here, this one included.
  [[nodiscard]] boost::asio::awaitable<Found> resolve(Profiles profiles,
                                                      std::vector<std::string> visited,
                                                      Deadline deadline);
  [[nodiscard]] boost::asio::awaitable<Found> role(Profiles profiles,
                                                   std::vector<std::string> visited,
                                                   Deadline deadline);
  [[nodiscard]] boost::asio::awaitable<Found> base(Profiles profiles,
                                                   std::vector<std::string> visited,
                                                   Deadline deadline);
  [[nodiscard]] boost::asio::awaitable<Found> from_named_source(std::string kind,
                                                                std::string profile,
                                                                Deadline deadline);
  [[nodiscard]] boost::asio::awaitable<Found> role_with(boost::asio::awaitable<Found> seeking,
                                                        std::string profile,
                                                        ServiceEndpoint endpoint,
                                                        RoleRequest request, Deadline deadline);
  [[nodiscard]] Result<ServiceEndpoint> sts(const Profiles& profiles,
                                            const std::string& profile) const;

  cloud::SharedSurroundings surroundings_;
  std::string profile_;
};

}  // namespace semantrix::aws
