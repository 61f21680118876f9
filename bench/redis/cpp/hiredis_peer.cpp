// hiredis, in the two ways that services use it.
//
//   --connections one     one connection, `callers` requests deep, pipelined by hand: send so many,
//                         then read so many. With one caller: a call at a time
//   --connections pool    a connection and a thread for each caller, a call at a time
//
// Debian's hiredis knows no TLS.
#include "harness.hpp"

#include <hiredis/hiredis.h>

#include <barrier>
#include <memory>
#include <thread>

namespace redis_peers {
namespace {

struct Free {
  void operator()(redisContext* link) const { redisFree(link); }
  void operator()(redisReply* reply) const { freeReplyObject(reply); }
};
using Link = std::unique_ptr<redisContext, Free>;
using Reply = std::unique_ptr<redisReply, Free>;

/// The words of a pass's request. Refer to strings that live as long as the pass.
struct Request {
  explicit Request(const Pass& pass)
      : key(std::string(key_prefix) + pass.key()), value(pass.add ? pass.value() : std::string()) {
    words = {pass.add ? "SET" : "GET", key.data(), value.data()};
    lengths = {3, key.size(), value.size()};
    count = pass.add ? 3 : 2;
  }
  Request(const Request&) = delete;
  Request& operator=(const Request&) = delete;

  std::string key;
  std::string value;
  std::vector<const char*> words;
  std::vector<std::size_t> lengths;
  int count;
};

[[noreturn]] void fail(const redisContext& link) { throw std::runtime_error(link.errstr); }

void send(redisContext& link, const Request& request) {
  if (redisAppendCommandArgv(&link, request.count, const_cast<const char**>(request.words.data()),
                             request.lengths.data()) != REDIS_OK) {
    fail(link);
  }
}

void receive(redisContext& link, Tally& tally) {
  void* raw = nullptr;
  if (redisGetReply(&link, &raw) != REDIS_OK) fail(link);
  const Reply reply(static_cast<redisReply*>(raw));
  if (reply->type == REDIS_REPLY_ERROR) throw std::runtime_error(reply->str);
  if (reply->type == REDIS_REPLY_STRING) tally.touch({reply->str, reply->len});
}

void call_singly(redisContext& link, const Request& request, std::uint64_t ops, bool timed,
                 Tally& tally) {
  for (std::uint64_t i = 0; i != ops; ++i) {
    const Instant began = timed ? std::chrono::steady_clock::now() : Instant();
    send(link, request);
    receive(link, tally);
    if (timed) tally.took(began);
  }
}

void call_in_depth(redisContext& link, const Request& request, const Pass& pass, Tally& tally) {
  for (std::uint64_t i = 0; i != pass.share(); ++i) {
    for (std::uint32_t sent = 0; sent != pass.callers; ++sent) send(link, request);
    for (std::uint32_t got = 0; got != pass.callers; ++got) receive(link, tally);
  }
}

class HiredisPeer {
 public:
  explicit HiredisPeer(const Arguments& arguments) : arguments_(arguments) {
    if (!arguments.ca.empty()) throw std::invalid_argument("this hiredis knows no TLS");
    if (arguments.connections != "one" && arguments.connections != "pool") {
      throw std::invalid_argument("--connections is one or pool");
    }
  }

  void run(const Pass& pass, Tally& tally) {
    const Request request(pass);
    const bool pool = arguments_.connections == "pool";
    while (links_.size() < (pool ? pass.callers : 1)) links_.push_back(connect());
    if (pool) return run_pool(request, pass, tally);
    tally.began = std::chrono::steady_clock::now();
    if (pass.callers == 1) {
      call_singly(*links_.front(), request, pass.ops, true, tally);
    } else {
      call_in_depth(*links_.front(), request, pass, tally);
    }
    tally.ended = std::chrono::steady_clock::now();
  }

 private:
  [[nodiscard]] Link connect() const {
    Link link(redisConnect(arguments_.host.c_str(), std::stoi(arguments_.port)));
    if (!link) throw std::bad_alloc();
    if (link->err != 0) fail(*link);
    return link;
  }

  void run_pool(const Request& request, const Pass& pass, Tally& tally) {
    std::vector<Tally> tallies(pass.callers);
    std::vector<std::exception_ptr> failures(pass.callers);
    std::barrier start(static_cast<std::ptrdiff_t>(pass.callers));
    std::vector<std::jthread> threads;
    for (std::uint32_t t = 0; t != pass.callers; ++t) {
      threads.emplace_back([&, t] {
        start.arrive_and_wait();
        tallies[t].began = std::chrono::steady_clock::now();
        try {
          call_singly(*links_[t], request, pass.share(), false, tallies[t]);
        } catch (...) {
          failures[t] = std::current_exception();
        }
        tallies[t].ended = std::chrono::steady_clock::now();
      });
    }
    threads.clear();
    tally.began = tallies.front().began;
    for (std::uint32_t t = 0; t != pass.callers; ++t) {
      if (failures[t]) std::rethrow_exception(failures[t]);
      tally.began = std::min(tally.began, tallies[t].began);
      tally.ended = std::max(tally.ended, tallies[t].ended);
      tally.checksum += tallies[t].checksum;
    }
  }

  Arguments arguments_;
  std::vector<Link> links_;
};

}  // namespace
}  // namespace redis_peers

int main(int count, char** words) {
  return redis_peers::run_peer<redis_peers::HiredisPeer>("hiredis", count, words);
}
