#pragma once

#include "support/endpoint.hpp"
#include "support/servers.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace semantrix::testing {

/// A node as the cluster itself describes it.
struct ClusterMember {
  std::string name;  ///< Its server's: "redis_cluster_plain_2".
  Endpoint endpoint;
  std::string id;
  std::string primary_id;  ///< Empty: it is a primary.
  bool failed = false;     ///< Or suspected to be.
  std::vector<std::pair<int, int>> slots;

  [[nodiscard]] bool is_primary() const { return primary_id.empty(); }
  [[nodiscard]] bool serves(int slot) const;
};

/// The cluster of one form, seen and changed by redis-cli. Throws std::runtime_error where it does
/// not do as it is told.
class RedisCluster {
 public:
  using Command = std::vector<std::string>;

  explicit RedisCluster(std::string_view form) : address_(server(form)) {}

  [[nodiscard]] const ServerAddress& address() const { return address_; }

  [[nodiscard]] std::string ask(const ClusterMember& member, const Command& command) const {
    return redis_cli(address_, member.endpoint, command);
  }
  /// On every server that answers; what each said, which must be `expected` if that is not empty.
  void ask_all(const Command& command, std::string_view expected = "") const;

  /// In the order of the servers' numbers, in the words of the first that answers.
  [[nodiscard]] std::vector<ClusterMember> members() const;
  [[nodiscard]] std::vector<ClusterMember> primaries() const;
  [[nodiscard]] std::vector<ClusterMember> replicas() const;
  [[nodiscard]] ClusterMember primary_of(int slot) const;
  [[nodiscard]] ClusterMember replica_of(const ClusterMember& primary) const;

  /// Whether every server answers, all describe the same cluster without a failure, each replica is
  /// in step, and all tell clients of it.
  [[nodiscard]] bool is_whole() const;
  void wait_until_whole(std::chrono::seconds longest = std::chrono::seconds(60)) const;

  /// A server that hangs would let redis-cli hang: it is not asked until it is taken back.
  void set_aside(const std::string& name) { aside_.insert(name); }
  void take_back(const std::string& name) { aside_.erase(name); }

  /// The first number of a line of INFO: "cmdstat_get" of "commandstats", "errorstat_MOVED" of
  /// "errorstats". 0 if there is no such line.
  [[nodiscard]] std::uint64_t count(const ClusterMember& member, const std::string& section,
                                    std::string_view line) const;
  /// Its sum over the servers that answer.
  [[nodiscard]] std::uint64_t count_all(const std::string& section, std::string_view line) const;

  /// The replica becomes the primary by CLUSTER FAILOVER; comes back when it says so.
  void fail_over_to(const ClusterMember& replica) const;

  /// A slot's way from one primary to another: begin, keys, end.
  void begin_migration(int slot, const ClusterMember& from, const ClusterMember& to) const;
  /// Moves at most so many keys; how many there were to move.
  [[nodiscard]] std::size_t migrate_keys(int slot, const ClusterMember& from,
                                         const ClusterMember& to, std::size_t most) const;
  void end_migration(int slot, const ClusterMember& from, const ClusterMember& to) const;
  /// All of it.
  void migrate(int slot, const ClusterMember& from, const ClusterMember& to) const;

 private:
  [[nodiscard]] std::string name_of(std::size_t index) const;
  [[nodiscard]] std::vector<ClusterMember> described_by(const Endpoint& node) const;
  [[nodiscard]] std::vector<Endpoint> asked() const;
  void order(const ClusterMember& member, const Command& command) const;

  ServerAddress address_;
  std::set<std::string> aside_;
};

}  // namespace semantrix::testing
