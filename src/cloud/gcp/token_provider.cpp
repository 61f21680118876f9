#include "cloud/gcp/token_provider.hpp"

#include "cloud/gcp/default_credentials.hpp"

#include <utility>

template class semantrix::cloud::Renewed<semantrix::gcp::Token>;

namespace semantrix::gcp {
namespace {

using boost::asio::awaitable;

class FoundCredentials final : public cloud::Source<Token> {
 public:
  FoundCredentials(GoogleAccess access, cloud::SharedSurroundings surroundings)
      : access_(std::move(access)), surroundings_(std::move(surroundings)) {}

  [[nodiscard]] std::string_view name() const noexcept override { return "Google's credentials"; }

  [[nodiscard]] awaitable<Result<std::optional<Token>>> fetch(Deadline deadline) override {
    if (!source_) {
      auto found = find_credentials(access_, surroundings_);
      if (!found) co_return found.error();
      source_ = *std::move(found);
    }
    auto fetching = source_->fetch(deadline);
    Result<GoogleAccessToken> given = co_await std::move(fetching);
    if (!given) co_return given.error();
    std::optional<Token> token(std::in_place);
    token->token = std::move(given->token);
    token->expires = given->expires;
    token->quota_project = quota_project_of(access_, *surroundings_, *source_);
    co_return token;
  }

 private:
  const GoogleAccess access_;
  const cloud::SharedSurroundings surroundings_;
  OwnedTokenSource source_;
};

/// Google's tokens live an hour; its own libraries renew them so long before.
constexpr cloud::RenewalTiming timing{.refresh_before = std::chrono::seconds(225),
                                      .wait_before = std::chrono::seconds(10),
                                      .attempt = std::chrono::seconds(20)};

}  // namespace

std::shared_ptr<TokenProvider> make_token_provider(const boost::asio::any_io_executor& executor,
                                                   GoogleAccess access,
                                                   cloud::SharedSurroundings surroundings) {
  auto clock = surroundings->clock;
  auto source = std::make_unique<FoundCredentials>(std::move(access), std::move(surroundings));
  return std::make_shared<TokenProvider>(executor, std::move(source), std::move(clock), timing);
}

}  // namespace semantrix::gcp
