#include "cloud/aws/endpoint.hpp"

#include "base/quote.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace semantrix::aws {
namespace {

// By the beginning of the region's name. Source: the partitions of botocore's endpoint rules.
constexpr auto partitions = std::to_array<std::pair<std::string_view, Partition>>({
    {"cn-", {"aws-cn", "amazonaws.com.cn", "api.amazonwebservices.com.cn"}},
    {"us-gov-", {"aws-us-gov", "amazonaws.com", "api.aws"}},
    {"us-isob-", {"aws-iso-b", "sc2s.sgov.gov", "api.aws.scloud"}},
    {"us-isof-", {"aws-iso-f", "csp.hci.ic.gov", "api.aws.hci.ic.gov"}},
    {"us-iso-", {"aws-iso", "c2s.ic.gov", "api.aws.ic.gov"}},
    {"eu-isoe-", {"aws-iso-e", "cloud.adc-e.uk", "api.cloud-aws.adc-e.uk"}},
    {"eusc-", {"aws-eusc", "amazonaws.eu", "api.amazonwebservices.eu"}},
});
constexpr Partition standard{"aws", "amazonaws.com", "api.aws"};

Error wrong(std::string message, std::string remedy) {
  return {ErrorCode::invalid_argument, std::move(message), std::move(remedy)};
}

/// It becomes a part of a host name.
bool is_region(std::string_view region) noexcept {
  return region.size() <= 63 && region.front() != '-' && region.back() != '-' &&
         std::all_of(region.begin(), region.end(), [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                  c == '-';
         });
}

bool is_account(std::string_view id) noexcept {
  return id.size() == 12 &&
         std::all_of(id.begin(), id.end(), [](char c) { return c >= '0' && c <= '9'; });
}

Result<void> check_region(const std::string& region) {
  if (region.empty()) return no_region();
  if (is_region(region)) return {};
  return wrong(quote(region) + " is no region", "write it as AWS does: us-west-2");
}

std::string_view domain(const EndpointQuestion& question) {
  const Partition& partition = partition_of(question.region);
  return question.dual_stack ? partition.dual_domain : partition.domain;
}

Result<ServiceEndpoint> over_https(std::string host, const EndpointQuestion& question) {
  ServiceEndpoint endpoint;
  endpoint.url.tls = true;
  endpoint.url.endpoint = {std::move(host), 443};
  endpoint.signing_region = question.region;
  return endpoint;
}

/// The variants of AWS's own hosts that are asked for, but are not on offer elsewhere.
Result<void> refuse_variants(const EndpointQuestion& question, std::string_view where) {
  if (question.fips) {
    return wrong("FIPS does not go with " + std::string(where),
                 "unset AWS_USE_FIPS_ENDPOINT (use_fips_endpoint), or leave AWS the choice");
  }
  if (question.dual_stack) {
    return wrong("dual-stack does not go with " + std::string(where),
                 "unset AWS_USE_DUALSTACK_ENDPOINT (use_dualstack_endpoint), or leave AWS the "
                 "choice");
  }
  return {};
}

Result<ServiceEndpoint> given_endpoint(const EndpointQuestion& question) {
  const Result<void> plain = refuse_variants(question, "an endpoint_url");
  if (!plain) return plain.error();
  auto url = cloud::parse_http_url(question.endpoint_url);
  if (!url) return url.error();
  const std::string& region = question.region;
  const std::string dual =
      "dynamodb." + region + "." + std::string(partition_of(region).dual_domain);
  if (!region.empty() && url->endpoint.host == dual) {
    return wrong("an endpoint_url cannot name AWS's dual-stack host",
                 "set AWS_USE_DUALSTACK_ENDPOINT=true and no endpoint_url");
  }
  const bool local = region.empty() || region == "local";
  return ServiceEndpoint{*std::move(url), local ? "us-east-1" : region};
}

/// Whether the account's own host is asked.
Result<bool> by_account(const EndpointQuestion& question) {
  const bool required = question.account_endpoint == AccountEndpoint::required;
  if (question.account_endpoint == AccountEndpoint::disabled) return false;
  if (partition_of(question.region).name != standard.name) {
    if (!required) return false;
    return wrong("this region has no endpoints for accounts",
                 "set AWS_ACCOUNT_ID_ENDPOINT_MODE=preferred");
  }
  if (question.fips) {
    if (!required) return false;
    return wrong("endpoints for accounts do not go with FIPS",
                 "set AWS_ACCOUNT_ID_ENDPOINT_MODE=preferred");
  }
  if (!question.account_id) {
    if (!required) return false;
    return wrong("an endpoint for the account is required, but the credentials name no account",
                 "set AWS_ACCOUNT_ID, or AWS_ACCOUNT_ID_ENDPOINT_MODE=preferred");
  }
  if (is_account(*question.account_id)) return true;
  return wrong("the credentials' account id is not of 12 digits", "set AWS_ACCOUNT_ID");
}

}  // namespace

Error no_region() {
  return {ErrorCode::missing_configuration, "no AWS region is set",
          "set region_name, AWS_REGION, or region in ~/.aws/config"};
}

std::optional<AccountEndpoint> parse_account_endpoint(std::string_view name) noexcept {
  constexpr auto names = std::to_array<std::pair<std::string_view, AccountEndpoint>>(
      {{"disabled", AccountEndpoint::disabled},
       {"preferred", AccountEndpoint::preferred},
       {"required", AccountEndpoint::required}});
  for (const auto& [word, value] : names) {
    const bool same = std::equal(name.begin(), name.end(), word.begin(), word.end(),
                                 [](char c, char wanted) { return (c | 0x20) == wanted; });
    if (same) return value;
  }
  return std::nullopt;
}

const Partition& partition_of(std::string_view region) noexcept {
  for (const auto& [prefix, partition] : partitions) {
    if (region.starts_with(prefix)) return partition;
  }
  return standard;
}

Result<ServiceEndpoint> dynamodb_endpoint(const EndpointQuestion& question) {
  if (!question.endpoint_url.empty()) return given_endpoint(question);
  const Result<void> named = check_region(question.region);
  if (!named) return named.error();
  if (question.region == "local") {
    const Result<void> plain = refuse_variants(question, "the region \"local\"");
    if (!plain) return plain.error();
    return ServiceEndpoint{cloud::HttpUrl{false, {"localhost", 8000}, "/"}, "us-east-1"};
  }
  const Result<bool> account = by_account(question);
  if (!account) return account.error();
  const std::string rest = "." + question.region + "." + std::string(domain(question));
  if (*account) return over_https(*question.account_id + ".ddb" + rest, question);
  // These regions' ordinary hosts are the FIPS ones.
  const bool inherent = partition_of(question.region).name == "aws-us-gov" && !question.dual_stack;
  const std::string_view name = question.fips && !inherent ? "dynamodb-fips" : "dynamodb";
  return over_https(std::string(name) + rest, question);
}

Result<ServiceEndpoint> regional_endpoint(std::string_view service,
                                          const EndpointQuestion& question) {
  if (!question.endpoint_url.empty()) {
    auto url = cloud::parse_http_url(question.endpoint_url);
    if (!url) return url.error();
    return ServiceEndpoint{*std::move(url), question.region};
  }
  const Result<void> named = check_region(question.region);
  if (!named) return named.error();
  std::string host(service);
  if (question.fips && partition_of(question.region).name != "aws-us-gov") host += "-fips";
  host.append(".").append(question.region).append(".").append(domain(question));
  return over_https(std::move(host), question);
}

}  // namespace semantrix::aws
