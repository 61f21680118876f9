#pragma once

#include <semantrix/testing/conformance/client.hpp>
#include <semantrix/testing/conformance/store_under_test.hpp>

#include <gtest/gtest.h>

#include <chrono>
#include <optional>
#include <string>
#include <thread>
#include <utility>

namespace semantrix::testing::conformance {

/// What a case works with: a fresh store, and others when it asks for them.
class Context {
 public:
  Context(StoreFactory factory, ConformanceTraits traits)
      : factory_(std::move(factory)), traits_(traits) {}

  /// A client of this case's store; the first call makes the store.
  Client& client(const StoreRequest& request = {}) {
    if (!client_) {
      subject_ = factory_(request);
      client_.emplace(subject_.store, traits_.front);
    }
    return *client_;
  }
  /// One more client of the same store, for another thread.
  [[nodiscard]] Client another_client() { return Client(subject_.store, traits_.front); }

  [[nodiscard]] const ConformanceTraits& traits() const noexcept { return traits_; }
  [[nodiscard]] const Capability& capability() { return client().store().capability(); }

  /// Whether time stands still unless a case moves it.
  [[nodiscard]] bool exact_time() {
    client();
    return static_cast<bool>(subject_.advance);
  }
  void advance(std::chrono::milliseconds by) {
    if (exact_time()) return subject_.advance(by);
    std::this_thread::sleep_for(by);
  }

 private:
  StoreFactory factory_;
  ConformanceTraits traits_;
  StoreUnderTest subject_;
  std::optional<Client> client_;
};

/// The code of the `CacheError` that the call throws, or nothing when it throws none.
template <class Call>
std::optional<ErrorCode> error_of(Call call) {
  try {
    static_cast<void>(call());
  } catch (const CacheError& error) {
    return error.code();
  }
  return std::nullopt;
}

/// One case of the suite.
struct Case {
  using Applies = bool (*)(const Capability&, const ConformanceTraits&);

  static bool always(const Capability&, const ConformanceTraits&) { return true; }

  const char* name;
  void (*run)(Context&);
  Applies applies = always;
};

}  // namespace semantrix::testing::conformance
