#include "support/redis_cluster.hpp"

#include <algorithm>
#include <charconv>
#include <iterator>
#include <sstream>
#include <stdexcept>
#include <string>
#include <thread>

namespace semantrix::testing {
namespace {

constexpr std::chrono::milliseconds poll{10};
// A failover by hand gives up after five seconds.
constexpr std::chrono::seconds longest_failover{6};
constexpr int failover_tries = 3;

std::vector<std::string> words_of(const std::string& text) {
  std::istringstream in(text);
  return {std::istream_iterator<std::string>(in), std::istream_iterator<std::string>()};
}

int number(std::string_view text) {
  int value = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), value);
  if (read.ec != std::errc()) throw std::runtime_error("'" + std::string(text) + "' is no number");
  return value;
}

std::pair<int, int> slots_of(const std::string& word) {
  const std::size_t dash = word.find('-');
  if (dash == std::string::npos) return {number(word), number(word)};
  return {number(word.substr(0, dash)), number(word.substr(dash + 1))};
}

/// "id host:port@bus,name flags primary ping pong epoch link slots…"
ClusterMember read_member(const std::string& line) {
  const std::vector<std::string> words = words_of(line);
  if (words.size() < 8) throw std::runtime_error("'" + line + "' describes no node");
  ClusterMember member;
  member.id = words[0];
  const std::string endpoint = words[1].substr(0, words[1].find('@'));
  const std::size_t colon = endpoint.rfind(':');
  member.endpoint.host = endpoint.substr(0, colon);
  member.endpoint.port = static_cast<std::uint16_t>(number(endpoint.substr(colon + 1)));
  member.failed = words[2].find("fail") != std::string::npos;
  if (words[3] != "-") member.primary_id = words[3];
  for (std::size_t i = 8; i < words.size(); ++i) {
    if (words[i].front() != '[') member.slots.push_back(slots_of(words[i]));
  }
  return member;
}

bool same(const std::vector<ClusterMember>& left, const std::vector<ClusterMember>& right) {
  return std::ranges::equal(left, right, [](const ClusterMember& a, const ClusterMember& b) {
    return a.id == b.id && a.primary_id == b.primary_id && a.slots == b.slots &&
           a.failed == b.failed;
  });
}

/// CLUSTER SLOTS leaves out a replica until the one that is asked has heard how far it is.
bool shows_all(const std::string& slots, const std::vector<ClusterMember>& members) {
  return std::ranges::all_of(members, [&slots](const ClusterMember& member) {
    return (member.is_primary() && member.slots.empty()) ||
           slots.find(member.id) != std::string::npos;
  });
}

}  // namespace

bool ClusterMember::serves(int slot) const {
  return std::ranges::any_of(slots, [slot](const std::pair<int, int>& range) {
    return range.first <= slot && slot <= range.second;
  });
}

std::string RedisCluster::name_of(std::size_t index) const {
  return address_.form + "_" + std::to_string(index + 1);
}

std::vector<Endpoint> RedisCluster::asked() const {
  std::vector<Endpoint> found;
  for (std::size_t i = 0; i != address_.endpoints.size(); ++i) {
    if (!aside_.contains(name_of(i))) found.push_back(address_.endpoints[i]);
  }
  return found;
}

std::vector<ClusterMember> RedisCluster::described_by(const Endpoint& node) const {
  std::vector<ClusterMember> found(address_.endpoints.size());
  std::istringstream lines(redis_cli(address_, node, {"CLUSTER", "NODES"}));
  for (std::string line; std::getline(lines, line);) {
    if (line.empty()) continue;
    ClusterMember member = read_member(line);
    const auto at = std::ranges::find(address_.endpoints, member.endpoint);
    if (at == address_.endpoints.end()) throw std::runtime_error("a stranger: " + line);
    const auto index = static_cast<std::size_t>(at - address_.endpoints.begin());
    member.name = name_of(index);
    found.at(index) = std::move(member);
  }
  return found;
}

std::vector<ClusterMember> RedisCluster::members() const {
  for (const Endpoint& node : asked()) {
    try {
      return described_by(node);
    } catch (const std::runtime_error&) {
      continue;  // it is down; the next one knows
    }
  }
  throw std::runtime_error("no node of " + address_.form + " answers");
}

std::vector<ClusterMember> RedisCluster::primaries() const {
  std::vector<ClusterMember> found = members();
  std::erase_if(found, [](const ClusterMember& member) {
    return !member.is_primary() || member.slots.empty();
  });
  return found;
}

std::vector<ClusterMember> RedisCluster::replicas() const {
  std::vector<ClusterMember> found = members();
  std::erase_if(found, [](const ClusterMember& member) { return member.is_primary(); });
  return found;
}

ClusterMember RedisCluster::primary_of(int slot) const {
  for (ClusterMember& member : primaries()) {
    if (member.serves(slot)) return std::move(member);
  }
  throw std::runtime_error("nobody serves slot " + std::to_string(slot));
}

ClusterMember RedisCluster::replica_of(const ClusterMember& primary) const {
  for (ClusterMember& member : replicas()) {
    if (member.primary_id == primary.id) return std::move(member);
  }
  throw std::runtime_error(primary.name + " has no replica");
}

