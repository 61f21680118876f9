// libmemcached as its documentation uses it, with the binary protocol off and Nagle's algorithm
// off.
#include "batch.hpp"

#include <libmemcached/memcached.h>

#include <cstdlib>
#include <stdexcept>

namespace memcached_peers {
namespace {

using redis_peers::Arguments;
using redis_peers::Instant;
using redis_peers::Pass;
using redis_peers::Tally;

class LibmemcachedPeer {
 public:
  explicit LibmemcachedPeer(const Arguments& arguments)
      : batch_(arguments.connections == "batch"), client_(memcached_create(nullptr)) {
    const auto port = static_cast<in_port_t>(std::stoul(arguments.port));
    memcached_server_add(client_, arguments.host.c_str(), port);
    memcached_behavior_set(client_, MEMCACHED_BEHAVIOR_TCP_NODELAY, 1);
  }
  ~LibmemcachedPeer() { memcached_free(client_); }
  LibmemcachedPeer(const LibmemcachedPeer&) = delete;
  LibmemcachedPeer& operator=(const LibmemcachedPeer&) = delete;

  void run(const Pass& pass, Tally& tally) {
    const std::string prefix(redis_peers::key_prefix);
    const std::vector<std::string> keys =
        batch_ ? keys_of(pass, prefix) : std::vector<std::string>{prefix + pass.key()};
    tally.began = std::chrono::steady_clock::now();
    for (std::uint64_t i = 0; i != pass.ops; ++i) {
      const Instant began = std::chrono::steady_clock::now();
      if (pass.add) {
        set(keys, pass.value());
      } else if (batch_) {
        get_all(keys, tally);
      } else {
        get(keys.front(), tally);
      }
      tally.took(began);
    }
    tally.ended = std::chrono::steady_clock::now();
  }

 private:
  void set(const std::vector<std::string>& keys, const std::string& value) {
    for (const std::string& key : keys) {
      const auto done =
          memcached_set(client_, key.data(), key.size(), value.data(), value.size(), 0, 0);
      if (done != MEMCACHED_SUCCESS) throw std::runtime_error("a value was not stored");
    }
  }

  void get(const std::string& key, Tally& tally) {
    std::size_t size = 0;
    std::uint32_t flags = 0;
    memcached_return_t done{};
    char* const value = memcached_get(client_, key.data(), key.size(), &size, &flags, &done);
    if (value != nullptr) tally.touch({value, size});
    std::free(value);
  }

  void get_all(const std::vector<std::string>& keys, Tally& tally) {
    std::vector<const char*> texts;
    std::vector<std::size_t> sizes;
    for (const std::string& key : keys) {
      texts.push_back(key.data());
      sizes.push_back(key.size());
    }
    if (memcached_mget(client_, texts.data(), sizes.data(), keys.size()) != MEMCACHED_SUCCESS) {
      throw std::runtime_error("the keys were not asked for");
    }
    memcached_return_t done{};
    while (memcached_result_st* const result = memcached_fetch_result(client_, nullptr, &done)) {
      tally.touch({memcached_result_value(result), memcached_result_length(result)});
      memcached_result_free(result);
    }
  }

  const bool batch_;
  memcached_st* const client_;
};

}  // namespace
}  // namespace memcached_peers

int main(int count, char** words) {
  return redis_peers::run_peer<memcached_peers::LibmemcachedPeer>("libmemcached", count, words);
}
