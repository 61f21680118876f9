#include "stores/redis/handshake.hpp"

#include "net/connection_errors.hpp"
#include "net/read_buffer.hpp"
#include "net/tls_error.hpp"
#include "protocol/resp/command.hpp"
#include "protocol/resp/error_reply.hpp"
#include "protocol/resp/parser.hpp"

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <memory>
#include <optional>
#include <string_view>
#include <vector>

namespace semantrix::redis {
namespace {

using boost::asio::awaitable;
using resp::ErrorKind;

/// Requests and replies in turn, before a connection is shared.
class Dialogue {
 public:
  Dialogue(net::Stream& stream, const net::Endpoint& peer) : stream_(stream), peer_(peer) {}

  awaitable<Result<void>> send(std::string request) {
    std::size_t sent = 0;
    while (sent != request.size()) {
      const boost::asio::const_buffer left(request.data() + sent, request.size() - sent);
      const net::Stream::Buffers buffers(&left, 1);
      boost::system::error_code failed;
      auto writing = stream_.async_write_some(
          buffers, boost::asio::redirect_error(boost::asio::use_awaitable, failed));
      sent += co_await std::move(writing);
      if (failed) co_return failure(failed);
    }
    co_return Result<void>();
  }

  /// The next reply that is no push; its views hold until the one after.
  awaitable<Result<resp::Reply>> receive() {
    for (;;) {
      auto receiving = receive_any();
      Result<resp::Reply> reply = co_await std::move(receiving);
      if (!reply || reply->type() != resp::Type::push) co_return reply;
    }
  }

 private:
  awaitable<Result<resp::Reply>> receive_any() {
    buffer_.consume(std::exchange(consumed_, 0));
    while (parser_.parse(buffer_.unread()) == resp::Parser::State::need_more) {
      boost::system::error_code failed;
      auto reading =
          stream_.async_read_some(buffer_.prepare(parser_.wanted()),
                                  boost::asio::redirect_error(boost::asio::use_awaitable, failed));
      buffer_.commit(co_await std::move(reading));
      if (failed) co_return failure(failed);
    }
    if (!parser_.error().empty()) {
      const Error error = net::malformed(parser_.error());
      co_return net::with_phase(error, Phase::connecting);
    }
    consumed_ = parser_.consumed();
    co_return parser_.reply(buffer_.unread());
  }

  [[nodiscard]] Error failure(boost::system::error_code failed) const {
    // The timer closes the stream: what was under way is then aborted.
    if (!stream_.is_open()) return net::out_of_time(Phase::connecting);
    return net::stream_failed(peer_, failed, Phase::connecting);
  }

  net::Stream& stream_;
  const net::Endpoint& peer_;
  net::ReadBuffer buffer_;
  resp::Parser parser_;
  std::size_t consumed_ = 0;
};

/// Closes the stream unless it ends before.
class Alarm {
 public:
  Alarm(net::Stream& stream, std::chrono::steady_clock::time_point when)
      : watched_(std::make_shared<net::Stream*>(&stream)), timer_(stream.get_executor(), when) {
    timer_.async_wait([watched = std::weak_ptr(watched_)](const boost::system::error_code& off) {
      const auto alive = watched.lock();
      if (!off && alive) (*alive)->close();
    });
  }

