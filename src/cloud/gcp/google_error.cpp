#include "cloud/gcp/google_error.hpp"

#include "cloud/access/json_fields.hpp"

#include <boost/json/array.hpp>
#include <boost/json/value.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstddef>

namespace semantrix::gcp {
namespace {

namespace json = boost::json;

constexpr std::size_t longest_message = 300;

/// On one line and cut: it goes into a message.
std::string one_line(std::string_view text) {
  std::string line;
  for (const char c : text.substr(0, longest_message)) {
    const bool plain = c >= ' ' && c != '\x7f';
    if (plain) line += c;
    if (!plain && !line.empty() && line.back() != ' ') line += ' ';
  }
  while (line.ends_with(' ')) line.pop_back();
  if (text.size() > longest_message) line += "…";
  return line;
}

struct Row {
  std::string_view status;
  int http;
  ErrorCode code;
  bool retryable;
};

/// google.rpc.Code, with the HTTP status that each is told by. The first of a status is its name
/// where none is told.
constexpr std::array rows{
    Row{"INVALID_ARGUMENT", 400, ErrorCode::invalid_argument, false},
    Row{"FAILED_PRECONDITION", 400, ErrorCode::unavailable, false},
    Row{"OUT_OF_RANGE", 400, ErrorCode::invalid_argument, false},
    Row{"UNAUTHENTICATED", 401, ErrorCode::authentication_failed, false},
    Row{"PERMISSION_DENIED", 403, ErrorCode::permission_denied, false},
    Row{"NOT_FOUND", 404, ErrorCode::invalid_argument, false},
    Row{"ALREADY_EXISTS", 409, ErrorCode::busy, false},
    Row{"ABORTED", 409, ErrorCode::unavailable, true},
    Row{"RESOURCE_EXHAUSTED", 429, ErrorCode::throttled, true},
    Row{"CANCELLED", 499, ErrorCode::unavailable, true},
    Row{"INTERNAL", 500, ErrorCode::unavailable, true},
    Row{"UNKNOWN", 500, ErrorCode::unavailable, true},
    Row{"DATA_LOSS", 500, ErrorCode::unavailable, false},
    Row{"UNIMPLEMENTED", 501, ErrorCode::not_supported, false},
    Row{"UNAVAILABLE", 503, ErrorCode::unavailable, true},
    Row{"DEADLINE_EXCEEDED", 504, ErrorCode::unavailable, true},
};

Row row_of(const GoogleFault& fault) {
  const auto named = std::find_if(rows.begin(), rows.end(),
                                  [&](const Row& row) { return row.status == fault.status; });
  if (named != rows.end()) return *named;
  if (fault.http_status >= 500) return {"UNAVAILABLE", 503, ErrorCode::unavailable, true};
  if (fault.http_status == 408) return {"UNAVAILABLE", 503, ErrorCode::unavailable, true};
  if (fault.http_status >= 400) return rows.front();
  return {"UNKNOWN", 500, ErrorCode::protocol_error, false};
}

std::string status_name(int http_status) {
  const auto row = std::find_if(rows.begin(), rows.end(),
                                [=](const Row& each) { return each.http == http_status; });
  return row == rows.end() ? std::string() : std::string(row->status);
}

void read_details(const json::object& error, GoogleFault& fault) {
  const json::value* details = error.if_contains("details");
  if (details == nullptr || !details->is_array()) return;
  for (const json::value& detail : details->get_array()) {
    if (!detail.is_object()) continue;
    const json::object& object = detail.get_object();
    if (!cloud::text_field(object, "@type").ends_with("google.rpc.ErrorInfo")) continue;
    fault.reason = one_line(cloud::text_field(object, "reason"));
    if (const json::object* metadata = cloud::object_field(object, "metadata")) {
      fault.permission = one_line(cloud::text_field(*metadata, "permission"));
      fault.service = one_line(cloud::text_field(*metadata, "service"));
      fault.activation_url = one_line(cloud::text_field(*metadata, "activationUrl"));
    }
  }
}

std::string remedy_of(const GoogleFault& fault, ErrorCode code) {
  if (fault.reason == "SERVICE_DISABLED") {
    const std::string service = fault.service.empty() ? "redis.googleapis.com" : fault.service;
    return fmt::format("enable the interface: gcloud services enable {}", service);
  }
  switch (code) {
    case ErrorCode::authentication_failed:
      return "renew the credentials, e.g. gcloud auth application-default login";
    case ErrorCode::permission_denied:
      return fault.permission.empty()
                 ? std::string("grant a role that allows it, e.g. roles/redis.viewer")
                 : fmt::format("grant a role with the permission {}", fault.permission);
    case ErrorCode::throttled:
      return "wait, or raise the project's quota";
    case ErrorCode::unavailable:
      return "try again in a moment";
    case ErrorCode::protocol_error:
      return "check endpoint_url: something else answers there";
    default:
      return {};
  }
}

}  // namespace

GoogleFault google_fault(const net::HttpResponse& response) {
  GoogleFault fault;
  fault.http_status = response.status;
  fault.status = status_name(response.status);
  const auto document = cloud::parse_json_object(response.body);
  const json::object* error = document ? cloud::object_field(*document, "error") : nullptr;
  if (error == nullptr) {
    fault.message = one_line(response.body);
    return fault;
  }
  fault.message = one_line(cloud::text_field(*error, "message"));
  const std::string status = cloud::text_field(*error, "status");
  if (!status.empty()) fault.status = status;
  read_details(*error, fault);
  return fault;
}

Error to_error(const GoogleFault& fault, std::string_view what) {
  const Row row = row_of(fault);
  ErrorInfo info;
  info.code = row.code;
  info.retryable = row.retryable;
  info.phase = Phase::received;
  info.message = fmt::format("{}: Google answers {} {}", what, fault.http_status,
                             fault.status.empty() ? "without a status" : fault.status);
  if (!fault.reason.empty()) info.message += fmt::format(" ({})", fault.reason);
  info.server_message = fault.message;
  info.remedy = remedy_of(fault, row.code);
  return Error(std::move(info));
}

}  // namespace semantrix::gcp
