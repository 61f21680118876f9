#include "cloud/gcp/given_tokens.hpp"

#include <utility>

namespace semantrix::gcp {

using boost::asio::awaitable;

FixedToken::FixedToken(std::string token) : token_(std::move(token)) {}

awaitable<Result<GoogleAccessToken>> FixedToken::fetch(Deadline /*deadline*/) {
  GoogleAccessToken token;
  token.token = token_;
  co_return token;
}

CallbackTokens::CallbackTokens(GoogleTokenProvider callback) : callback_(std::move(callback)) {}

awaitable<Result<GoogleAccessToken>> CallbackTokens::fetch(Deadline /*deadline*/) {
  auto asking = callback_();
  Result<GoogleAccessToken> given = co_await std::move(asking);
  if (!given || !given->token.empty()) co_return given;
  co_return Error(ErrorCode::no_credentials, "the credentials callback gave an empty token",
                  "have it give an access token, or an error");
}

}  // namespace semantrix::gcp
