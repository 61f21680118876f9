#pragma once

#include "integration/subject.hpp"
#include "support/answering_server.hpp"
#include "support/dialogue.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

/// A cluster of two nodes that are played, for what no healthy one says.
namespace semantrix::testing {

using Arrival = AnsweringServer::Arrival;
using Reply = std::optional<std::string>;

inline std::string bulk(const std::string& text) {
  return fmt::format("${}\r\n{}\r\n", text.size(), text);
}

/// Of CLUSTER SLOTS.
inline std::string node_text(const std::string& host, std::uint16_t port, char id) {
  return "*4\r\n" + bulk(host) + fmt::format(":{}\r\n", port) + bulk(std::string(40, id)) +
         "*0\r\n";
}
inline std::string range_text(int first, int last, const std::vector<std::string>& nodes) {
  std::string text = fmt::format("*{}\r\n:{}\r\n:{}\r\n", 2 + nodes.size(), first, last);
  for (const std::string& node : nodes) text += node;
  return text;
}
inline std::string slots_text(const std::vector<std::string>& ranges) {
  std::string text = fmt::format("*{}\r\n", ranges.size());
  for (const std::string& range : ranges) text += range;
  return text;
}

inline std::string moved(const Endpoint& to, const char* word = "MOVED") {
  return fmt::format("-{} 5 {}\r\n", word, to.text());
}

/// Two nodes: what they say of the cluster, and to commands on keys.
class PlayedCluster : public ::testing::Test {
 protected:
  static constexpr int last_slot = 16'383;

  PlayedCluster() : options_(options_at(a_.endpoint())) {
    options_.network.retry_attempts = 0;
    options_.network.deadline = milliseconds(3'000);
    options_.network.read_timeout = milliseconds(1'000);
    handshake_ = redis_handshake();
    std::string& hello = handshake_["HELLO"];
    const std::string standalone = "+standalone";
    hello.replace(hello.find(standalone), standalone.size(), "+cluster");
    handshake_["ASKING"] = "+OK\r\n";
    topology(owned_by_a());
    to_keys(a_, [](const Arrival&) { return "$4\r\ngood\r\n"; });
    to_keys(b_, [](const Arrival&) { return "$4\r\ngood\r\n"; });
  }

  [[nodiscard]] std::string a_text() const {
    return node_text("127.0.0.1", a_.endpoint().port, 'a');
  }
  [[nodiscard]] std::string b_text() const {
    return node_text("127.0.0.1", b_.endpoint().port, 'b');
  }
  [[nodiscard]] std::string owned_by_a() const {
    return slots_text({range_text(0, last_slot, {a_text()})});
  }
  [[nodiscard]] std::string owned_by_b() const {
    return slots_text({range_text(0, last_slot, {b_text()})});
  }

  /// What both say to CLUSTER SLOTS from now on.
  void topology(std::string text) {
    const std::lock_guard lock(mutex_);
    topology_ = std::move(text);
  }

  /// What a node says to commands that are no handshake.
  void to_keys(AnsweringServer& node, std::function<Reply(const Arrival&)> answer) {
    node.answer([this, answer = std::move(answer)](const Arrival& arrival) -> Reply {
      const std::string& name = arrival.words.at(0);
      if (name == "CLUSTER" && arrival.words.size() > 1) return of_cluster(arrival.words[1]);
      const Reply greeting = of_handshake(name);
      return greeting ? greeting : answer(arrival);
    });
  }

  [[nodiscard]] Reply of_handshake(const std::string& name) {
    const std::lock_guard lock(mutex_);
    const auto known = handshake_.find(name);
    return known != handshake_.end() ? Reply(known->second) : std::nullopt;
  }

  /// The commands of that name, and what went before each on its connection.
  static std::vector<std::pair<std::string, RespCommand>> with_predecessors(
      const AnsweringServer& node, const std::string& name) {
    std::map<std::size_t, std::string> before;
    std::vector<std::pair<std::string, RespCommand>> found;
    for (const Arrival& arrival : node.arrivals()) {
      if (arrival.words[0] == name) found.emplace_back(before[arrival.connection], arrival.words);
      before[arrival.connection] = arrival.words[0];
    }
    return found;
  }

  [[nodiscard]] Client client() const { return client_of(options_); }

  void expect_unavailable(const Ending& ending) {
    ASSERT_EQ(ending.code(), ErrorCode::unavailable) << ::testing::PrintToString(ending);
    EXPECT_FALSE(ending.error->message().empty());
    EXPECT_LT(ending.took, milliseconds(3'000) + slack);
  }

  // What the nodes' threads see outlives them.
  std::mutex mutex_;
  std::string topology_;                          // guarded by mutex_
  std::map<std::string, std::string> handshake_;  // guarded by mutex_
  AnsweringServer a_;
  AnsweringServer b_;
  ElastiCacheOptions options_;

 private:
  Reply of_cluster(const std::string& question) {
    if (!same_name(question, "SLOTS")) return "-ERR unknown subcommand '" + question + "'\r\n";
    const std::lock_guard lock(mutex_);
    return topology_;
  }
};

}  // namespace semantrix::testing
