#include "net/dialogue.hpp"
#include "net/gather.hpp"
#include "net/network_checks.hpp"
#include "protocol/memcache/command.hpp"
#include "stores/memcached/items.hpp"
#include "stores/memcached/key_pages.hpp"

#include <algorithm>
#include <chrono>
#include <optional>
#include <utility>

namespace semantrix::memcached {
namespace {

using Clock = std::chrono::steady_clock;
using Keys = std::vector<memcache::DumpedKey>;
using State = memcache::MetadumpReader::State;

/// Between two attempts at a server that crawls for somebody else.
constexpr std::chrono::milliseconds turn(20);
/// Keys that are erased at once.
constexpr std::size_t erased_at_once = 256;

/// What the server answers to one request, all of it read as it comes: a crawl holds up others'.
class Dump {
 public:
  Dump(std::shared_ptr<Core> core, std::shared_ptr<Node> server)
      : core_(std::move(core)), server_(std::move(server)) {}

  awaitable<Result<Keys>> run() {
    const auto& network = core_->terms().network;
    auto dialing = server_->dial(Clock::now() + network.connect_timeout);
    Result<net::Stream> stream = co_await std::move(dialing);
    if (!stream) co_return stream.error();
    net::Alarm alarm(*stream, Clock::now() + network.read_timeout);
    auto reading = read(*stream, alarm, memcache::metadump_request);
    Result<void> read_it = co_await std::move(reading);
    if (!read_it && reader_.is_old_server()) {
      reader_ = memcache::MetadumpReader();
      buffer_.clear();
      auto reading_old = read(*stream, alarm, memcache::old_metadump_request);
      read_it = co_await std::move(reading_old);
    }
    if (!read_it) co_return read_it.error();
    co_return std::move(keys_);
  }

 private:
  awaitable<Result<void>> read(net::Stream& stream, net::Alarm& alarm, std::string_view request) {
    const net::Endpoint& peer = server_->endpoint();
    auto sending = net::send_all(stream, peer, std::string(request));
    const Result<void> sent = co_await std::move(sending);
    if (!sent) co_return net::with_phase(sent.error(), Phase::sent);
    for (;;) {
      const State state = reader_.read(buffer_.unread());
      if (state == State::end) co_return Result<void>();
      if (state == State::failed) co_return reader_.error();
      if (state == State::entry) {
        if (reader_.entry().key.starts_with(core_->prefix())) keys_.push_back(reader_.entry());
        buffer_.consume(reader_.consumed());
        continue;
      }
      if (core_->closed()) co_return net::store_closed();
      alarm.set(Clock::now() + core_->terms().network.read_timeout);
      auto receiving = net::receive_some(stream, peer, buffer_, buffer_.unread().size() + 1);
      const Result<void> received = co_await std::move(receiving);
      if (!received && !stream.is_open()) co_return net::out_of_time(Phase::sent);
      if (!received) co_return net::with_phase(received.error(), Phase::sent);
    }
  }

  const std::shared_ptr<Core> core_;
  const std::shared_ptr<Node> server_;
  net::ReadBuffer buffer_;
  memcache::MetadumpReader reader_;
  Keys keys_;
};

awaitable<void> dump(std::shared_ptr<Core> core, std::shared_ptr<Node> server,
                     Result<Keys>& dumped) {
  Dump dump(std::move(core), std::move(server));
  auto running = dump.run();
  dumped = co_await std::move(running);
}

bool is_busy(const Error& error) {
  return error.code() == ErrorCode::unavailable && error.info().phase == Phase::received;
}

}  // namespace

awaitable<Result<Keys>> crawl(std::shared_ptr<Core> core, std::shared_ptr<Node> server) {
  net::Attempts attempts(core->client().retrying(), CallKind::scan, std::nullopt);
  for (;;) {
    if (core->closed()) co_return net::store_closed();
    Result<Keys> dumped = Keys();
    // On a strand of its own, which the stream needs.
    std::vector<awaitable<void>> part;
    part.push_back(dump(core, server, dumped));
    auto dumping = net::gather(std::move(part));
    co_await std::move(dumping);
    if (dumped) co_return dumped;
    attempts.failed(dumped.error());
    const bool busy = is_busy(dumped.error());
    if (busy ? Clock::now() + turn >= attempts.deadline() : !attempts.retry()) {
      co_return attempts.error();
    }
    auto waiting = Client::wait(busy ? std::chrono::nanoseconds(turn) : attempts.pause());
    co_await std::move(waiting);
  }
}

namespace {

/// Removes what the server has, which may be more than its own: copies from before other servers
/// came, and chunks.
awaitable<Result<std::size_t>> clear_server(std::shared_ptr<Core> core, const Servers::View& view,
                                            std::shared_ptr<Node> server) {
  auto crawling = crawl(core, server);
  const Result<Keys> dumped = co_await std::move(crawling);
  if (!dumped) co_return dumped.error();
  std::size_t cleared = 0;
  for (std::size_t begin = 0; begin < dumped->size(); begin += erased_at_once) {
    std::vector<memcache::WireKey> keys;
    std::vector<bool> counts;
    for (std::size_t i = begin; i != std::min(begin + erased_at_once, dumped->size()); ++i) {
      const auto key = memcache::WireKey::of((*dumped)[i].key);
      const auto rest = core->key_prefix().strip((*dumped)[i].key);
      if (!key || !rest || rest->empty()) continue;
      keys.push_back(*key);
      counts.push_back(!memcache::is_chunk(*rest) && view.node_of(key->text()) == server);
    }
    if (keys.empty()) continue;
    At at;
    at.server = server;
    auto erasing = erase_items(core, std::move(at), keys);
    const auto erased = co_await std::move(erasing);
    for (std::size_t i = 0; i != keys.size(); ++i) {
      if (!erased[i]) co_return erased[i].error();
      if (*erased[i] && counts[i]) ++cleared;
    }
  }
  co_return cleared;
}

}  // namespace

awaitable<Result<std::size_t>> clear(std::shared_ptr<Core> core) {
  auto learning = core->client().learn();
  const auto view = co_await std::move(learning);
  if (!view) co_return core->failed(view.error());
  std::size_t cleared = 0;
  for (const std::shared_ptr<Node>& server : (*view)->nodes) {
    auto clearing = clear_server(core, **view, server);
    const Result<std::size_t> count = co_await std::move(clearing);
    if (!count) co_return core->failed(count.error());
    cleared += *count;
  }
  Counters::count(core->counters().deletes, cleared);
  co_return cleared;
}

}  // namespace semantrix::memcached
