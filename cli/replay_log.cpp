#include "cli/replay_log.hpp"

#include "base/hash.hpp"
#include "cli/json_text.hpp"

#include <boost/json/parse.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <iterator>
#include <utility>
#include <vector>

namespace semantrix::cli {
namespace {

namespace json = boost::json;

constexpr std::size_t memory_bytes = std::size_t{64} << 10;
// Messages carry tools' arguments and schemas; deeper nesting than this is no chat.
constexpr std::size_t deepest_nesting = 200;
constexpr std::size_t longest_model_in_key = 48;

Error broken(std::string message) { return {ErrorCode::invalid_argument, std::move(message)}; }

const json::value* given(const json::object& object, json::string_view name) {
  const json::value* value = object.if_contains(name);
  return value != nullptr && !value->is_null() ? value : nullptr;
}

Result<std::string_view> read_text(const json::object& object, json::string_view name) {
  const json::value* value = given(object, name);
  if (value == nullptr) return std::string_view();
  if (!value->is_string())
    return broken(fmt::format("has a {} that is no string", std::string_view(name)));
  return std::string_view(value->get_string());
}

Result<double> read_amount(const json::object& object, json::string_view name) {
  const json::value* value = given(object, name);
  if (value == nullptr) return 0.0;
  json::error_code failure;
  const double amount = value->is_number() ? value->to_number<double>(failure) : -1;
  if (failure || !(amount >= 0) || !std::isfinite(amount)) {
    return broken(fmt::format("has a {} that is no number of 0 or more", std::string_view(name)));
  }
  return amount;
}

bool is_list_of_objects(const json::value& value) {
  return value.is_array() && std::ranges::all_of(value.get_array(), [](const json::value& one) {
           return one.is_object();
         });
}

/// The model as part of a key: short, printable, without the separator.
std::string readable(std::string_view model) {
  std::string text;
  for (const char c : model.substr(0, longest_model_in_key)) {
    const bool printable = c > ' ' && c <= '~' && c != ':';
    text += printable ? c : '_';
  }
  return text.empty() ? "-" : text;
}

void append_members(std::string& out, const json::object& object) {
  std::vector<const json::key_value_pair*> members;
  members.reserve(object.size());
  for (const json::key_value_pair& member : object) members.push_back(&member);
  std::ranges::sort(members, {},
                    [](const auto* member) { return std::string_view(member->key()); });
  bool first = true;
  for (const json::key_value_pair* member : members) {
    if (!std::exchange(first, false)) out += ',';
    append_json_string(out, member->key());
    out += ':';
    append_canonical_json(out, member->value());
  }
}

// The shortest text that reads back the same, always with a sign of being no whole number.
void append_double(std::string& out, double number) {
  const std::size_t from = out.size();
  fmt::format_to(std::back_inserter(out), "{}", number);
  if (out.find_first_of(".e", from) == out.npos) out += ".0";
}

}  // namespace

void append_canonical_json(std::string& out, const json::value& value) {
  switch (value.kind()) {
    case json::kind::null:
      out += "null";
      return;
    case json::kind::bool_:
      out += value.get_bool() ? "true" : "false";
      return;
    case json::kind::int64:
      out += fmt::format_int(value.get_int64()).c_str();
      return;
    case json::kind::uint64:
      out += fmt::format_int(value.get_uint64()).c_str();
      return;
    case json::kind::double_:
      append_double(out, value.get_double());
      return;
    case json::kind::string:
      append_json_string(out, value.get_string());
      return;
    case json::kind::object:
      out += '{';
      append_members(out, value.get_object());
      out += '}';
      return;
    case json::kind::array:
      break;
  }
  out += '[';
  bool first = true;
  for (const json::value& element : value.get_array()) {
    if (!std::exchange(first, false)) out += ',';
    append_canonical_json(out, element);
  }
  out += ']';
}

ReplayLogParser::ReplayLogParser() : memory_(memory_bytes) {}
ReplayLogParser::~ReplayLogParser() = default;

Result<ReplayRequest> ReplayLogParser::parse(std::string_view line) {
  document_.reset();  // before the memory it lies in
  resource_.emplace(memory_.data(), memory_.size());
  json::parse_options options;
  options.max_depth = deepest_nesting;
  json::error_code failure;
  document_.emplace(json::parse(json::string_view(line.data(), line.size()), failure,
                                json::storage_ptr(&*resource_), options));
  if (failure) return broken(fmt::format("is no JSON: {}", failure.message()));
  if (!document_->is_object()) return broken("is no JSON object");
  return read_request();
}

Result<ReplayRequest> ReplayLogParser::read_request() {
  const json::object& object = document_->get_object();
  const auto model = read_text(object, "model");
  if (!model) return model.error();
  const auto prompt = read_text(object, "prompt");
  if (!prompt) return prompt.error();
  const auto response = read_text(object, "response");
  if (!response) return response.error();
  const auto latency = read_amount(object, "latency_ms");
  if (!latency) return latency.error();
  const auto cost = read_amount(object, "cost_usd");
  if (!cost) return cost.error();
  const json::value* messages = given(object, "messages");
  const json::value* question = messages != nullptr ? messages : given(object, "prompt");
  if (question == nullptr) return broken("has neither prompt nor messages");
  if (messages != nullptr && !is_list_of_objects(*messages)) {
    return broken("has messages that are no list of objects");
  }
  const json::value* named_model = given(object, "model");
  canonical_.clear();
  append_canonical_json(canonical_, named_model != nullptr ? *named_model : json::value());
  // A prompt is a JSON string and messages are a JSON list, so their texts can never be equal.
  canonical_ += '\n';
  append_canonical_json(canonical_, *question);
  const XXH128_hash_t digest = XXH3_128bits(canonical_.data(), canonical_.size());
  ReplayRequest request;
  request.key = fmt::format("{}:{}:{:016x}{:016x}", messages != nullptr ? "messages" : "prompt",
                            readable(*model), digest.high64, digest.low64);
  request.identity = digest.low64;
  request.response = *response;
  request.latency_ms = *latency;
  request.cost_usd = *cost;
  return request;
}

}  // namespace semantrix::cli
