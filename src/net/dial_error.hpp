#pragma once

#include "net/endpoint.hpp"
#include <semantrix/error.hpp>

#include <boost/system/error_code.hpp>

#include <string>
#include <string_view>

/// What fails while connecting, in words: each error has a cause, a remedy and phase `connecting`.
namespace semantrix::net {

[[nodiscard]] Error does_not_resolve(const Endpoint& endpoint, std::string_view why);
[[nodiscard]] Error look_up_hangs(const Endpoint& endpoint);
[[nodiscard]] Error cannot_look_up(const Endpoint& endpoint);

/// Every address failed; `why` is what the most telling one said.
[[nodiscard]] Error cannot_connect(const Endpoint& endpoint, boost::system::error_code why);
/// Nothing answered before the deadline.
[[nodiscard]] Error no_answer(const Endpoint& endpoint);

/// `name` can stand in no certificate.
[[nodiscard]] Error bad_server_name(const Endpoint& endpoint, std::string_view name);

/// The caller cancelled.
[[nodiscard]] Error dial_cancelled(const Endpoint& endpoint);

/// An `ErrorInfo` with phase `connecting`.
[[nodiscard]] Error dial_error(ErrorCode code, bool retryable, std::string message,
                               std::string remedy);

}  // namespace semantrix::net
