#include "cloud/aws/sts_reply.hpp"

#include "cloud/access/rfc3339.hpp"
#include "cloud/aws/credentials_document.hpp"

#include <array>
#include <cstddef>
#include <utility>

namespace semantrix::aws {
namespace {

/// What stands between the first tag of that name, which has no attributes, and its end.
std::string_view inside(std::string_view xml, std::string_view tag) {
  const std::string open = "<" + std::string(tag) + ">";
  const std::string close = "</" + std::string(tag) + ">";
  const std::size_t begin = xml.find(open);
  if (begin == std::string_view::npos) return {};
  xml.remove_prefix(begin + open.size());
  const std::size_t end = xml.find(close);
  return end == std::string_view::npos ? std::string_view() : xml.substr(0, end);
}

std::string unescaped(std::string_view text) {
  constexpr std::array<std::pair<std::string_view, char>, 5> names = {
      {{"&amp;", '&'}, {"&lt;", '<'}, {"&gt;", '>'}, {"&quot;", '"'}, {"&apos;", '\''}}};
  std::string out;
  while (!text.empty()) {
    std::size_t length = 1;
    char c = text.front();
    for (const auto& [name, meaning] : names) {
      if (!text.starts_with(name)) continue;
      length = name.size();
      c = meaning;
    }
    out += c;
    text.remove_prefix(length);
  }
  return out;
}

std::string text_in(std::string_view xml, std::string_view tag) {
  return unescaped(inside(xml, tag));
}

/// "arn:aws:sts::ACCOUNT:assumed-role/…".
std::string account_of(std::string_view arn) {
  for (int colons = 0; colons < 4; ++colons) {
    const std::size_t colon = arn.find(':');
    if (colon == std::string_view::npos) return {};
    arn.remove_prefix(colon + 1);
  }
  return std::string(arn.substr(0, arn.find(':')));
}

ErrorCode code_of(std::string_view name, int status) {
  if (name == "AccessDenied") return ErrorCode::permission_denied;
  if (name == "Throttling" || status == 429) return ErrorCode::throttled;
  if (name == "IDPCommunicationError" || status >= 500) return ErrorCode::unavailable;
  return ErrorCode::authentication_failed;
}

std::string remedy_for(ErrorCode code) {
  if (code == ErrorCode::permission_denied) {
    return "allow sts:AssumeRole for these credentials, and let the role trust them";
  }
  if (code == ErrorCode::authentication_failed) {
    return "check the credentials or the token that ask for the role, and the clock";
  }
  return "try again";
}

}  // namespace

Result<Credentials> parse_sts_reply(std::string_view xml) {
  const std::string_view part = inside(xml, "Credentials");
  Credentials found;
  found.access_key_id = text_in(part, "AccessKeyId");
  found.secret_access_key = text_in(part, "SecretAccessKey");
  found.session_token = text_in(part, "SessionToken");
  found.account_id = account_of(inside(inside(xml, "AssumedRoleUser"), "Arn"));
  const auto until = cloud::parse_rfc3339(inside(part, "Expiration"));
  if (found.access_key_id.empty() || found.secret_access_key.empty() || !until) {
    return Error(ErrorCode::protocol_error, "STS gave no credentials",
                 "check what answers at its endpoint");
  }
  found.expires = *until;
  return found;
}

Error parse_sts_error(int status, std::string_view xml) {
  const std::string name = text_in(xml, "Code");
  ErrorInfo info;
  info.code = code_of(name, status);
  info.message = "STS does not give the role's credentials";
  if (!name.empty()) info.message += " (" + name + ")";
  info.remedy = remedy_for(info.code);
  info.server_message = text_in(xml, "Message");
  info.retryable = info.code == ErrorCode::unavailable || info.code == ErrorCode::throttled;
  info.phase = Phase::received;
  return Error(std::move(info));
}

}  // namespace semantrix::aws
