#include "cloud/gcp/machine_account.hpp"

#include "base/options.hpp"
#include "cloud/gcp/token_answer.hpp"

#include <chrono>
#include <utility>

namespace semantrix::gcp {
namespace {

using boost::asio::awaitable;
using std::chrono::milliseconds;

// On the machine itself an answer takes milliseconds; elsewhere nothing ever comes, and nobody
// likes to wait for it more than once.
constexpr cloud::Patience first{milliseconds(1'000), milliseconds(3'000), 1, milliseconds(0)};
constexpr cloud::Patience later{milliseconds(1'000), milliseconds(3'000), 5, milliseconds(500)};

Error nowhere(std::string why) {
  return {ErrorCode::no_credentials,
          "no Google credentials are found: GOOGLE_APPLICATION_CREDENTIALS is not set, gcloud has "
          "left none, and " +
              std::move(why),
          "run gcloud auth application-default login, or set GOOGLE_APPLICATION_CREDENTIALS"};
}

Result<cloud::HttpUrl> url_of(const cloud::Surroundings& surroundings) {
  std::string host = surroundings.variable("GCE_METADATA_HOST");
  if (host.empty()) host = surroundings.variable("GCE_METADATA_ROOT");
  if (host.empty()) host = "metadata.google.internal";
  auto url = cloud::parse_http_url("http://" + host);
  if (url) url->target = "/computeMetadata/v1/instance/service-accounts/default/token";
  return url;
}

bool is_switched_off(const cloud::Surroundings& surroundings) {
  const std::string text = surroundings.variable("NO_GCE_CHECK");
  const Result<bool> flag = parse_flag(text.empty() ? "false" : text);
  return flag && *flag;
}

}  // namespace

MachineAccount::MachineAccount(cloud::SharedSurroundings surroundings)
    : surroundings_(std::move(surroundings)) {}

awaitable<Result<GoogleAccessToken>> MachineAccount::fetch(Deadline deadline) {
  if (is_switched_off(*surroundings_)) {
    co_return nowhere("NO_GCE_CHECK says that this is no machine of Google's");
  }
  const Result<cloud::HttpUrl> url = url_of(*surroundings_);
  if (!url) co_return url.error();
  net::HttpRequest request;
  request.headers.push_back({"Metadata-Flavor", "Google"});
  auto sending = cloud::send_patiently(*surroundings_->transport, *url, std::move(request),
                                       found_ ? later : first, deadline);
  const Result<net::HttpResponse> response = co_await std::move(sending);
  if (!response && found_) co_return response.error();
  if (!response) co_return nowhere("this is no machine of Google's");
  if (response->header("metadata-flavor") != "Google") {
    co_return nowhere("what answers as metadata server is none of Google's");
  }
  found_ = true;
  if (response->status == 404) co_return nowhere("this machine has no service account");
  co_return read_token(*response, name(), *surroundings_->clock);
}

}  // namespace semantrix::gcp
