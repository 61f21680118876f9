#include "cloud/access/program.hpp"

#include "base/quote.hpp"
#include "net/gather.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstddef>
#include <optional>
#include <system_error>
#include <utility>

namespace semantrix::cloud {
namespace {

using boost::asio::awaitable;
using Descriptor = boost::asio::posix::stream_descriptor;
using Deadline = std::chrono::steady_clock::time_point;

constexpr std::size_t most_output = std::size_t{1024} * 1024;
constexpr std::size_t most_errors = std::size_t{64} * 1024;

struct Pipe {
  int read_end = -1;
  int write_end = -1;
};

std::optional<Pipe> open_pipe() {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) return std::nullopt;
  return Pipe{ends[0], ends[1]};
}

void close_end(int end) {
  if (end >= 0) ::close(end);
}

/// A program that runs; ended and buried at the latest by the destructor.
class Child {
 public:
  explicit Child(pid_t id) noexcept : id_(id) {}
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;
  ~Child() {
    if (id_ < 0) return;
    kill();
    int status = 0;
    while (::waitpid(id_, &status, 0) < 0 && errno == EINTR) {
    }
  }
  void kill() const noexcept { ::kill(id_, SIGKILL); }

  /// Its exit status once it has ended.
  std::optional<int> ended() {
    int status = 0;
    const pid_t found = ::waitpid(id_, &status, WNOHANG);
    if (found == 0 || (found < 0 && errno == EINTR)) return std::nullopt;
    id_ = -1;
    // Somebody else has buried it: what it wrote decides.
    if (found < 0) return 0;
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  }

 private:
  pid_t id_;
};

/// 0, or the error's number.
int start(const std::vector<std::string>& words, const Pipe& out, const Pipe& err, pid_t& id) {
  std::vector<char*> arguments;
  arguments.reserve(words.size() + 1);
  for (const std::string& word : words) arguments.push_back(const_cast<char*>(word.c_str()));
  arguments.push_back(nullptr);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_adddup2(&actions, out.write_end, STDOUT_FILENO);
  posix_spawn_file_actions_adddup2(&actions, err.write_end, STDERR_FILENO);
  const int error =
      ::posix_spawnp(&id, arguments.front(), &actions, nullptr, arguments.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  return error;
}

/// Reads to the end; what goes beyond the limit is read and dropped.
awaitable<void> read_all(Descriptor& from, std::string& into, std::size_t limit) {
  std::string buffer(4096, '\0');
  for (;;) {
    auto reading = from.async_read_some(boost::asio::buffer(buffer),
                                        boost::asio::as_tuple(boost::asio::use_awaitable));
    const auto [error, size] = co_await std::move(reading);
    if (error) co_return;
    into.append(buffer.data(), std::min(size, limit - std::min(limit, into.size())));
  }
}

Error too_slow(const std::string& program) {
  ErrorInfo info;
  info.code = ErrorCode::timeout;
  info.message = quote(program) + " did not end in time and was killed";
  info.remedy = "make it faster";
  info.retryable = true;
  return Error(std::move(info));
}

Error not_started(const std::string& program, int error) {
  return {ErrorCode::io_error,
          quote(program) + " cannot be run: " + std::generic_category().message(error),
          "check its path and its permissions"};
}

/// Everything it writes, until it closes both ends or is killed.
awaitable<ProgramOutput> read_both(Descriptor out, Descriptor err, const Child& child,
                                   Deadline deadline) {
  boost::asio::steady_timer timer(co_await boost::asio::this_coro::executor, deadline);
  timer.async_wait([&](const boost::system::error_code& error) {
    if (error) return;
    child.kill();
    out.cancel();
    err.cancel();
  });
  ProgramOutput output;
  std::vector<awaitable<void>> parts;
  parts.push_back(read_all(out, output.standard_output, most_output + 1));
  parts.push_back(read_all(err, output.standard_error, most_errors));
  auto reading = net::gather(std::move(parts));
  co_await std::move(reading);
  co_return output;
}

/// Its exit status.
awaitable<int> wait_for(Child& child, Deadline deadline) {
  boost::asio::steady_timer timer(co_await boost::asio::this_coro::executor);
  for (;;) {
    if (const auto status = child.ended()) co_return *status;
    if (std::chrono::steady_clock::now() >= deadline) child.kill();
    timer.expires_after(std::chrono::milliseconds(2));
    auto waiting = timer.async_wait(boost::asio::use_awaitable);
    co_await std::move(waiting);
  }
}

}  // namespace

std::vector<std::string> split_command(std::string_view text) {
  std::vector<std::string> words;
  char quoted = '\0';
  bool inside = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    const bool blank = c == ' ' || c == '\t' || c == '\n';
    if (quoted == '\0' && blank) {
      inside = false;
      continue;
    }
    if (!std::exchange(inside, true)) words.emplace_back();
    if (c == quoted) {
      quoted = '\0';
    } else if (quoted == '\0' && (c == '"' || c == '\'')) {
      quoted = c;
    } else if (c == '\\' && quoted != '\'' && i + 1 < text.size()) {
      words.back() += text[++i];
    } else {
      words.back() += c;
    }
  }
  return words;
}

awaitable<Result<ProgramOutput>> run_program(std::vector<std::string> words, Deadline deadline) {
  const auto out = open_pipe();
  const auto err = out ? open_pipe() : std::nullopt;
  if (!err) {
    const int error = errno;
    if (out) close_end(out->read_end);
    if (out) close_end(out->write_end);
    co_return not_started(words.front(), error);
  }
  pid_t id = -1;
  const int error = start(words, *out, *err, id);
  close_end(out->write_end);
  close_end(err->write_end);
  const boost::asio::any_io_executor executor = co_await boost::asio::this_coro::executor;
  Descriptor out_end(executor, out->read_end);
  Descriptor err_end(executor, err->read_end);
  if (error != 0) co_return not_started(words.front(), error);
  Child child(id);
  auto reading = read_both(std::move(out_end), std::move(err_end), child, deadline);
  ProgramOutput output = co_await std::move(reading);
  auto waiting = wait_for(child, deadline);
  output.status = co_await std::move(waiting);
  if (std::chrono::steady_clock::now() >= deadline) co_return too_slow(words.front());
  if (output.standard_output.size() > most_output) {
    co_return Error(ErrorCode::protocol_error, quote(words.front()) + " writes more than 1 MiB",
                    "let it write the answer alone");
  }
  co_return output;
}

}  // namespace semantrix::cloud
