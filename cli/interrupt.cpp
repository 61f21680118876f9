#include "cli/interrupt.hpp"

#include <atomic>
#include <csignal>

namespace semantrix::cli {
namespace {

std::atomic<int> caught_signal{0};
static_assert(std::atomic<int>::is_always_lock_free);

void remember_signal(int number) { caught_signal.store(number, std::memory_order_relaxed); }

void handle(int number, void (*handler)(int), int flags) {
  struct sigaction action {};
  action.sa_handler = handler;
  action.sa_flags = flags;
  sigaction(number, &action, nullptr);
}

}  // namespace

void install_signal_handlers() {
  // Without SA_RESTART, so that a read that waits for input ends as well.
  handle(SIGINT, remember_signal, static_cast<int>(SA_RESETHAND));
  handle(SIGTERM, remember_signal, static_cast<int>(SA_RESETHAND));
  handle(SIGPIPE, SIG_IGN, 0);
  handle(SIGXFSZ, SIG_IGN, 0);
}

bool interrupted() noexcept { return caught_signal.load(std::memory_order_relaxed) != 0; }

void interruption_point() {
  const int number = caught_signal.load(std::memory_order_relaxed);
  if (number != 0) throw Interrupted{128 + number};
}

}  // namespace semantrix::cli
