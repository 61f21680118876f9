#pragma once

#include <openssl/ssl.h>

#include <cstddef>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace semantrix::net {

struct FreeTlsSession {
  void operator()(SSL_SESSION* session) const noexcept { SSL_SESSION_free(session); }
};
using TlsSession = std::unique_ptr<SSL_SESSION, FreeTlsSession>;

/// What servers left with this client, to shorten later handshakes with them: no certificate is
/// sent and none verified a second time, which saves half of a handshake's work. A session is kept
/// by the peer's name and address, whose certificate it stands for, and is handed out once, as RFC
/// 8446 (C.4) advises. Thread-safe.
class TlsSessions {
 public:
  void keep(const std::string& peer, TlsSession session);
  /// The latest; null: there is none.
  [[nodiscard]] TlsSession take(const std::string& peer);

 private:
  /// A connection brings one or two. More than are opened at once are of no use.
  static constexpr std::size_t most_of_a_peer = 8;
  static constexpr std::size_t most_peers = 256;

  std::mutex mutex_;
  std::map<std::string, std::vector<TlsSession>> sessions_;
};

}  // namespace semantrix::net
