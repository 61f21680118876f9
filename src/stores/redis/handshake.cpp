#include "stores/redis/handshake.hpp"

#include "net/dialogue.hpp"
#include "protocol/resp/command.hpp"
#include "protocol/resp/error_reply.hpp"
#include "stores/redis/protocol.hpp"

#include <optional>
#include <string_view>
#include <vector>

namespace semantrix::redis {
namespace {

using boost::asio::awaitable;
using resp::ErrorKind;

using Dialogue = net::Dialogue<Protocol>;

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

awaitable<Result<void>> select(Dialogue& dialogue, std::uint32_t database) {
  std::string request;
  const std::string number = std::to_string(database);
  resp::append_command(request, {"SELECT", number});
  auto asking = dialogue.ask(std::move(request));
  const Result<resp::Reply> reply = co_await std::move(asking);
  if (!reply) co_return reply.error();
  if (auto refused = refusal(*reply, resp::Type::simple_string)) co_return std::move(*refused);
  co_return Result<void>();
}

/// What the server has to say to it does not matter.
awaitable<Result<void>> tell_that_replicas_are_read(Dialogue& dialogue) {
  std::string request;
  resp::append_command(request, {"READONLY"});
  auto asking = dialogue.ask(std::move(request));
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
  const net::Alarm alarm(stream, deadline);
  Dialogue dialogue(stream, peer);
  const auto asked = std::chrono::steady_clock::now();
  auto asking = dialogue.ask(hello(identity));
  Result<resp::Reply> reply = co_await std::move(asking);
  const auto round_trip = std::chrono::steady_clock::now() - asked;
  resp::Type expected = resp::Type::map;
  if (reply && lacks_hello(*reply)) {
    expected = resp::Type::simple_string;
    auto asking_again = dialogue.ask(old_login(identity));
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
