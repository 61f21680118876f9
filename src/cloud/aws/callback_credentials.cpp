#include "cloud/aws/callback_credentials.hpp"

#include <utility>

namespace semantrix::aws {

CallbackCredentials::CallbackCredentials(Callback callback) : callback_(std::move(callback)) {}

boost::asio::awaitable<Result<std::optional<Credentials>>> CallbackCredentials::fetch(
    Deadline /*deadline*/) {
  auto asking = callback_();
  Result<Credentials> given = co_await std::move(asking);
  if (!given) co_return given.error();
  if (given->access_key_id.empty() || given->secret_access_key.empty()) co_return std::nullopt;
  co_return std::optional(*std::move(given));
}

}  // namespace semantrix::aws
