#pragma once

#include "cloud/access/surroundings.hpp"
#include <semantrix/error.hpp>

#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <string>

/// The metadata service of a machine in EC2 (IMDSv2, link-local).
namespace semantrix::aws {

/// One session with it. Not thread-safe: one question at a time.
///
/// AWS_EC2_METADATA_SERVICE_ENDPOINT names another address, AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE
/// "IPv6" the other family's, AWS_EC2_METADATA_DISABLED=true means that there is none. A service
/// that is too old for tokens is asked without, unless AWS_EC2_METADATA_V1_DISABLED is true.
class MachineMetadata {
 public:
  using Deadline = cloud::Transport::Deadline;

  explicit MachineMetadata(cloud::SharedSurroundings surroundings);

  /// The text at "/latest/meta-data/…". Errors: `not_supported` (no such service or nothing at
  /// that path: this is not EC2, it is switched off, or has no such thing), else what the network
  /// or the service said.
  [[nodiscard]] boost::asio::awaitable<Result<std::string>> get(std::string path,
                                                                Deadline deadline);

 private:
  [[nodiscard]] Result<cloud::HttpUrl> url(std::string_view path) const;
  [[nodiscard]] boost::asio::awaitable<Result<void>> renew_token(Deadline deadline);
  [[nodiscard]] boost::asio::awaitable<Result<net::HttpResponse>> ask(std::string path,
                                                                      Deadline deadline);

  cloud::SharedSurroundings surroundings_;
  std::string token_;  ///< Empty while there is none, and for good where it knows of none.
  std::chrono::milliseconds token_until_{0};
  bool without_tokens_ = false;
};

/// The region of the machine; errors as `MachineMetadata::get`.
[[nodiscard]] boost::asio::awaitable<Result<std::string>> machine_region(
    cloud::SharedSurroundings surroundings, cloud::Transport::Deadline deadline);

}  // namespace semantrix::aws
