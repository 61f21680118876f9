#pragma once

#include "cloud/access/surroundings.hpp"
#include <semantrix/clock.hpp>

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace semantrix::testing {

/// A clock that stands still, at a time of the calendar.
class StoppedClock final : public Clock {
 public:
  explicit StoppedClock(std::chrono::sys_seconds now = {}) : now_(now.time_since_epoch()) {}
  [[nodiscard]] std::chrono::milliseconds steady_now() const noexcept override { return now_; }
  [[nodiscard]] std::chrono::milliseconds wall_now() const noexcept override { return now_; }
  void advance(std::chrono::milliseconds by) noexcept { now_ += by; }

 private:
  std::chrono::milliseconds now_;
};

/// Answers requests by a function, and resolves addresses alone, and the name "localhost".
class PlayedTransport final : public cloud::Transport {
 public:
  struct Arrival {
    std::string url;
    net::HttpRequest request;
    [[nodiscard]] std::string_view header(std::string_view name) const {
      for (const auto& header : request.headers) {
        if (header.name == name) return header.value;
      }
      return {};
    }
  };
  using Answer = std::function<Result<net::HttpResponse>(const Arrival&)>;

  explicit PlayedTransport(Answer answer) : answer_(std::move(answer)) {}

  [[nodiscard]] boost::asio::awaitable<Result<net::HttpResponse>> send(
      cloud::HttpUrl url, net::HttpRequest request, cloud::Patience /*patience*/,
      Deadline /*deadline*/) override {
    arrivals_.push_back({to_string(url), std::move(request)});
    co_return answer_(arrivals_.back());
  }
  [[nodiscard]] boost::asio::awaitable<Result<std::vector<std::string>>> resolve(
      net::Endpoint endpoint, Deadline /*deadline*/) override {
    std::vector<std::string> found(1, endpoint.host == "localhost" ? "127.0.0.1" : endpoint.host);
    if (endpoint.host == "agent.example") found = {"127.0.0.1", "192.0.2.1"};
    co_return found;
  }

  [[nodiscard]] const std::vector<Arrival>& arrivals() const noexcept { return arrivals_; }

 private:
  Answer answer_;
  std::vector<Arrival> arrivals_;
};

/// A world of a test's own.
class PlayedSurroundings {
 public:
  std::map<std::string, std::string, std::less<>> variables = {};
  std::map<std::string, std::string, std::less<>> files = {};
  std::shared_ptr<StoppedClock> clock = std::make_shared<StoppedClock>();
  std::shared_ptr<PlayedTransport> transport = std::make_shared<PlayedTransport>(nothing_answers);

  void answer(PlayedTransport::Answer answer) {
    transport = std::make_shared<PlayedTransport>(std::move(answer));
  }

  /// As it is now; this object must outlive it.
  [[nodiscard]] cloud::SharedSurroundings share() const {
    auto shared = std::make_shared<cloud::Surroundings>();
    shared->variable = [this](std::string_view name) {
      const auto found = variables.find(name);
      if (found == variables.end()) return std::string();
      return found->second.find_first_not_of(' ') == std::string::npos ? "" : found->second;
    };
    shared->file = [this](const std::string& path) -> Result<std::optional<std::string>> {
      const auto found = files.find(path);
      if (found == files.end()) return std::optional<std::string>();
      return std::optional(found->second);
    };
    shared->transport = transport;
    shared->clock = clock;
    return shared;
  }

 private:
  static Result<net::HttpResponse> nothing_answers(const PlayedTransport::Arrival& /*arrival*/) {
    return Error(ErrorCode::connect_failed, "nothing answers");
  }
};

[[nodiscard]] inline net::HttpResponse http_answer(int status, std::string body) {
  net::HttpResponse response;
  response.status = status;
  response.body = std::move(body);
  return response;
}

}  // namespace semantrix::testing
