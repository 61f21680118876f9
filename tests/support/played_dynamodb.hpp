#pragma once

#include "support/http_server.hpp"

#include <boost/json.hpp>

#include <chrono>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace semantrix::testing {

/// One table of DynamoDB, as far as a cache's requests go, that believes nobody: each request is
/// signed again from what arrived, byte for byte, and refused where the signature differs. A fault
/// may answer in its place, or spoil its answer. Thread-safe.
class PlayedDynamoDB {
 public:
  /// Answers instead of the table; nothing: the table answers. On the server's thread.
  using Fault =
      std::function<std::optional<HttpReply>(std::string_view action, const HttpArrival& arrival)>;
  /// Changes what the table answered.
  using Spoil = std::function<void(std::string_view action, HttpReply& reply)>;

  PlayedDynamoDB();

  [[nodiscard]] std::string url() const { return server_.url(); }
  [[nodiscard]] HttpServer& server() noexcept { return server_; }

  void fault(Fault fault);
  void spoil(Spoil spoil);
  /// How far its clock is ahead. Dates of signatures that are off by more than 15 minutes are
  /// refused, as the service does.
  void set_clock(std::chrono::seconds ahead);
  /// The token that every request must carry; empty: none.
  void set_token(std::string token);
  /// So many keys or elements of a batch are processed at once; the rest is given back.
  void process_at_most(std::size_t elements);

  [[nodiscard]] bool holds(const std::string& key) const;
  [[nodiscard]] std::size_t size() const;
  [[nodiscard]] std::size_t count(std::string_view action) const;
  [[nodiscard]] std::size_t refused_signatures() const;

  /// A refusal as the service words it.
  [[nodiscard]] static HttpReply refusal(int status, std::string_view type,
                                         std::string_view message, std::string_view more = {});

 private:
  HttpReply answer(const HttpArrival& arrival);
  std::optional<HttpReply> check(const HttpArrival& arrival);
  HttpReply act(std::string_view action, const boost::json::object& request);
  boost::json::object batch_get(const boost::json::object& request);
  boost::json::object batch_write(const boost::json::object& request);

  mutable std::mutex mutex_;
  Fault fault_;
  Spoil spoil_;
  std::chrono::seconds ahead_{0};
  std::string token_;
  std::size_t most_ = 1000;
  std::map<std::string, boost::json::object> items_;
  std::vector<std::string> actions_;
  std::size_t refused_ = 0;
  HttpServer server_;  // last: it answers as soon as it is there
};

}  // namespace semantrix::testing
