#include "cloud_program.hpp"
#include "protocol/sigv4/signer.hpp"

#include <boost/json.hpp>

#include <chrono>
#include <iostream>
#include <string>
#include <string_view>
#include <vector>

namespace {

namespace json = boost::json;
namespace sigv4 = semantrix::sigv4;

std::string_view text(const json::object& object, std::string_view name) {
  const json::value* found = object.if_contains(name);
  return found == nullptr ? std::string_view() : std::string_view(found->as_string());
}

bool flag(const json::object& object, std::string_view name, bool otherwise) {
  const json::value* found = object.if_contains(name);
  return found == nullptr ? otherwise : found->as_bool();
}

json::object answer(const json::object& asked) {
  std::vector<sigv4::Header> headers;
  for (const json::value& pair : asked.at("headers").as_array()) {
    headers.push_back({pair.at(0).as_string(), pair.at(1).as_string()});
  }
  const std::string body_hash = sigv4::body_hash(text(asked, "body"));
  const sigv4::Request request{text(asked, "method"), text(asked, "path"), text(asked, "query"),
                               headers, body_hash};
  const sigv4::Identity identity{text(asked, "access_key_id"), text(asked, "secret_access_key"),
                                 text(asked, "session_token")};
  const sigv4::Dialect dialect{flag(asked, "normalize_path", true),
                               flag(asked, "sign_session_token", true)};
  const sigv4::Signer signer(std::string(text(asked, "region")),
                             std::string(text(asked, "service")), dialect);
  const std::chrono::sys_seconds now(std::chrono::seconds(asked.at("time").as_int64()));
  if (const json::value* lifetime = asked.if_contains("lifetime")) {
    const std::chrono::seconds seconds(lifetime->as_int64());
    const auto link = signer.presign(identity, request, now, seconds);
    return {{"query", link.query},
            {"canonical_request", link.canonical_request},
            {"string_to_sign", link.string_to_sign},
            {"signature", link.signature}};
  }
  const auto made = signer.sign(identity, request, now);
  return {{"date", made.date},
          {"authorization", made.authorization},
          {"canonical_request", made.canonical_request},
          {"string_to_sign", made.string_to_sign},
          {"signature", made.signature}};
}

}  // namespace

namespace semantrix::cloud_program {

int sign() {
  for (std::string line; std::getline(std::cin, line);) {
    std::cout << json::serialize(answer(json::parse(line).as_object())) << '\n';
  }
  return 0;
}

}  // namespace semantrix::cloud_program
