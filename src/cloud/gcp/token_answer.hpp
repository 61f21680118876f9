#pragma once

#include "net/http_message.hpp"
#include <semantrix/clock.hpp>
#include <semantrix/error.hpp>
#include <semantrix/google_memorystore_options.hpp>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// What the services that give tokens are asked, and what they answer.
namespace semantrix::gcp {

using FormFields = std::vector<std::pair<std::string_view, std::string>>;

/// A POST of such fields; empty ones are left out.
[[nodiscard]] net::HttpRequest form_request(const FormFields& fields);

/// The token of an OAuth 2.0 answer: {"access_token", "expires_in"}. `who` is whose. Errors:
/// authentication_failed with what the service says, unavailable, protocol_error. Never quotes what
/// might be a token.
[[nodiscard]] Result<GoogleAccessToken> read_token(const net::HttpResponse& response,
                                                   std::string_view who, const Clock& clock);

/// That token of a service account which IAM makes: {"accessToken", "expireTime"}.
[[nodiscard]] Result<GoogleAccessToken> read_impersonated_token(const net::HttpResponse& response,
                                                                std::string_view who);

}  // namespace semantrix::gcp
