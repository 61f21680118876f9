#pragma once

#include <semantrix/error.hpp>

#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace semantrix::cloud {

/// One place where credentials may be found. Asked by `Renewed` alone, which keeps what it gives:
/// one question at a time, on one strand.
template <class T>
class Source {
 public:
  using Deadline = std::chrono::steady_clock::time_point;

  Source() = default;
  Source(const Source&) = delete;
  Source& operator=(const Source&) = delete;
  virtual ~Source() = default;

  /// What goes into messages: "the environment", "profile dev".
  [[nodiscard]] virtual std::string_view name() const noexcept = 0;

  /// Nothing: this place is not set up, ask the next. An error: it is, but does not work, and
  /// asking on would answer with somebody else's credentials. Ends by the deadline.
  [[nodiscard]] virtual boost::asio::awaitable<Result<std::optional<T>>> fetch(
      Deadline deadline) = 0;

  /// What to say where it gave nothing and nobody else is asked.
  [[nodiscard]] virtual Error nothing() const {
    return {ErrorCode::no_credentials, "there are no credentials in " + std::string(name())};
  }
};

/// What the program was given. Asks nobody.
template <class T>
class FixedSource final : public Source<T> {
 public:
  explicit FixedSource(T value) : value_(std::move(value)) {}

  [[nodiscard]] std::string_view name() const noexcept override { return "the options"; }
  [[nodiscard]] boost::asio::awaitable<Result<std::optional<T>>> fetch(
      typename Source<T>::Deadline /*deadline*/) override {
    co_return std::optional<T>(value_);
  }

 private:
  T value_;
};

}  // namespace semantrix::cloud
