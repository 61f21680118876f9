#pragma once

#include "cloud/access/http_url.hpp"
#include <semantrix/error.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

/// Where AWS's services answer, by rule: no list of hosts, and nothing to ask.
namespace semantrix::aws {

/// Whether DynamoDB is asked under the name of the account.
enum class AccountEndpoint : std::uint8_t { disabled, preferred, required };
/// "disabled", "preferred", "required", in any case.
[[nodiscard]] std::optional<AccountEndpoint> parse_account_endpoint(std::string_view name) noexcept;

/// What an endpoint follows from.
struct EndpointQuestion {
  std::string region = {};
  std::string endpoint_url = {};  ///< Takes the place of the rules; empty: none.
  bool fips = false;
  bool dual_stack = false;
  std::optional<std::string> account_id = std::nullopt;
  AccountEndpoint account_endpoint = AccountEndpoint::disabled;
};

struct ServiceEndpoint {
  cloud::HttpUrl url = {};
  std::string signing_region = {};
};

/// Regions that share a domain and a set of rules.
struct Partition {
  std::string_view name;         ///< "aws", "aws-cn".
  std::string_view domain;       ///< "amazonaws.com".
  std::string_view dual_domain;  ///< Of hosts that also have IPv6 addresses; empty: none.
};
/// A region that nobody has heard of belongs to "aws".
[[nodiscard]] const Partition& partition_of(std::string_view region) noexcept;

/// DynamoDB's. The region "local" is http://localhost:8000. Errors: missing_configuration (no
/// region), invalid_argument (a combination that does not exist, a region that is no host name, a
/// URL that is none).
[[nodiscard]] Result<ServiceEndpoint> dynamodb_endpoint(const EndpointQuestion& question);

/// Of a service whose host is SERVICE.REGION.DOMAIN: "sts", "portal.sso". Errors as above.
[[nodiscard]] Result<ServiceEndpoint> regional_endpoint(std::string_view service,
                                                        const EndpointQuestion& question);

/// No region is set; says where it could be.
[[nodiscard]] Error no_region();

}  // namespace semantrix::aws
