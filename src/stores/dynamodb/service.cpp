#include "stores/dynamodb/service.hpp"

#include "cloud/access/surroundings.hpp"
#include "cloud/aws/service_settings.hpp"
#include "net/connection_errors.hpp"
#include "protocol/dynamodb/crc32.hpp"
#include "protocol/http/date.hpp"
#include "protocol/sigv4/digest.hpp"

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <array>
#include <charconv>
#include <utility>

namespace semantrix::dynamodb {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using std::chrono::system_clock;

constexpr std::string_view content_type = "application/x-amz-json-1.0";
constexpr int http_ok = 200;
/// Signatures hold for a quarter of an hour: less than this is no reason to doubt a clock.
constexpr seconds least_skew{240};

std::optional<milliseconds> asked_pause(std::string_view header) {
  std::int64_t pause = 0;
  const auto read = std::from_chars(header.data(), header.data() + header.size(), pause);
  if (header.empty() || read.ec != std::errc() || pause < 0) return std::nullopt;
  return milliseconds(pause);
}

Error damaged() {
  ErrorInfo info;
  info.code = ErrorCode::protocol_error;
  info.message = "a response of DynamoDB differs from its checksum";
  info.remedy = "look for what changes traffic between here and the service";
  info.retryable = true;
  info.phase = Phase::received;
  return Error(std::move(info));
}

/// Whether the failure says something of the service, and not of this call.
bool is_outage(const Error& error) noexcept {
  return exit_status(error.code()) == 3 && error.code() != ErrorCode::closed;
}

}  // namespace

Service::Service(ServiceOptions options) : options_(std::move(options)), means_(options_.network) {}

Service::~Service() { close(); }

Service::SharedTarget Service::target() const {
  const std::lock_guard lock(mutex_);
  return target_;
}

std::string Service::url() const {
  const SharedTarget known = target();
  return known ? known->url : std::string();
}

net::HttpCounts Service::counts() const {
  const SharedTarget known = target();
  return known ? known->client.counts() : net::HttpCounts();
}

// -- Whom to ask --

Result<Service::SharedTarget> Service::make(const aws::EndpointQuestion& question) {
  const auto found = aws::dynamodb_endpoint(question);
  if (!found) return found.error();
  net::HttpEndpoint endpoint;
  endpoint.endpoint = found->url.endpoint;
  if (found->url.tls) {
    auto tls = net::make_tls_context(options_.tls);
    if (!tls) return tls.error();
    endpoint.tls = std::move(*tls);
  }
  net::HttpOptions http;
  http.max_connections = options_.network.max_pool_connections;
  http.connect_timeout = options_.network.connect_timeout;
  http.read_timeout = options_.network.read_timeout;
  auto made =
      std::make_shared<Target>(options_.executor, std::move(endpoint), http, found->signing_region);
  made->url = cloud::to_string(found->url);
  const std::lock_guard lock(mutex_);
  if (closed_) return net::store_closed();
  if (!target_) target_ = std::move(made);
  return target_;
}

boost::asio::awaitable<Result<Service::SharedTarget>> Service::find(Clock::time_point deadline) {
  // Callers who come at once look together: what they find is the same.
  auto finding = aws::find_service_settings(cloud::process_surroundings(), options_.profile,
                                            "dynamodb", options_.endpoint, deadline);
  const Result<aws::EndpointQuestion> question = co_await std::move(finding);
  if (!question) co_return question.error();
  co_return make(*question);
}

boost::asio::awaitable<Result<aws::SharedCredentials>> Service::credentials(
    Clock::time_point deadline) {
  if (auto at_hand = options_.credentials->current()) co_return at_hand;
  auto asking = aws::CredentialsProvider::get(options_.credentials, deadline);
  co_return co_await std::move(asking);
}

// -- One attempt --

net::HttpRequest Service::signed_request(const Target& to, Action action, const std::string& body,
                                         const aws::Credentials& credentials) const {
  std::string target = "DynamoDB_20120810.";
  target += to_string(action);
  const std::array<sigv4::Header, 3> headers{
      {{"content-type", content_type}, {"host", to.host}, {"x-amz-target", target}}};
  const std::string hash = sigv4::body_hash(body);
  sigv4::Request canonical;
  canonical.method = "POST";
  canonical.headers = headers;
  canonical.body_hash = hash;
  const sigv4::Identity identity{credentials.access_key_id, credentials.secret_access_key,
                                 credentials.session_token};
  const auto now = std::chrono::floor<seconds>(system_clock::now()) + seconds(skew_s_);
  sigv4::HeaderSignature signature = to.signer.sign(identity, canonical, now);
  net::HttpRequest request;
  request.method = "POST";
  request.headers.reserve(5);
  request.headers.push_back({"Content-Type", std::string(content_type)});
  request.headers.push_back({"X-Amz-Target", std::move(target)});
  request.headers.push_back({"X-Amz-Date", std::move(signature.date)});
  if (!credentials.session_token.empty()) {
    request.headers.push_back({"X-Amz-Security-Token", credentials.session_token});
  }
  request.headers.push_back({"Authorization", std::move(signature.authorization)});
  request.body = body;
  return request;
}