void RedisCluster::ask_all(const Command& command, std::string_view expected) const {
  for (const Endpoint& node : asked()) {
    const std::string said = redis_cli(address_, node, command);
    if (expected.empty() || said == expected) continue;
    throw std::runtime_error(command.at(0) + " on " + node.text() + ": " + said);
  }
}

bool RedisCluster::is_whole() const {
  try {
    const std::vector<ClusterMember> described = members();
    for (const ClusterMember& member : described) {
      if (member.failed || member.id.empty()) return false;
      if (!same(described_by(member.endpoint), described)) return false;
      if (!shows_all(ask(member, {"CLUSTER", "SLOTS"}), described)) return false;
      if (ask(member, {"CLUSTER", "INFO"}).find("cluster_state:ok") == std::string::npos) {
        return false;
      }
      const std::string state = ask(member, {"INFO", "replication"});
      const char* const in_step = member.is_primary() ? "state=online" : "master_link_status:up";
      if (state.find(in_step) == std::string::npos) return false;
    }
    return true;
  } catch (const std::runtime_error&) {
    return false;
  }
}

void RedisCluster::wait_until_whole(std::chrono::seconds longest) const {
  const auto end = std::chrono::steady_clock::now() + longest;
  while (!is_whole()) {
    if (std::chrono::steady_clock::now() > end) {
      throw std::runtime_error(address_.form + " did not become whole in time:\n" +
                               redis_cli(address_, asked().at(0), {"CLUSTER", "NODES"}));
    }
    std::this_thread::sleep_for(poll);
  }
}

std::uint64_t RedisCluster::count(const ClusterMember& member, const std::string& section,
                                  std::string_view line) const {
  const std::string text = "\n" + ask(member, {"INFO", section});
  const std::size_t at = text.find("\n" + std::string(line) + ":");
  if (at == std::string::npos) return 0;
  std::uint64_t value = 0;
  const char* const digits = text.data() + text.find('=', at) + 1;
  std::from_chars(digits, text.data() + text.size(), value);
  return value;
}

std::uint64_t RedisCluster::count_all(const std::string& section, std::string_view line) const {
  std::uint64_t sum = 0;
  for (const ClusterMember& member : members()) {
    if (!member.failed && !aside_.contains(member.name)) sum += count(member, section, line);
  }
  return sum;
}

void RedisCluster::fail_over_to(const ClusterMember& replica) const {
  for (int tried = 0; tried != failover_tries; ++tried) {
    // Refused while the replica is not in step, or is a primary already.
    static_cast<void>(ask(replica, {"CLUSTER", "FAILOVER"}));
    const auto end = std::chrono::steady_clock::now() + longest_failover;
    while (std::chrono::steady_clock::now() < end) {
      if (ask(replica, {"ROLE"}).starts_with("master")) return;
      std::this_thread::sleep_for(poll);
    }
  }
  throw std::runtime_error(replica.name + " did not take over");
}

void RedisCluster::order(const ClusterMember& member, const Command& command) const {
  const std::string said = ask(member, command);
  if (said != "OK") throw std::runtime_error(command.at(0) + " on " + member.name + ": " + said);
}

void RedisCluster::begin_migration(int slot, const ClusterMember& from,
                                   const ClusterMember& to) const {
  const std::string number = std::to_string(slot);
  order(to, {"CLUSTER", "SETSLOT", number, "IMPORTING", from.id});
  order(from, {"CLUSTER", "SETSLOT", number, "MIGRATING", to.id});
}

std::size_t RedisCluster::migrate_keys(int slot, const ClusterMember& from, const ClusterMember& to,
                                       std::size_t most) const {
  const std::string listed =
      ask(from, {"CLUSTER", "GETKEYSINSLOT", std::to_string(slot), std::to_string(most)});
  const std::vector<std::string> keys = words_of(listed);
  if (keys.empty()) return 0;
  Command command{"MIGRATE", to.endpoint.host, std::to_string(to.endpoint.port), "", "0", "5000",
                  "KEYS"};
  command.insert(command.end(), keys.begin(), keys.end());
  const std::string said = ask(from, command);
  // An erased key is none to move.
  if (said != "OK" && said != "NOKEY") throw std::runtime_error("MIGRATE: " + said);
  return keys.size();
}

void RedisCluster::end_migration(int slot, const ClusterMember& from,
                                 const ClusterMember& to) const {
  const Command command{"CLUSTER", "SETSLOT", std::to_string(slot), "NODE", to.id};
  // The new owner first: it must know before the old one forgets.
  order(to, command);
  order(from, command);
  for (const ClusterMember& primary : primaries()) {
    if (primary.id != to.id && primary.id != from.id) order(primary, command);
  }
}

void RedisCluster::migrate(int slot, const ClusterMember& from, const ClusterMember& to) const {
  begin_migration(slot, from, to);
  while (migrate_keys(slot, from, to, 100) != 0) continue;
  end_migration(slot, from, to);
}

}  // namespace semantrix::testing