 private:
  std::shared_ptr<net::Stream*> watched_;
  boost::asio::steady_timer timer_;
};

std::string hello(const Identity& identity) {
  std::string request;
  std::vector<std::string_view> words = {"HELLO", "3"};
  if (!identity.password.empty()) {
    const std::string_view user =
        identity.user.empty() ? std::string_view("default") : identity.user;
    words.insert(words.end(), {"AUTH", user, identity.password});
  }
  words.insert(words.end(), {"SETNAME", "semantrix"});
  resp::append_command(request, words);
  return request;
}

std::string old_login(const Identity& identity) {
  std::string request;
  if (identity.password.empty()) {
    resp::append_command(request, {"PING"});
  } else if (identity.user.empty()) {
    resp::append_command(request, {"AUTH", identity.password});
  } else {
    resp::append_command(request, {"AUTH", identity.user, identity.password});
  }
  return request;
}

Greeting greeting_of(const resp::Reply& reply) {
  Greeting greeting;
  if (reply.type() != resp::Type::map) return greeting;
  std::string_view name;
  bool is_name = true;
  for (const resp::Reply field : reply.children()) {
    if (is_name) {
      name = field.text();
    } else if (field.is_string()) {
      if (name == "server") greeting.server = field.text();
      if (name == "version") greeting.version = field.text();
      if (name == "mode") greeting.mode = field.text();
      if (name == "role") greeting.role = field.text();
    }
    is_name = !is_name;
  }
  return greeting;
}

bool lacks_hello(const resp::Reply& reply) {
  if (!reply.is_error()) return false;
  const ErrorKind kind = resp::classify_error(reply.text());
  return kind == ErrorKind::no_proto || kind == ErrorKind::unknown_command ||
         kind == ErrorKind::no_perm;
}

/// What is wrong with the answer to a request that should give a reply of that type.
std::optional<Error> refusal(const resp::Reply& reply, resp::Type expected) {
  if (reply.type() == expected) return std::nullopt;
  const Error error = reply.is_error() ? resp::to_error(reply.text())
                                       : net::malformed("its greeting is not Redis's");
  return net::with_phase(error, Phase::connecting);
}

/// Sends a request and gives the reply to it, error replies included.
awaitable<Result<resp::Reply>> ask(Dialogue& dialogue, std::string request) {
  auto sending = dialogue.send(std::move(request));
  const Result<void> sent = co_await std::move(sending);
  if (!sent) co_return sent.error();
  auto receiving = dialogue.receive();
  co_return co_await std::move(receiving);
}

awaitable<Result<void>> select(Dialogue& dialogue, std::uint32_t database) {
  std::string request;
  const std::string number = std::to_string(database);
  resp::append_command(request, {"SELECT", number});
  auto asking = ask(dialogue, std::move(request));
  const Result<resp::Reply> reply = co_await std::move(asking);
  if (!reply) co_return reply.error();
  if (auto refused = refusal(*reply, resp::Type::simple_string)) co_return std::move(*refused);
  co_return Result<void>();
}

/// What the server has to say to it does not matter.
awaitable<Result<void>> tell_that_replicas_are_read(Dialogue& dialogue) {
  std::string request;
  resp::append_command(request, {"READONLY"});
  auto asking = ask(dialogue, std::move(request));
  const Result<resp::Reply> reply = co_await std::move(asking);
  if (!reply) co_return reply.error();
  co_return Result<void>();
}

/// What is said once the server knows who asks.
awaitable<Result<void>> settle(Dialogue& dialogue, const Identity& identity) {
  if (identity.database != 0) {
    auto selecting = select(dialogue, identity.database);
    const Result<void> selected = co_await std::move(selecting);
    if (!selected) co_return selected;
  }
  if (identity.reads_replicas) {
    auto telling = tell_that_replicas_are_read(dialogue);
    co_return co_await std::move(telling);
  }
  co_return Result<void>();
}

}  // namespace

awaitable<Result<Greeting>> greet(net::Stream& stream, const net::Endpoint& peer,
                                  const Identity& identity,
                                  std::chrono::steady_clock::time_point deadline) {
  const Alarm alarm(stream, deadline);
  Dialogue dialogue(stream, peer);
  const auto asked = std::chrono::steady_clock::now();
  auto asking = ask(dialogue, hello(identity));
  Result<resp::Reply> reply = co_await std::move(asking);
  const auto round_trip = std::chrono::steady_clock::now() - asked;
  resp::Type expected = resp::Type::map;
  if (reply && lacks_hello(*reply)) {
    expected = resp::Type::simple_string;
    auto asking_again = ask(dialogue, old_login(identity));
    reply = co_await std::move(asking_again);
  }
  if (!reply) co_return reply.error();
  if (auto refused = refusal(*reply, expected)) co_return std::move(*refused);
  Greeting greeting = greeting_of(*reply);
  greeting.round_trip = round_trip;
  auto settling = settle(dialogue, identity);
  const Result<void> settled = co_await std::move(settling);
  if (!settled) co_return settled.error();
  co_return greeting;
}

}  // namespace semantrix::redis
