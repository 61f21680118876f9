#include "cloud/aws/machine_metadata.hpp"

#include "base/options.hpp"

#include <algorithm>
#include <utility>

namespace semantrix::aws {
namespace {

using boost::asio::awaitable;
using std::chrono::milliseconds;

// On the machine itself an answer takes a millisecond; elsewhere nothing ever comes, and nobody
// likes to wait for it more than once.
constexpr cloud::Patience first{milliseconds(1'000), milliseconds(1'000), 1, milliseconds(0)};
constexpr cloud::Patience later{milliseconds(1'000), milliseconds(1'000), 3, milliseconds(100)};

constexpr std::chrono::seconds token_lifetime(21'600);
constexpr std::chrono::seconds token_margin(120);

Error absent(std::string_view why) {
  return {ErrorCode::not_supported,
          "the machine's metadata service is not there: " + std::string(why),
          "outside of EC2 set AWS_EC2_METADATA_DISABLED=true"};
}

Error refused(int status) {
  ErrorInfo info;
  info.code = ErrorCode::unavailable;
  info.message = "the machine's metadata service answers " + std::to_string(status);
  info.remedy = "try again";
  info.retryable = status >= 500 || status == 429;
  info.phase = Phase::received;
  return Error(std::move(info));
}

bool is_true(const cloud::Surroundings& surroundings, std::string_view variable) {
  const std::string text = surroundings.variable(variable);
  const Result<bool> flag = parse_flag(text.empty() ? "false" : text);
  return flag && *flag;
}

}  // namespace

MachineMetadata::MachineMetadata(cloud::SharedSurroundings surroundings)
    : surroundings_(std::move(surroundings)) {}

Result<cloud::HttpUrl> MachineMetadata::url(std::string_view path) const {
  std::string base = surroundings_->variable("AWS_EC2_METADATA_SERVICE_ENDPOINT");
  if (base.empty()) {
    const std::string mode = surroundings_->variable("AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE");
    const bool v6 = mode == "IPv6" || mode == "ipv6" || mode == "IPV6";
    base = v6 ? "http://[fd00:ec2::254]" : "http://169.254.169.254";
  }
  auto url = cloud::parse_http_url(base);
  if (!url) return url;
  while (url->target.ends_with('/')) url->target.pop_back();
  url->target += path;
  return url;
}

awaitable<Result<void>> MachineMetadata::renew_token(Deadline deadline) {
  const Result<cloud::HttpUrl> to = url("/latest/api/token");
  if (!to) co_return to.error();
  net::HttpRequest request;
  request.method = "PUT";
  request.headers.push_back(
      {"X-aws-ec2-metadata-token-ttl-seconds", std::to_string(token_lifetime.count())});
  auto sending =
      cloud::send_patiently(*surroundings_->transport, *to, std::move(request), first, deadline);
  const Result<net::HttpResponse> response = co_await std::move(sending);
  if (!response) co_return absent(response.error().message());
  if (response->status == 403) co_return absent("it is switched off for this machine (403)");
  if (response->status == 404 || response->status == 405) {
    if (is_true(*surroundings_, "AWS_EC2_METADATA_V1_DISABLED")) {
      co_return absent("it has no tokens, and AWS_EC2_METADATA_V1_DISABLED forbids going without");
    }
    without_tokens_ = true;
    co_return Result<void>();
  }
  if (response->status != 200) co_return refused(response->status);
  const bool plain = std::all_of(response->body.begin(), response->body.end(),
                                 [](char c) { return c > ' ' && c < '\x7f'; });
  if (response->body.empty() || !plain) co_return refused(response->status);
  token_ = response->body;
  token_until_ = surroundings_->clock->steady_now() + token_lifetime - token_margin;
  co_return Result<void>();
}

awaitable<Result<net::HttpResponse>> MachineMetadata::ask(std::string path, Deadline deadline) {
  const bool stale = token_.empty() || surroundings_->clock->steady_now() >= token_until_;
  if (stale && !without_tokens_) {
    auto renewing = renew_token(deadline);
    const Result<void> renewed = co_await std::move(renewing);
    if (!renewed) co_return renewed.error();
  }
  const Result<cloud::HttpUrl> to = url("/latest/meta-data/" + path);
  if (!to) co_return to.error();
  net::HttpRequest request;
  if (!without_tokens_) request.headers.push_back({"X-aws-ec2-metadata-token", token_});
  auto sending =
      cloud::send_patiently(*surroundings_->transport, *to, std::move(request), later, deadline);
  Result<net::HttpResponse> response = co_await std::move(sending);
  co_return response;
}

awaitable<Result<std::string>> MachineMetadata::get(std::string path, Deadline deadline) {
  if (is_true(*surroundings_, "AWS_EC2_METADATA_DISABLED")) {
    co_return absent("AWS_EC2_METADATA_DISABLED is true");
  }
  auto asking = ask(path, deadline);
  Result<net::HttpResponse> response = co_await std::move(asking);
  if (response && response->status == 401 && !without_tokens_) {
    // The token is no longer known there.
    token_.clear();
    auto again = ask(path, deadline);
    response = co_await std::move(again);
  }
  if (!response) co_return response.error();
  if (response->status == 404) co_return absent("it has no " + path);
  if (response->status != 200) co_return refused(response->status);
  co_return std::move(response->body);
}

awaitable<Result<std::string>> machine_region(cloud::SharedSurroundings surroundings,
                                              cloud::Transport::Deadline deadline) {
  MachineMetadata metadata(std::move(surroundings));
  auto asking = metadata.get("placement/region", deadline);
  Result<std::string> region = co_await std::move(asking);
  co_return region;
}

}  // namespace semantrix::aws
