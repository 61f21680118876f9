#pragma once

/// Ctrl-C: the handlers only set a flag, which long work reads, so that what is half done is undone
/// or finished in order. A second signal ends the process at once.
namespace semantrix::cli {

/// Exit status after a signal, as shells report it: 128 + its number.
struct Interrupted {
  int status;
};

/// Installs the handlers of SIGINT and SIGTERM, and ignores SIGPIPE and SIGXFSZ, whose causes are
/// reported by `write` as well.
void install_signal_handlers();

/// Whether a signal has asked the process to end. Any thread.
[[nodiscard]] bool interrupted() noexcept;

/// Throws `Interrupted` if so.
void interruption_point();

}  // namespace semantrix::cli
