#pragma once

#include <boost/system/result.hpp>

#include <cstdint>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>

/// Errors as values, and the exception that carries one across the public edge.
///
/// Inside the library, stores and layers included, a failure is a `Result<T>`; only the public
/// verbs of `CacheStore` and `MemoryCache`'s constructor throw, and what they throw is a
/// `CacheError`. A miss is never an error.
namespace semantrix {

/// What kind of failure. Python has one exception class per enumerator; the command line's exit
/// status follows from it (`exit_status`).
enum class ErrorCode : std::uint8_t {
  invalid_argument,       ///< The caller's argument, option or URL can never work.
  missing_configuration,  ///< A needed setting (a region, say) is nowhere to be found.
  too_large,              ///< The value or key cannot fit the store's limits.
  not_supported,          ///< This store, or this server, cannot do it (see `Capability`).
  closed,                 ///< `close()` was called on the store.
  cancelled,              ///< The caller cancelled; the outcome of a write is unknown.
  timeout,                ///< The deadline passed; the outcome of a write is unknown.
  resolve_failed,         ///< The host name does not resolve.
  connect_failed,         ///< Nothing accepts connections there.
  tls_failed,             ///< The TLS handshake or the verification of the certificate failed.
  connection_lost,        ///< The connection ended in the middle of a call.
  unavailable,            ///< The server answers, but cannot serve (5xx, loading, failing over).
  overloaded,             ///< This process has too many calls in flight for the store.
  throttled,              ///< The server asks for fewer calls.
  no_credentials,         ///< No credentials were found.
  authentication_failed,  ///< The server refuses the credentials.
  permission_denied,      ///< The credentials lack a permission.
  server_out_of_memory,   ///< The server has no room and evicts nothing.
  protocol_error,         ///< The server sent what its protocol does not allow.
  corrupt,                ///< Stored bytes fail their checksum or cannot be decoded.
  unsupported_version,    ///< A file or record of a newer version than this library reads.
  io_error,               ///< A file cannot be read or written.
  busy,                   ///< Another process or call holds the resource.
  internal,               ///< A defect of this library; please report it.
};

/// The enumerator's name, e.g. "connect_failed". Never fails.
[[nodiscard]] std::string_view to_string(ErrorCode code) noexcept;

/// Exit status of the command line for an error: 2 usage or configuration, 3 out of reach,
/// 4 credentials or permission, 5 anything else.
[[nodiscard]] int exit_status(ErrorCode code) noexcept;

/// How far a call had come when it failed. From `sent` on, a write's outcome is unknown.
enum class Phase : std::uint8_t { none, queued, connecting, sent, received };
[[nodiscard]] std::string_view to_string(Phase phase) noexcept;

/// All that is known of one failure. Texts are one sentence each and never hold a key, a value or a
/// secret.
struct ErrorInfo {
  ErrorCode code = ErrorCode::internal;
  std::string message = {};         ///< What failed and why.
  std::string remedy = {};          ///< What to do about it; may be empty.
  std::string store = {};           ///< The store's name, e.g. "memory"; may be empty.
  std::string server_message = {};  ///< The server's own words; may be empty.
  std::uint64_t key_digest = 0;     ///< Hash of the key concerned; 0 when none is.
  bool retryable = false;           ///< Whether the same call may succeed later.
  int attempts = 0;                 ///< Attempts made over the network.
  Phase phase = Phase::none;
};

/// A failure as a value: a shared, immutable `ErrorInfo`. Copying costs a reference count.
class Error {
 public:
  /// `internal`, "no error": `Result<T>::error()` does not compile without it.
  Error() : Error(ErrorCode::internal, "no error") {}
  explicit Error(ErrorInfo info);
  Error(ErrorCode code, std::string message, std::string remedy = {});

  [[nodiscard]] ErrorCode code() const noexcept { return info_->code; }
  [[nodiscard]] const std::string& message() const noexcept { return info_->message; }
  [[nodiscard]] const std::string& remedy() const noexcept { return info_->remedy; }
  [[nodiscard]] bool retryable() const noexcept { return info_->retryable; }
  [[nodiscard]] const ErrorInfo& info() const noexcept { return *info_; }

  /// "message; server said …; remedy", one line, for logs and standard error.
  [[nodiscard]] std::string to_string() const;

 private:
  std::shared_ptr<const ErrorInfo> info_;
};

/// What the public verbs throw. `what()` is `error().to_string()`.
class CacheError : public std::runtime_error {
 public:
  explicit CacheError(Error error);
  [[nodiscard]] const Error& error() const noexcept { return error_; }
  [[nodiscard]] ErrorCode code() const noexcept { return error_.code(); }

 private:
  Error error_;
};

/// Makes `Result<T>::value()` throw a `CacheError`; found by argument-dependent lookup.
[[noreturn]] void throw_exception_from_error(const Error& error,
                                             const boost::source_location& where);

/// A `T` or an `Error`.
template <class T>
using Result = boost::system::result<T, Error>;

}  // namespace semantrix
