#include "cloud/gcp/authorized_user.hpp"

#include "cloud/access/json_fields.hpp"
#include "cloud/gcp/credentials_file.hpp"
#include "cloud/gcp/token_answer.hpp"

#include <utility>

namespace semantrix::gcp {

using boost::asio::awaitable;

Result<OwnedTokenSource> AuthorizedUser::make(const boost::json::object& file,
                                              cloud::SharedSurroundings surroundings) {
  std::unique_ptr<AuthorizedUser> user(new AuthorizedUser(std::move(surroundings)));
  const FileFields fields(file, "an authorized user");
  if (auto read = fields.read("client_id", user->client_id_); !read) return read.error();
  if (auto read = fields.read("client_secret", user->client_secret_); !read) return read.error();
  if (auto read = fields.read("refresh_token", user->refresh_token_); !read) return read.error();
  auto url = fields.url("token_uri", "https://oauth2.googleapis.com/token");
  if (!url) return url.error();
  user->token_url_ = *std::move(url);
  user->quota_project_ = cloud::text_field(file, "quota_project_id");
  return OwnedTokenSource(std::move(user));
}

awaitable<Result<GoogleAccessToken>> AuthorizedUser::fetch(Deadline deadline) {
  FormFields fields;
  fields.emplace_back("grant_type", "refresh_token");
  fields.emplace_back("client_id", client_id_);
  fields.emplace_back("client_secret", client_secret_);
  fields.emplace_back("refresh_token", refresh_token_);
  auto sending = cloud::send_patiently(*surroundings_->transport, token_url_, form_request(fields),
                                       cloud::Patience(), deadline);
  const Result<net::HttpResponse> response = co_await std::move(sending);
  if (!response) co_return response.error();
  co_return read_token(*response, name(), *surroundings_->clock);
}

}  // namespace semantrix::gcp
