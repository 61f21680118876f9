#pragma once

#include "cloud/aws/credentials.hpp"
#include "cloud/aws/machine_metadata.hpp"

namespace semantrix::aws {

/// The role of a machine in EC2. When its metadata service has nothing newer than what has expired,
/// that is used on for a while: the services take it longer than it says.
class MachineCredentials final : public CredentialsSource {
 public:
  explicit MachineCredentials(cloud::SharedSurroundings surroundings);

  [[nodiscard]] std::string_view name() const noexcept override { return "the machine's role"; }
  [[nodiscard]] boost::asio::awaitable<Result<std::optional<Credentials>>> fetch(
      Deadline deadline) override;

 private:
  void extend(Credentials& credentials) const;

  cloud::SharedSurroundings surroundings_;
  MachineMetadata metadata_;
};

}  // namespace semantrix::aws
