#include "net/tls_sessions.hpp"

#include <utility>

namespace semantrix::net {

void TlsSessions::keep(const std::string& peer, TlsSession session) {
  const std::lock_guard lock(mutex_);
  if (sessions_.size() >= most_peers && !sessions_.contains(peer)) sessions_.clear();
  auto& kept = sessions_[peer];
  if (kept.size() >= most_of_a_peer) kept.erase(kept.begin());
  kept.push_back(std::move(session));
}

TlsSession TlsSessions::take(const std::string& peer) {
  const std::lock_guard lock(mutex_);
  const auto found = sessions_.find(peer);
  if (found == sessions_.end() || found->second.empty()) return nullptr;
  TlsSession session = std::move(found->second.back());
  found->second.pop_back();
  return session;
}

}  // namespace semantrix::net
