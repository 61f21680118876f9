#include "base/quote.hpp"
#include "cloud/access/json_fields.hpp"
#include "cloud/gcp/memorystore.hpp"

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/json/value.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

/// Creating instances, and the operations that this takes.
namespace semantrix::gcp {
namespace {

using boost::asio::awaitable;
using std::chrono::milliseconds;
namespace json = boost::json;

constexpr int conflict = 409;

json::object body_of(const NewInstance& instance) {
  json::object body;
  body["tier"] = instance.tier == MemorystoreTier::basic ? "BASIC" : "STANDARD_HA";
  body["memorySizeGb"] = instance.memory_size_gb;
  body["authEnabled"] = true;
  body["transitEncryptionMode"] = "SERVER_AUTHENTICATION";
  if (!instance.redis_version.empty()) body["redisVersion"] = instance.redis_version;
  if (!instance.authorized_network.empty()) {
    body["authorizedNetwork"] = instance.authorized_network;
  }
  return body;
}

/// By the codes of google.rpc.Code, which have no HTTP status here.
std::string_view status_of(std::int64_t code) {
  constexpr std::array<std::string_view, 17> names{"OK",
                                                   "CANCELLED",
                                                   "UNKNOWN",
                                                   "INVALID_ARGUMENT",
                                                   "DEADLINE_EXCEEDED",
                                                   "NOT_FOUND",
                                                   "ALREADY_EXISTS",
                                                   "PERMISSION_DENIED",
                                                   "RESOURCE_EXHAUSTED",
                                                   "FAILED_PRECONDITION",
                                                   "ABORTED",
                                                   "OUT_OF_RANGE",
                                                   "UNIMPLEMENTED",
                                                   "INTERNAL",
                                                   "UNAVAILABLE",
                                                   "DATA_LOSS",
                                                   "UNAUTHENTICATED"};
  return code >= 0 && code < static_cast<std::int64_t>(names.size())
             ? names.at(static_cast<std::size_t>(code))
             : std::string_view("UNKNOWN");
}

Operation read_operation(const json::object& document) {
  Operation operation;
  operation.name = cloud::text_field(document, "name");
  const json::value* done = document.if_contains("done");
  operation.done = done != nullptr && done->is_bool() && done->get_bool();
  if (const json::object* error = cloud::object_field(document, "error")) {
    GoogleFault fault;
    fault.status = status_of(cloud::number_field(*error, "code").value_or(2));
    fault.message = cloud::text_field(*error, "message");
    fault.http_status = 200;
    operation.done = true;
    operation.error = to_error(fault, "the instance was not created");
  }
  return operation;
}

/// Whether the instance may be there in spite of the failure.
bool outcome_is_unknown(const Result<RestAnswer>& answer) {
  if (!answer) {
    return answer.error().info().phase == Phase::sent ||
           answer.error().info().phase == Phase::received;
  }
  return answer->fault && answer->fault->http_status >= 500;
}

Error still_running(const std::string& name) {
  ErrorInfo info;
  info.code = ErrorCode::timeout;
  info.message = fmt::format("the operation {} goes on", name);
  info.remedy = "wait for it longer, or ask again later by its name";
  info.retryable = true;
  info.phase = Phase::received;
  return Error(std::move(info));
}

}  // namespace

awaitable<Result<Operation>> Memorystore::create(const InstanceName& name,
                                                 const NewInstance& instance, TimePoint deadline) {
  std::string folder = resource_of({name.project, name.region, {}}, flavor_);
  folder.pop_back();
  auto asking = rest_.post(fmt::format("/v1/{}?instanceId={}", folder, name.instance),
                           body_of(instance), deadline);
  const Result<RestAnswer> answer = co_await std::move(asking);
  if (answer && !answer->fault) co_return read_operation(answer->document);
  const bool exists = answer && answer->fault->http_status == conflict;
  if (exists || outcome_is_unknown(answer)) {
    auto looking = look(name, deadline);
    const Result<SharedInstance> found = co_await std::move(looking);
    if (found && *found) co_return Operation();
  }
  if (!answer) co_return answer.error();
  co_return to_error(*answer->fault,
                     fmt::format("the instance {} cannot be created", quote(name.instance)));
}

awaitable<Result<Operation>> Memorystore::operation(std::string name, TimePoint deadline) {
  auto asking = rest_.get(fmt::format("/v1/{}", name), deadline);
  const Result<RestAnswer> answer = co_await std::move(asking);
  if (!answer) co_return answer.error();
  if (answer->fault) co_return to_error(*answer->fault, "the operation cannot be read");
  co_return read_operation(answer->document);
}

awaitable<Result<void>> Memorystore::wait(std::string name, PollTiming timing, Progress progress,
                                          TimePoint deadline) {
  const auto begin = std::chrono::steady_clock::now();
  boost::asio::steady_timer timer(co_await boost::asio::this_coro::executor);
  for (milliseconds pause = timing.first;; pause = std::min(pause * 3 / 2, timing.longest)) {
    const auto next = std::chrono::steady_clock::now() + pause;
    if (next >= deadline) co_return still_running(name);
    timer.expires_at(next);
    boost::system::error_code stopped;
    auto waiting =
        timer.async_wait(boost::asio::redirect_error(boost::asio::use_awaitable, stopped));
    co_await std::move(waiting);
    if (stopped) co_return Error(ErrorCode::cancelled, "waiting for the operation was cancelled");
    auto asking = operation(name, deadline);
    const Result<Operation> seen = co_await std::move(asking);
    if (!seen && !seen.error().retryable()) co_return seen.error();
    if (!seen) continue;
    if (progress) {
      progress(*seen, std::chrono::floor<milliseconds>(std::chrono::steady_clock::now() - begin));
    }
    if (seen->error) co_return *seen->error;
    if (seen->done) co_return Result<void>();
  }
}

}  // namespace semantrix::gcp