Service::Reply Service::understand(Action action, net::HttpResponse response) const {
  Reply reply;
  if (!matches_crc32(response.header("x-amz-crc32"), response.body)) {
    reply.answer.error = damaged();
    reply.answer.kind = FailureKind::transient;
    return reply;
  }
  if (response.status == http_ok) {
    reply.answer.body = std::move(response.body);
    return reply;
  }
  const Refusal refusal = read_refusal(response.body, response.header("x-amzn-errortype"));
  reply.answer.kind = classify(response.status, refusal);
  reply.answer.error =
      error_of(response.status, refusal, reply.answer.kind, action, options_.table);
  reply.pause = asked_pause(response.header("x-amz-retry-after"));
  if (const auto date = http::parse_date(response.header("date"))) {
    reply.skew = std::chrono::duration_cast<seconds>(
        *date - std::chrono::floor<seconds>(system_clock::now()));
  }
  return reply;
}

boost::asio::awaitable<Service::Reply> Service::attempt(Action action, const std::string& body,
                                                        Clock::time_point deadline) {
  Reply reply;
  SharedTarget to = target();
  if (!to) {
    auto finding = find(deadline);
    Result<SharedTarget> found = co_await std::move(finding);
    if (!found) {
      reply.answer.error = found.error();
      co_return reply;
    }
    to = std::move(*found);
  }
  auto asking = credentials(deadline);
  const Result<aws::SharedCredentials> identity = co_await std::move(asking);
  if (!identity) {
    reply.answer.error = identity.error();
    co_return reply;
  }
  auto sending = to->client.send(signed_request(*to, action, body, **identity), deadline);
  Result<net::HttpResponse> response = co_await std::move(sending);
  if (response) {
    reply = understand(action, std::move(*response));
  } else {
    reply.answer.error = response.error();
    reply.answer.kind = FailureKind::transient;
  }
  reply.used = *identity;
  co_return reply;
}

// -- All attempts --

bool Service::mend(const Reply& reply) {
  if (reply.answer.kind == FailureKind::expired_token) {
    options_.credentials->reject(reply.used);
    return true;
  }
  if (reply.answer.kind != FailureKind::clock_skew || !reply.skew) return false;
  const seconds known{skew_s_};
  if (std::chrono::abs(*reply.skew - known) < least_skew) return false;
  skew_s_ = reply.skew->count();
  return true;
}

void Service::note(const Answer& answer) {
  const auto now = Clock::now();
  if (!answer.error || !is_outage(*answer.error)) return breaker_.succeeded(now);
  {
    const std::lock_guard lock(mutex_);
    last_failure_ = answer.error;
  }
  if (answer.error->code() == ErrorCode::connect_failed) return breaker_.refused(now);
  breaker_.failed(now);
}

boost::asio::awaitable<Answer> Service::call(Action action, const std::string& body,
                                             Attempts& attempts) {
  bool mended = false;
  for (;;) {
    if (!breaker_.allow(Clock::now())) {
      Answer refused;
      const std::lock_guard lock(mutex_);
      refused.error = attempts.told(*last_failure_);
      co_return refused;
    }
    auto attempting = attempt(action, body, attempts.deadline());
    Reply reply = co_await std::move(attempting);
    note(reply.answer);
    if (!reply.answer.error) {
      attempts.succeeded();
      co_return std::move(reply.answer);
    }
    if (!mended && mend(reply)) {
      mended = true;
      continue;
    }
    if (!attempts.retry(*reply.answer.error, reply.pause)) {
      reply.answer.error = attempts.told(*reply.answer.error);
      co_return std::move(reply.answer);
    }
    if (attempts.pause().count() != 0) {
      auto waiting = wait(attempts.pause());
      co_await std::move(waiting);
    }
  }
}

boost::asio::awaitable<void> Service::wait(std::chrono::nanoseconds pause) {
  boost::asio::steady_timer timer(co_await boost::asio::this_coro::executor, pause);
  boost::system::error_code ignored;
  auto waiting = timer.async_wait(boost::asio::redirect_error(boost::asio::use_awaitable, ignored));
  co_await std::move(waiting);
}

// -- Ends --

void Service::close() {
  closed_ = true;
  options_.credentials->close();
  if (const SharedTarget known = target()) known->client.close();
}

boost::asio::awaitable<void> Service::closed() {
  close();
  const SharedTarget known = target();
  if (!known) co_return;
  auto closing = known->client.closed();
  co_await std::move(closing);
}

void Service::forget() noexcept {
  if (mutex_.try_lock() && target_) target_->client.forget();
}

}  // namespace semantrix::dynamodb
