// No client at all: one socket, a write of all callers' requests, and a search for the ends of the
// answers. What a client costs beyond this is its own.
#include "batch.hpp"

#include <netdb.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <stdexcept>

namespace memcached_peers {
namespace {

using redis_peers::Arguments;
using redis_peers::Instant;
using redis_peers::Pass;
using redis_peers::Tally;

class RawPeer {
 public:
  explicit RawPeer(const Arguments& arguments) : batch_(arguments.connections == "batch") {
    addrinfo* found = nullptr;
    if (getaddrinfo(arguments.host.c_str(), arguments.port.c_str(), nullptr, &found) != 0) {
      throw std::runtime_error("the host does not resolve");
    }
    socket_ = ::socket(found->ai_family, SOCK_STREAM, 0);
    const int connected = ::connect(socket_, found->ai_addr, found->ai_addrlen);
    freeaddrinfo(found);
    if (connected != 0) throw std::runtime_error("nothing listens there");
    const int on = 1;
    setsockopt(socket_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
  }
  ~RawPeer() { ::close(socket_); }
  RawPeer(const RawPeer&) = delete;
  RawPeer& operator=(const RawPeer&) = delete;

  void run(const Pass& pass, Tally& tally) {
    std::string request;
    for (std::uint32_t i = 0; i != pass.callers; ++i) request += request_of(pass);
    const std::string_view end = pass.add ? "STORED\r\n" : "END\r\n";
    const std::size_t answers = pass.callers * (pass.add && batch_ ? batch_keys : 1);
    tally.began = std::chrono::steady_clock::now();
    for (std::uint64_t done = 0; done < pass.ops; done += pass.callers) {
      const Instant began = std::chrono::steady_clock::now();
      send(request);
      const std::size_t bytes = receive(end, answers);
      if (pass.callers == 1) tally.took(began);
      if (!pass.add) count(pass, bytes, tally);
    }
    tally.ended = std::chrono::steady_clock::now();
  }

 private:
  [[nodiscard]] std::string request_of(const Pass& pass) const {
    const std::string prefix(redis_peers::key_prefix);
    const std::vector<std::string> keys =
        batch_ ? keys_of(pass, prefix) : std::vector<std::string>{prefix + pass.key()};
    std::string request = pass.add ? "" : "get";
    for (const std::string& key : keys) {
      request += pass.add
                     ? fmt::format("set {} 0 0 {}\r\n{}\r\n", key, pass.value_bytes, pass.value())
                     : " " + key;
    }
    return pass.add ? request : request + "\r\n";
  }

  void send(std::string_view bytes) const {
    while (!bytes.empty()) {
      const ssize_t sent = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (sent <= 0) throw std::runtime_error("the connection ended");
      bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
  }

  /// Up to so many ends; values hold none. How many bytes that were.
  std::size_t receive(std::string_view end, std::size_t answers) {
    std::array<char, 65536> chunk{};
    answer_.clear();
    std::size_t looked_at = 0;
    while (answers != 0) {
      const ssize_t got = ::recv(socket_, chunk.data(), chunk.size(), 0);
      if (got <= 0) throw std::runtime_error("the connection ended");
      answer_.append(chunk.data(), static_cast<std::size_t>(got));
      for (std::size_t at = answer_.find(end, looked_at); at != std::string::npos && answers != 0;
           at = answer_.find(end, looked_at)) {
        looked_at = at + end.size();
        --answers;
      }
    }
    return answer_.size();
  }

  /// As many bytes of values as there are answers with one.
  void count(const Pass& pass, std::size_t bytes, Tally& tally) const {
    const std::size_t values = pass.callers * (batch_ ? batch_keys : 1);
    if (bytes > values * pass.value_bytes) tally.checksum += values * pass.value_bytes;
  }

  const bool batch_;
  int socket_ = -1;
  std::string answer_;
};

}  // namespace
}  // namespace memcached_peers

int main(int count, char** words) {
  return redis_peers::run_peer<memcached_peers::RawPeer>("raw", count, words);
}
