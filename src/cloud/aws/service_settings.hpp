#pragma once

#include "cloud/access/surroundings.hpp"
#include "cloud/aws/endpoint.hpp"
#include "cloud/aws/profile_file.hpp"
#include <semantrix/error.hpp>

#include <boost/asio/awaitable.hpp>

#include <string>
#include <string_view>

namespace semantrix::aws {

/// What the surroundings say of a service, where the options say nothing.
///
/// Region: `options.region`, AWS_REGION, AWS_DEFAULT_REGION, the profile's `region`; empty if
/// nobody says. Endpoint: `options.endpoint_url`, AWS_ENDPOINT_URL_SERVICE (service in upper case),
/// AWS_ENDPOINT_URL, the profile's `services` section, its `endpoint_url`; from the second on only
/// unless AWS_IGNORE_CONFIGURED_ENDPOINT_URLS or `ignore_configured_endpoint_urls` is true. FIPS,
/// dual-stack and account endpoints likewise by variable, then by profile.
///
/// `service` is in lower case: "dynamodb". Error (`invalid_argument`): a flag that is none.
[[nodiscard]] Result<EndpointQuestion> service_settings(const cloud::Surroundings& surroundings,
                                                        const Profiles& profiles,
                                                        std::string_view profile,
                                                        std::string_view service,
                                                        EndpointQuestion options);

/// `service_settings` of the profile that is to be used ("" : AWS_PROFILE or "default"), and where
/// the region is still empty and no endpoint is given, the region of the machine in EC2. Error:
/// also what `load_profiles` and `no_region` say. Reads files; asks the machine's metadata service
/// only if everything else is silent.
[[nodiscard]] boost::asio::awaitable<Result<EndpointQuestion>> find_service_settings(
    cloud::SharedSurroundings surroundings, std::string profile, std::string service,
    EndpointQuestion options, cloud::Transport::Deadline deadline);

}  // namespace semantrix::aws
