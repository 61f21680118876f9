#pragma once

#include "net/call.hpp"
#include "net/connection_errors.hpp"
#include "net/http_message.hpp"
#include "net/read_buffer.hpp"
#include <semantrix/error.hpp>

#include <atomic>
#include <chrono>
#include <string>
#include <utility>

namespace semantrix::net {

/// A call takes its response away from where it was read.
using HttpCall = Call<HttpResponse*>;

/// What a completion handler gets: the response itself.
class HttpDecoder {
 public:
  using Answer = HttpResponse;
  void take(HttpResponse* const& response, const ReadBuffer& /*unused*/) {
    response_ = std::move(*response);
  }
  Result<HttpResponse> answer() { return std::move(response_); }

 private:
  HttpResponse response_;
};

/// One request on its way, and whoever waits for its response. Completed once, by whichever of
/// response, failure and cancellation comes first; thread-safe as far as that goes.
class HttpExchange {
 public:
  using TimePoint = std::chrono::steady_clock::time_point;

  HttpExchange(HttpCall* call, std::string its_head, std::string its_body, TimePoint until)
      : head(std::move(its_head)), body(std::move(its_body)), deadline(until), call_(call) {}
  HttpExchange(const HttpExchange&) = delete;
  HttpExchange& operator=(const HttpExchange&) = delete;
  ~HttpExchange() { drop(); }

  [[nodiscard]] bool is_awaited() const noexcept {
    return call_.load(std::memory_order_acquire) != nullptr;
  }
  void complete(HttpResponse& response) {
    if (HttpCall* call = take()) {
      const ReadBuffer none;
      call->take(&response, none);
      call->complete();
    }
  }
  void fail(const Error& error) {
    if (HttpCall* call = take()) call->fail(error);
  }
  void cancel() {
    if (HttpCall* call = take()) {
      const Error error(ErrorCode::cancelled, "the call was cancelled");
      call->fail(with_phase(error, phase.load(std::memory_order_relaxed)));
    }
  }
  /// The executor is gone, and with it whoever waits.
  void drop() noexcept {
    if (HttpCall* call = take()) call->drop();
  }

  const std::string head;
  const std::string body;
  const TimePoint deadline;
  std::atomic<Phase> phase{Phase::queued};
  bool resent = false;

 private:
  HttpCall* take() noexcept { return call_.exchange(nullptr, std::memory_order_acq_rel); }

  std::atomic<HttpCall*> call_;
};

}  // namespace semantrix::net
