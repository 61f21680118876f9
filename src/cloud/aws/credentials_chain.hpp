#pragma once

#include "cloud/access/surroundings.hpp"
#include "cloud/aws/credentials.hpp"
#include "cloud/aws/credentials_provider.hpp"

#include <memory>
#include <string>
#include <vector>

namespace semantrix::aws {

/// Asks its sources in turn, each time from the first; the first that has something, or fails, is
/// the answer.
class CredentialsChain final : public CredentialsSource {
 public:
  explicit CredentialsChain(std::vector<std::unique_ptr<CredentialsSource>> sources);

  [[nodiscard]] std::string_view name() const noexcept override { return name_; }
  [[nodiscard]] boost::asio::awaitable<Result<std::optional<Credentials>>> fetch(
      Deadline deadline) override;
  [[nodiscard]] Error nothing() const override;

 private:
  std::vector<std::unique_ptr<CredentialsSource>> sources_;
  std::string name_;
};

/// Where AWS's own tools look, in this order: the environment, the profile, the web identity token
/// file, the container, the machine. A `profile` that is named goes before the environment.
[[nodiscard]] std::unique_ptr<CredentialsSource> default_credentials(
    const cloud::SharedSurroundings& surroundings, const std::string& profile);

/// A provider of those, in this process's surroundings.
[[nodiscard]] std::shared_ptr<CredentialsProvider> default_credentials_provider(
    const boost::asio::any_io_executor& executor, const std::string& profile);

}  // namespace semantrix::aws
