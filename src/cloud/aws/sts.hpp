#pragma once

#include "cloud/access/surroundings.hpp"
#include "cloud/aws/credentials.hpp"
#include "cloud/aws/endpoint.hpp"
#include <semantrix/error.hpp>

#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <string>

/// The Security Token Service: credentials of a role, for who may have them.
namespace semantrix::aws {

struct RoleRequest {
  std::string role_arn = {};
  std::string session_name = {};  ///< Empty: one with the time in it.
  std::string external_id = {};   ///< Empty: none.
  std::chrono::seconds duration{3'600};
};

/// Where STS is asked: in the region, or, with no region known, at its global address.
[[nodiscard]] Result<ServiceEndpoint> sts_endpoint(const EndpointQuestion& question);

/// Errors: authentication_failed and permission_denied with what STS said, unavailable,
/// protocol_error, those of the network.
[[nodiscard]] boost::asio::awaitable<Result<Credentials>> assume_role(
    cloud::SharedSurroundings surroundings, ServiceEndpoint sts, RoleRequest role, Credentials base,
    cloud::Transport::Deadline deadline);

/// The token is that of an OpenID Connect provider, a pod's for example. Not signed.
[[nodiscard]] boost::asio::awaitable<Result<Credentials>> assume_role_with_web_identity(
    cloud::SharedSurroundings surroundings, ServiceEndpoint sts, RoleRequest role,
    std::string token, cloud::Transport::Deadline deadline);

}  // namespace semantrix::aws
