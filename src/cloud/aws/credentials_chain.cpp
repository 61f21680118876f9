#include "cloud/aws/credentials_chain.hpp"

#include "base/quote.hpp"
#include "cloud/aws/container_credentials.hpp"
#include "cloud/aws/environment_credentials.hpp"
#include "cloud/aws/machine_credentials.hpp"
#include "cloud/aws/profile_credentials.hpp"
#include "cloud/aws/web_identity_credentials.hpp"

#include <utility>

namespace semantrix::aws {

using boost::asio::awaitable;

CredentialsChain::CredentialsChain(std::vector<std::unique_ptr<CredentialsSource>> sources)
    : sources_(std::move(sources)) {
  std::vector<std::string_view> names;
  for (const auto& source : sources_) names.push_back(source->name());
  name_ = enumerate(names);
}

awaitable<Result<std::optional<Credentials>>> CredentialsChain::fetch(Deadline deadline) {
  for (const auto& source : sources_) {
    auto fetching = source->fetch(deadline);
    Result<std::optional<Credentials>> found = co_await std::move(fetching);
    if (found && *found) (*found)->place = source->name();
    if (!found || *found) co_return found;
  }
  co_return std::optional<Credentials>();
}

Error CredentialsChain::nothing() const {
  return {ErrorCode::no_credentials, "there are no AWS credentials in " + name_,
          "set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or name a profile (AWS_PROFILE)"};
}

std::unique_ptr<CredentialsSource> default_credentials(
    const cloud::SharedSurroundings& surroundings, const std::string& profile) {
  std::vector<std::unique_ptr<CredentialsSource>> sources;
  if (profile.empty()) sources.push_back(std::make_unique<EnvironmentCredentials>(surroundings));
  sources.push_back(std::make_unique<ProfileCredentials>(surroundings, profile));
  sources.push_back(std::make_unique<WebIdentityCredentials>(surroundings, profile));
  sources.push_back(std::make_unique<ContainerCredentials>(surroundings));
  sources.push_back(std::make_unique<MachineCredentials>(surroundings));
  return std::make_unique<CredentialsChain>(std::move(sources));
}

std::shared_ptr<CredentialsProvider> default_credentials_provider(
    const boost::asio::any_io_executor& executor, const std::string& profile) {
  const cloud::SharedSurroundings surroundings = cloud::process_surroundings();
  return std::make_shared<CredentialsProvider>(executor, default_credentials(surroundings, profile),
                                               surroundings->clock);
}

}  // namespace semantrix::aws
