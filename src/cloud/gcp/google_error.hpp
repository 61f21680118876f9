#pragma once

#include "net/http_message.hpp"
#include <semantrix/error.hpp>

#include <string>
#include <string_view>

namespace semantrix::gcp {

/// What a Google service says of a request that it does not do, in its own form:
/// {"error": {"code", "message", "status", "details": […]}}.
struct GoogleFault {
  int http_status = 0;
  std::string status = {};      ///< "PERMISSION_DENIED"; by the HTTP status where none is named.
  std::string message = {};     ///< One line; of a body that is no such document, its beginning.
  std::string reason = {};      ///< ErrorInfo's: "SERVICE_DISABLED"
  std::string permission = {};  ///< ErrorInfo's, if it names one: "redis.instances.get"
  std::string service = {};     ///< ErrorInfo's: "redis.googleapis.com"
  std::string activation_url = {};
};

/// Of a response whose status is not 2xx.
[[nodiscard]] GoogleFault google_fault(const net::HttpResponse& response);

/// As an error of `what` ("the instance cannot be read"), with what to do about it.
[[nodiscard]] Error to_error(const GoogleFault& fault, std::string_view what);

}  // namespace semantrix::gcp
