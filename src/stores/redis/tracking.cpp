#include "stores/redis/tracking.hpp"

#include "net/dialogue.hpp"
#include "protocol/resp/command.hpp"
#include "stores/redis/protocol.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <string>
#include <utility>

namespace semantrix::redis {
namespace {

namespace asio = boost::asio;
using asio::awaitable;
using std::chrono::milliseconds;
using std::chrono::steady_clock;

/// As `Protocol`, but for one who wants to hear what is said unasked.
struct Listening : Protocol {
  static bool is_push(const Reply&) noexcept { return false; }
};
using Dialogue = net::Dialogue<Listening>;

/// How often the server is asked whether it is there, and how long nothing may be heard.
constexpr milliseconds beat{1000};
constexpr milliseconds patience{3000};
/// How often it is looked whether the primaries are still the same.
constexpr milliseconds census{5000};
/// Between two rounds; and when the server does not track.
constexpr milliseconds pause{200};
constexpr milliseconds long_pause{60'000};

std::string tracking_request(std::string_view prefix) {
  std::string request;
  resp::append_command(request, {"CLIENT", "TRACKING", "ON", "BCAST", "PREFIX", prefix});
  return request;
}

}  // namespace

Tracking::Tracking(std::shared_ptr<Core> core, const asio::any_io_executor& executor,
                   milliseconds connect_timeout, std::weak_ptr<InvalidationListener> listener)
    : core_(std::move(core)),
      strand_(asio::make_strand(executor)),
      connect_timeout_(connect_timeout),
      listener_(std::move(listener)),
      timer_(strand_) {}

void Tracking::start() { asio::co_spawn(strand_, follow(shared_from_this()), asio::detached); }

void Tracking::stop() {
  if (ended_.exchange(true)) return;
  asio::post(strand_, [self = shared_from_this()] { self->end_round(); });
}

void Tracking::forget() noexcept {
  ended_ = true;
  // Leaked: destroying them would end the parent's connections.
  static_cast<void>(new (std::nothrow) std::shared_ptr<Tracking>(shared_from_this()));
}

awaitable<void> Tracking::follow(Self self) {
  while (!self->ended()) {
    auto running = self->round();
    co_await std::move(running);
    self->tell(false);
    if (self->listener_.expired()) self->ended_ = true;
    if (self->ended()) break;
    auto waiting = self->wait(self->refused_ ? long_pause : pause);
    co_await std::move(waiting);
  }
}

awaitable<void> Tracking::wait(milliseconds time) {
  timer_.expires_after(time);
  boost::system::error_code ignored;
  co_await timer_.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
}

awaitable<void> Tracking::round() {
  auto learning = core_->client().primaries();
  const Result<Nodes> primaries = co_await std::move(learning);
  if (!primaries || primaries->empty() || ended()) co_return;
  refused_ = false;
  active_ = deaf_ = primaries->size();
  for (const auto& node : *primaries) {
    asio::co_spawn(strand_, listen(shared_from_this(), node), asio::detached);
  }
  auto next_census = steady_clock::now() + census;
  while (active_ != 0) {
    auto waiting = wait(std::chrono::duration_cast<milliseconds>(census));
    co_await std::move(waiting);
    if (ended() || listener_.expired()) end_round();
    if (active_ == primaries->size() && steady_clock::now() >= next_census) {
      next_census = steady_clock::now() + census;
      auto comparing = same_primaries(*primaries);
      const bool same = co_await std::move(comparing);
      if (!same) end_round();
    }
  }
  sessions_.clear();
}

awaitable<bool> Tracking::same_primaries(const Nodes& primaries) {
  auto learning = core_->client().primaries();
  const Result<Nodes> now = co_await std::move(learning);
  co_return !now || *now == primaries;
}

awaitable<void> Tracking::listen(Self self, std::shared_ptr<Node> node) {
  auto dialing = Node::dial(node, steady_clock::now() + self->connect_timeout_);
  Result<net::Stream> stream = co_await std::move(dialing);
  if (stream && !self->ended()) {
    const auto session = std::make_shared<Session>(std::move(*stream));
    self->sessions_.push_back(session);
    auto hearing = self->hear(*session, node->endpoint());
    co_await std::move(hearing);
  }
  --self->active_;
  self->end_round();
}

awaitable<void> Tracking::hear(Session& session, const net::Endpoint& peer) {
  net::Alarm alarm(session.stream, steady_clock::now() + patience);
  Dialogue dialogue(session.stream, peer);
  auto asking = dialogue.ask(tracking_request(core_->prefix()));
  const Result<resp::Reply> answer = co_await std::move(asking);
  if (!answer) co_return;
  refused_ = answer->is_error();
  if (refused_) co_return;
  if (--deaf_ == 0) tell(true);
  for (const auto& held : sessions_) {
    if (held.get() == &session) {
      asio::co_spawn(strand_, keep_asking(held, peer), asio::detached);
      break;
    }
  }
  for (;;) {
    auto receiving = dialogue.receive();
    const Result<resp::Reply> reply = co_await std::move(receiving);
    if (!reply || ended()) co_return;
    alarm.set(steady_clock::now() + patience);
    if (reply->type() == resp::Type::push) heard(*reply);
  }
}

awaitable<void> Tracking::keep_asking(std::shared_ptr<Session> session, net::Endpoint peer) {
  while (session->stream.is_open()) {
    boost::system::error_code stopped;
    session->beat.expires_after(beat);
    co_await session->beat.async_wait(asio::redirect_error(asio::use_awaitable, stopped));
    if (stopped || !session->stream.is_open()) co_return;
    auto sending = net::send_all(session->stream, peer, "*1\r\n$4\r\nPING\r\n");
    const Result<void> sent = co_await std::move(sending);
    if (!sent) co_return;
  }
}

void Tracking::heard(const resp::Reply& push) {
  const auto listener = listener_.lock();
  if (!listener || push.size() < 2 || push.child(0).text() != "invalidate") return;
  const resp::Reply keys = push.child(1);
  // Everything was flushed.
  if (keys.is_null()) return listener->on_all_changed();
  const std::string_view prefix = core_->prefix();
  for (const resp::Reply key : keys.children()) {
    const std::string_view name = key.text();
    if (name.substr(0, prefix.size()) == prefix) listener->on_changed(name.substr(prefix.size()));
  }
}

void Tracking::tell(bool listening) {
  if (listening_ == listening) return;
  listening_ = listening;
  if (const auto listener = listener_.lock()) listener->on_listening(listening);
}

// Those who listen find their streams closed.
void Tracking::end_round() {
  for (const auto& session : sessions_) {
    session->stream.close();
    session->beat.cancel();
  }
  timer_.cancel();
}

}  // namespace semantrix::redis
