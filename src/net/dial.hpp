#pragma once

#include "net/endpoint.hpp"
#include "net/stream.hpp"
#include "net/tls_context.hpp"
#include <semantrix/error.hpp>

#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <memory>
#include <string>

namespace semantrix::net {

/// Whom to call, and whether encrypted.
struct Destination {
  Endpoint endpoint;
  std::shared_ptr<TlsContext> tls = nullptr;  ///< Null: plain TCP.
  /// Sent (SNI) and verified in place of the context's `server_name` and of the host.
  std::string server_name = {};
};

/// Opens a connection: resolves the name anew, tries its addresses in turn (RFC 8305: families
/// alternate, the next starts after 250 ms or when one fails, the first that connects wins), then
/// shakes hands over TLS and verifies the server, all before `deadline`.
///
/// The stream belongs to the coroutine's executor. The socket sends small writes at once
/// (TCP_NODELAY), keeps itself alive and is closed on exec.
///
/// Errors, all with phase `connecting`: `resolve_failed`; `connect_failed`, in the words of the
/// operating system; `timeout`, when nothing answers; `tls_failed`, which says whether the chain,
/// the name, the time or the protocol is at fault; `cancelled`, when the coroutine is. Whatever the
/// outcome, nothing stays open but the stream. A look-up that hangs is left behind on its own
/// thread.
[[nodiscard]] boost::asio::awaitable<Result<Stream>> dial(
    Destination destination, std::chrono::steady_clock::time_point deadline);

}  // namespace semantrix::net
