#pragma once

#include "support/http_server.hpp"
#include <semantrix/google_memorystore_options.hpp>

#include <boost/json/object.hpp>

#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace semantrix::testing {

/// Google's administrative interface as far as a store needs it, for one instance:
/// projects/p/locations/us-central1/instances/cache (clusters/cache). Thread-safe.
class Google {
 public:
  struct Instance {
    std::string state = "READY";
    Endpoint at = {};
    std::string auth_string = {};
    std::vector<std::string> authorities = {};  ///< None: no TLS.
    Endpoint reads_at = {"", 0};
    bool exists = true;
    MemorystoreFlavor flavor = MemorystoreFlavor::redis;
    bool cluster = false;  ///< Of Valkey.
    bool iam = false;      ///< Of a cluster or Valkey.
  };
  /// A reply in place of the usual one, or nothing.
  using Fault = std::function<std::optional<HttpReply>(const HttpArrival& arrival)>;

  static constexpr std::string_view instance_path =
      "/v1/projects/p/locations/us-central1/instances/cache";
  static constexpr std::string_view cluster_path =
      "/v1/projects/p/locations/us-central1/clusters/cache";

  Google();

  [[nodiscard]] std::string url() const { return server_.url(); }
  [[nodiscard]] const HttpServer& server() const noexcept { return server_; }
  /// How many requests of that method for that target came so far.
  [[nodiscard]] std::size_t count(std::string_view method, std::string_view target) const;

  void set(Instance instance);
  [[nodiscard]] Instance get() const;
  /// The access token that every question must carry. Default "token".
  void set_token(const std::string& token);
  void fail(Fault fault);

 private:
  [[nodiscard]] HttpReply answer(const HttpArrival& arrival);

  mutable std::mutex mutex_;
  Instance instance_;
  std::string bearer_ = "Bearer token";
  Fault fault_;
  HttpServer server_;
};

/// A reply in Google's form of errors.
[[nodiscard]] HttpReply refusal(int http, std::string_view status, std::string_view message,
                                std::string_view error_info = {});
[[nodiscard]] HttpReply document(const boost::json::object& object);

}  // namespace semantrix::testing
