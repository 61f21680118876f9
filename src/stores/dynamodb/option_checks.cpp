#include "stores/dynamodb/option_checks.hpp"

#include "base/quote.hpp"
#include "base/utf8.hpp"
#include "cloud/aws/callback_credentials.hpp"
#include "cloud/aws/credentials_chain.hpp"
#include "net/network_checks.hpp"
#include <semantrix/executor.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <string_view>
#include <utility>

namespace semantrix::dynamodb {
namespace {

constexpr std::size_t shortest_name = 3;
constexpr std::size_t longest_name = 255;
/// Half of what a key may have in the table.
constexpr std::size_t longest_prefix = 1024;

Error invalid(std::string message, std::string remedy) {
  return {ErrorCode::invalid_argument, std::move(message), std::move(remedy)};
}

Result<void> check_table(const DynamoDBOptions& options) {
  const std::string& name = options.table_name;
  if (name.empty()) return invalid("no table is named", "set table_name");
  const bool sound = name.size() >= shortest_name && name.size() <= longest_name &&
                     std::ranges::all_of(name, [](unsigned char c) {
                       return std::isalnum(c) != 0 || c == '_' || c == '-' || c == '.';
                     });
  if (!sound) {
    return invalid(fmt::format("table_name {} is no name of a table", quote(name)),
                   "use 3 to 255 letters, digits, underscores, dashes and dots");
  }
  const bool reading = options.read_capacity_units.has_value();
  if (reading != options.write_capacity_units.has_value()) {
    return invalid("read_capacity_units and write_capacity_units go together, and one is missing",
                   "set both for provisioned capacity, neither for on-demand billing");
  }
  if (options.read_capacity_units == 0U || options.write_capacity_units == 0U) {
    return invalid("read_capacity_units and write_capacity_units must be at least 1",
                   "leave both out for on-demand billing");
  }
  return {};
}

Result<void> check_ttl_attribute(std::string_view name) {
  constexpr std::size_t longest_attribute = 255;
  if (name.empty() || name.size() > longest_attribute || !is_utf8(name)) {
    return invalid("ttl_attribute is no name of an attribute", "use 1 to 255 bytes of UTF-8");
  }
  for (const std::string_view ours : {"key", "value", "k", "n", "c", "expires_ms"}) {
    if (name != ours) continue;
    return invalid(
        fmt::format("ttl_attribute {} is an attribute with another meaning", quote(name)),
        "choose another name");
  }
  return {};
}

Result<void> check_credentials(const DynamoDBOptions& options) {
  const bool fixed = !options.access_key_id.empty() || !options.secret_access_key.empty() ||
                     !options.session_token.empty();
  if (fixed && (options.access_key_id.empty() || options.secret_access_key.empty())) {
    return invalid("access_key_id and secret_access_key go together, and one is missing",
                   "set both, or neither to use the environment, a profile or the machine's role");
  }
  if (fixed && options.credentials) {
    return invalid("both fixed credentials and a provider of credentials are given",
                   "give one of them");
  }
  if (!options.profile_name.empty() && (fixed || options.credentials)) {
    return invalid("profile_name and other credentials are given", "give one of them");
  }
  return {};
}

Result<void> check(const DynamoDBOptions& options) {
  if (const Result<void> table = check_table(options); !table) return table.error();
  if (auto ttl = check_ttl_attribute(options.ttl_attribute); !ttl) return ttl.error();
  if (auto identity = check_credentials(options); !identity) return identity.error();
  if (options.key_prefix.size() > longest_prefix || !is_utf8(options.key_prefix)) {
    return invalid("key_prefix must be UTF-8 of at most 1024 bytes", "choose another one");
  }
  if (options.default_ttl && options.default_ttl->count() <= 0) {
    return invalid("default_ttl must be positive", "leave it out for entries that do not expire");
  }
  return net::check(options.network);
}

/// The library's own type of what the program's function gives.
boost::asio::awaitable<Result<aws::Credentials>> given(AwsCredentialsProvider provider) {
  auto asking = provider();
  Result<AwsCredentials> answer = co_await std::move(asking);
  if (!answer) co_return answer.error();
  aws::Credentials credentials;
  credentials.access_key_id = std::move(answer->access_key_id);
  credentials.secret_access_key = std::move(answer->secret_access_key);
  credentials.session_token = std::move(answer->session_token);
  credentials.expires = answer->expires;
  co_return credentials;
}

std::shared_ptr<aws::CredentialsProvider> credentials_of(
    const DynamoDBOptions& options, const boost::asio::any_io_executor& executor) {
  if (!options.access_key_id.empty()) {
    aws::Credentials fixed;
    fixed.access_key_id = options.access_key_id;
    fixed.secret_access_key = options.secret_access_key;
    fixed.session_token = options.session_token;
    return aws::CredentialsProvider::fixed(executor, std::move(fixed));
  }
  if (!options.credentials) {
    return aws::default_credentials_provider(executor, options.profile_name);
  }
  const AwsCredentialsProvider provider = options.credentials;
  auto source = std::make_unique<aws::CallbackCredentials>([provider] { return given(provider); });
  return std::make_shared<aws::CredentialsProvider>(executor, std::move(source));
}

}  // namespace

Result<SharedCore> make_core(const DynamoDBOptions& options, const Capability& capability) {
  if (const Result<void> checked = check(options); !checked) return checked.error();
  if (!options.endpoint_url.empty()) {
    const auto url = cloud::parse_http_url(options.endpoint_url);
    if (!url) return url.error();
  }
  stores::StoreTerms terms{capability.store, options.key_prefix, options.default_ttl,
                           options.compress_threshold, options.network};
  ServiceOptions service;
  service.table = options.table_name;
  service.endpoint.region = options.region_name;
  service.endpoint.endpoint_url = options.endpoint_url;
  service.profile = options.profile_name;
  service.executor = options.executor ? *options.executor : library_executor();
  service.credentials = credentials_of(options, service.executor);
  service.tls = options.tls;
  service.network = options.network;
  TableOptions table;
  table.create_if_missing = options.create_if_missing;
  table.created = {options.read_capacity_units, options.write_capacity_units};
  table.enable_ttl = options.enable_ttl;
  table.has_deadline = options.network.deadline.has_value();
  auto core = std::make_shared<Core>(
      std::move(terms), std::move(service), table,
      Requests(options.table_name, options.ttl_attribute, options.consistent_read));
  core->gathers = options.auto_batch;
  return core;
}

}  // namespace semantrix::dynamodb
