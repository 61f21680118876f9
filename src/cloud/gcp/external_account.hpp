#pragma once

#include "cloud/access/surroundings.hpp"
#include "cloud/gcp/token_source.hpp"

#include <boost/json/object.hpp>

#include <optional>
#include <vector>

namespace semantrix::gcp {

/// A workload of another identity provider (workload identity federation): its own token, from a
/// file or a URL, is exchanged at Google's security token service. The file or URL is read for
/// every exchange, since what it holds is short-lived.
class ExternalAccount final : public TokenSource {
 public:
  /// Errors: `no_credentials` (a field is missing), `not_supported` (AWS and executable sources).
  [[nodiscard]] static Result<OwnedTokenSource> make(const boost::json::object& file,
                                                     cloud::SharedSurroundings surroundings);

  [[nodiscard]] std::string name() const override { return "the external account"; }
  [[nodiscard]] std::string quota_project() const override { return quota_project_; }
  [[nodiscard]] boost::asio::awaitable<Result<GoogleAccessToken>> fetch(Deadline deadline) override;

 private:
  explicit ExternalAccount(cloud::SharedSurroundings surroundings)
      : surroundings_(std::move(surroundings)) {}

  [[nodiscard]] static Result<void> read_source(const boost::json::object& source,
                                                ExternalAccount& account);
  [[nodiscard]] boost::asio::awaitable<Result<std::string>> subject_token(Deadline deadline);
  [[nodiscard]] net::HttpRequest exchange(std::string subject_token) const;

  const cloud::SharedSurroundings surroundings_;
  cloud::HttpUrl token_url_;
  std::string audience_;
  std::string subject_token_type_;
  std::string client_id_;
  std::string client_secret_;
  std::string user_project_;
  std::string quota_project_;
  std::string path_;                   ///< Where the subject's token is: a file,
  std::optional<cloud::HttpUrl> url_;  ///< or this.
  std::vector<net::HttpHeader> headers_;
  std::string field_;  ///< Of a JSON document; empty: the text is the token.
};

}  // namespace semantrix::gcp
