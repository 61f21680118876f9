#include "support/scripted_connection.hpp"

#include "support/resp_command.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

#include <algorithm>
#include <chrono>
#include <stdexcept>
#include <utility>

namespace semantrix::testing {

namespace asio = boost::asio;
using boost::system::error_code;

namespace {

constexpr std::chrono::milliseconds pause_poll{1};

std::string upper(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(), [](char letter) {
    return letter >= 'a' && letter <= 'z' ? static_cast<char>(letter - 'a' + 'A') : letter;
  });
  return text;
}

}  // namespace

ScriptedConnection::ScriptedConnection(asio::ip::tcp::socket socket, ScriptState& state)
    : socket_(std::move(socket)), state_(state) {
  error_code ignored;
  socket_.set_option(asio::ip::tcp::no_delay(true), ignored);
  const std::lock_guard lock(state_.mutex);
  number_ = state_.received.size();
  state_.received.emplace_back();
  state_.changed.notify_all();
}

asio::awaitable<void> ScriptedConnection::play(Dialogue dialogue) {
  std::string failure;
  try {
    co_await play_steps(std::move(dialogue));
  } catch (const std::exception& thrown) {
    failure = thrown.what();
  }
  {
    const std::lock_guard lock(state_.mutex);
    if (state_.failure.empty()) state_.failure = failure;
    ++state_.ended;
    state_.changed.notify_all();
  }
  if (!failure.empty()) close();
  try {
    while (socket_.is_open()) co_await read_more();
  } catch (const std::exception&) {
    close();
  }
}

asio::awaitable<void> ScriptedConnection::play_steps(Dialogue dialogue) {
  for (auto& each : dialogue) {
    auto playing = std::visit([this](auto& it) { return step(std::move(it)); }, each);
    co_await std::move(playing);
  }
}

asio::awaitable<void> ScriptedConnection::step(ExpectBytes wanted) {
  for (;;) {
    const std::size_t known = std::min(unread_.size(), wanted.bytes.size());
    if (unread_.compare(0, known, wanted.bytes, 0, known) != 0) {
      throw std::runtime_error("expected '" + wanted.bytes + "', received '" + unread_ + "'");
    }
    if (known == wanted.bytes.size()) break;
    co_await read_more();
  }
  unread_.erase(0, wanted.bytes.size());
}

asio::awaitable<void> ScriptedConnection::step(ExpectCommand wanted) {
  const auto words = co_await next_command();
  if (!same_name(words.at(0), wanted.name)) {
    throw std::runtime_error("expected the command " + wanted.name + ", received " + words.at(0));
  }
}

asio::awaitable<void> ScriptedConnection::step(AnswerUntil wanted) {
  for (;;) {
    const auto words = co_await next_command();
    const std::string name = upper(words.at(0));
    if (name == upper(wanted.until)) co_return;
    const auto answer = wanted.answers.find(name);
    if (answer == wanted.answers.end()) {
      throw std::runtime_error("no answer was given for the command " + name);
    }
    Send reply;
    reply.bytes = answer->second;
    co_await step(std::move(reply));
  }
}

asio::awaitable<void> ScriptedConnection::step(Send sent) {
  co_await asio::async_write(socket_, asio::buffer(sent.bytes), asio::use_awaitable);
}

asio::awaitable<void> ScriptedConnection::step(Pause) {
  asio::steady_timer timer(socket_.get_executor());
  std::unique_lock lock(state_.mutex);
  ++state_.paused;
  state_.changed.notify_all();
  while (state_.resumes == 0) {
    lock.unlock();
    timer.expires_after(pause_poll);
    co_await timer.async_wait(asio::use_awaitable);
    lock.lock();
  }
  --state_.resumes;
  --state_.paused;
}

asio::awaitable<void> ScriptedConnection::step(Close) {
  close();
  co_return;
}

asio::awaitable<void> ScriptedConnection::step(Reset) {
  reset();
  co_return;
}

asio::awaitable<std::vector<std::string>> ScriptedConnection::next_command() {
  for (;;) {
    auto words = take_command(unread_);
    if (words && words->empty()) throw std::runtime_error("received a command without a word");
    if (words) co_return std::move(*words);
    co_await read_more();
  }
}

asio::awaitable<void> ScriptedConnection::read_more() {
  const std::size_t size =
      co_await socket_.async_read_some(asio::buffer(buffer_), asio::use_awaitable);
  unread_.append(buffer_.data(), size);
  const std::lock_guard lock(state_.mutex);
  state_.received[number_].append(buffer_.data(), size);
  state_.changed.notify_all();
}

void ScriptedConnection::close() {
  error_code ignored;
  socket_.shutdown(asio::ip::tcp::socket::shutdown_both, ignored);
  socket_.close(ignored);
}

void ScriptedConnection::reset() {
  error_code ignored;
  socket_.set_option(asio::ip::tcp::socket::linger(true, 0), ignored);
  socket_.close(ignored);
}

}  // namespace semantrix::testing
