#include "cloud/gcp/credentials_file.hpp"

#include "base/quote.hpp"
#include "cloud/access/json_fields.hpp"
#include "cloud/gcp/authorized_user.hpp"
#include "cloud/gcp/external_account.hpp"
#include "cloud/gcp/impersonated_account.hpp"
#include "cloud/gcp/service_account.hpp"

#include <fmt/format.h>

#include <utility>

namespace semantrix::gcp {

Error unusable(std::string message, std::string remedy) {
  return {ErrorCode::no_credentials, std::move(message), std::move(remedy)};
}

Error FileFields::missing(std::string_view field) const {
  return unusable(fmt::format("a credentials file of {} has no usable field {}", what_, field),
                  "download or make the file again");
}

Result<void> FileFields::read(std::string_view field, std::string& text) const {
  text = cloud::text_field(object_, field);
  if (text.empty()) return missing(field);
  return {};
}

Result<cloud::HttpUrl> FileFields::url(std::string_view field, std::string_view by_default) const {
  std::string text = cloud::text_field(object_, field);
  if (text.empty()) text = by_default;
  auto url = cloud::parse_http_url(text);
  if (!url) return missing(field);
  return url;
}

Result<OwnedTokenSource> token_source_of(const boost::json::object& file,
                                         const cloud::SharedSurroundings& surroundings,
                                         bool nested) {
  const std::string type = cloud::text_field(file, "type");
  if (type == "service_account") return ServiceAccount::make(file, surroundings);
  if (type == "authorized_user") return AuthorizedUser::make(file, surroundings);
  if (type == "external_account") return ExternalAccount::make(file, surroundings);
  if (type == "impersonated_service_account" && !nested) {
    return ImpersonatedAccount::make(file, surroundings);
  }
  return Error(ErrorCode::not_supported,
               fmt::format("credentials of the type {} are not known here", quote(type)),
               "use a file of the type service_account, authorized_user, "
               "impersonated_service_account or external_account");
}

Result<OwnedTokenSource> read_credentials_file(const std::string& path,
                                               const cloud::SharedSurroundings& surroundings) {
  const Result<std::optional<std::string>> text = surroundings->file(path);
  if (!text) return unusable(text.error().message(), text.error().remedy());
  if (!*text) {
    return unusable("there is no credentials file " + quote(path),
                    "check GOOGLE_APPLICATION_CREDENTIALS or credentials_file");
  }
  const auto document = cloud::parse_json_object(**text);
  if (!document) {
    return unusable("the credentials file " + quote(path) + " is no JSON object",
                    "download or make the file again");
  }
  return token_source_of(*document, surroundings);
}

}  // namespace semantrix::gcp
