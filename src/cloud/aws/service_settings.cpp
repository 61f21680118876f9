#include "cloud/aws/service_settings.hpp"

#include "base/options.hpp"
#include "cloud/aws/machine_metadata.hpp"
#include "cloud/aws/profiles.hpp"

#include <utility>

namespace semantrix::aws {
namespace {

/// A variable, else a setting of the profile.
std::string either(const cloud::Surroundings& surroundings, std::string_view variable,
                   const Settings& profile, std::string_view name) {
  std::string value = surroundings.variable(variable);
  return value.empty() ? std::string(setting(profile, name)) : value;
}

Result<bool> either_flag(const cloud::Surroundings& surroundings, std::string_view variable,
                         const Settings& profile, std::string_view name) {
  const std::string text = either(surroundings, variable, profile, name);
  if (text.empty()) return false;
  Result<bool> flag = parse_flag(text);
  if (flag) return flag;
  return Error(ErrorCode::invalid_argument,
               std::string(variable) + " (" + std::string(name) + ") is neither true nor false",
               "set it to true or false");
}

std::string upper(std::string_view text) {
  std::string out(text);
  for (char& c : out) {
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
    if (c == '-' || c == ' ') c = '_';
  }
  return out;
}

/// "[services NAME]" with "SERVICE =" and, indented, "endpoint_url = …".
std::string from_services_section(const Profiles& profiles, const Settings& profile,
                                  std::string_view service) {
  const auto section = profiles.services.find(setting(profile, "services"));
  if (section == profiles.services.end()) return {};
  const Settings own = nested_settings(setting(section->second, service));
  return std::string(setting(own, "endpoint_url"));
}

std::string configured_endpoint(const cloud::Surroundings& surroundings, const Profiles& profiles,
                                const Settings& profile, std::string_view service) {
  std::string url = surroundings.variable("AWS_ENDPOINT_URL_" + upper(service));
  if (url.empty()) url = surroundings.variable("AWS_ENDPOINT_URL");
  if (url.empty()) url = from_services_section(profiles, profile, service);
  if (url.empty()) url = setting(profile, "endpoint_url");
  return url;
}

}  // namespace

Result<EndpointQuestion> service_settings(const cloud::Surroundings& surroundings,
                                          const Profiles& profiles, std::string_view profile,
                                          std::string_view service, EndpointQuestion options) {
  static const Settings none;
  const Settings* found = profiles.find(profile);
  const Settings& own = found == nullptr ? none : *found;
  if (options.region.empty()) options.region = surroundings.variable("AWS_REGION");
  if (options.region.empty()) options.region = surroundings.variable("AWS_DEFAULT_REGION");
  if (options.region.empty()) options.region = setting(own, "region");
  const Result<bool> ignore = either_flag(surroundings, "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", own,
                                          "ignore_configured_endpoint_urls");
  if (!ignore) return ignore.error();
  if (options.endpoint_url.empty() && !*ignore) {
    options.endpoint_url = configured_endpoint(surroundings, profiles, own, service);
  }
  const Result<bool> fips =
      either_flag(surroundings, "AWS_USE_FIPS_ENDPOINT", own, "use_fips_endpoint");
  if (!fips) return fips.error();
  const Result<bool> dual =
      either_flag(surroundings, "AWS_USE_DUALSTACK_ENDPOINT", own, "use_dualstack_endpoint");
  if (!dual) return dual.error();
  options.fips = options.fips || *fips;
  options.dual_stack = options.dual_stack || *dual;
  const std::string mode =
      either(surroundings, "AWS_ACCOUNT_ID_ENDPOINT_MODE", own, "account_id_endpoint_mode");
  if (const auto parsed = parse_account_endpoint(mode)) options.account_endpoint = *parsed;
  return options;
}

boost::asio::awaitable<Result<EndpointQuestion>> find_service_settings(
    cloud::SharedSurroundings surroundings, std::string profile, std::string service,
    EndpointQuestion options, cloud::Transport::Deadline deadline) {
  // With both given there is nothing to look for.
  if (!options.region.empty() && !options.endpoint_url.empty()) co_return options;
  const Result<Profiles> profiles = load_profiles(*surroundings);
  if (!profiles) co_return profiles.error();
  const std::string name = profile_name(*surroundings, profile);
  Result<EndpointQuestion> found =
      service_settings(*surroundings, *profiles, name, service, std::move(options));
  if (!found || !found->region.empty() || !found->endpoint_url.empty()) co_return found;
  auto asking = machine_region(surroundings, deadline);
  const Result<std::string> region = co_await std::move(asking);
  if (!region) co_return no_region();
  found->region = *region;
  co_return found;
}

}  // namespace semantrix::aws
