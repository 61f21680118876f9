#pragma once

#include "protocol/http/message.hpp"

/// What `HttpClient` takes and gives, by the names that its users know.
namespace semantrix::net {

using HttpHeader = http::Header;
using HttpRequest = http::Request;
using HttpResponse = http::Response;

}  // namespace semantrix::net
