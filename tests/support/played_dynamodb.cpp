#include "support/played_dynamodb.hpp"

#include "protocol/dynamodb/crc32.hpp"
#include "protocol/sigv4/digest.hpp"
#include "protocol/sigv4/encode.hpp"
#include "protocol/sigv4/signer.hpp"

#include <algorithm>
#include <array>
#include <ctime>
#include <utility>

namespace semantrix::testing {
namespace {

namespace json = boost::json;
using std::chrono::seconds;

constexpr std::string_view secret = "played-secret";

std::string http_date(std::chrono::sys_seconds time) {
  const std::time_t at = std::chrono::system_clock::to_time_t(time);
  std::tm parts{};
  ::gmtime_r(&at, &parts);
  std::array<char, 64> text{};
  std::strftime(text.data(), text.size(), "%a, %d %b %Y %H:%M:%S GMT", &parts);
  return text.data();
}

std::chrono::sys_seconds parse_timestamp(const std::string& text) {
  std::tm parts{};
  ::strptime(text.c_str(), "%Y%m%dT%H%M%SZ", &parts);
  return std::chrono::floor<seconds>(std::chrono::system_clock::from_time_t(::timegm(&parts)));
}

/// What stands between two marks of the header Authorization.
std::string between(std::string_view text, std::string_view from, char to) {
  const std::size_t at = text.find(from);
  if (at == text.npos) return {};
  text.remove_prefix(at + from.size());
  return std::string(text.substr(0, text.find(to)));
}

/// The signature of what arrived, by its own list of signed headers.
std::string sign_again(const HttpArrival& arrival) {
  const std::string_view authorization = arrival.header("authorization");
  std::string names = between(authorization, "SignedHeaders=", ',');
  std::vector<sigv4::Header> headers;
  for (std::size_t at = 0; at <= names.size();) {
    const std::size_t end = std::min(names.find(';', at), names.size());
    const std::string_view name = std::string_view(names).substr(at, end - at);
    // The signer adds these itself.
    if (name != "x-amz-date" && name != "x-amz-security-token") {
      headers.push_back({name, arrival.header(name)});
    }
    at = end + 1;
  }
  const std::string hash = sigv4::body_hash(arrival.body);
  sigv4::Request request;
  request.method = arrival.method;
  request.path = arrival.target;
  request.headers = headers;
  request.body_hash = hash;
  const std::string access_key = between(authorization, "Credential=", '/');
  const sigv4::Identity identity{access_key, secret, arrival.header("x-amz-security-token")};
  const sigv4::Signer signer("us-west-2", "dynamodb");
  const auto date = parse_timestamp(std::string(arrival.header("x-amz-date")));
  return signer.sign(identity, request, date).signature;
}

std::string key_of(const json::object& key) {
  return std::string(key.at("key").as_object().at("S").as_string());
}

const json::object& first_member(const json::object& object) {
  return object.begin()->value().as_object();
}

}  // namespace

PlayedDynamoDB::PlayedDynamoDB()
    : server_([this](const HttpArrival& arrival) { return answer(arrival); }) {}

HttpReply PlayedDynamoDB::refusal(int status, std::string_view type, std::string_view message,
                                  std::string_view more) {
  std::string body = R"({"__type":"com.amazonaws.dynamodb.v20120810#)";
  body.append(type).append(R"(","message":")").append(message).append("\"");
  body.append(more).append("}");
  return {http_response(status, body)};
}

HttpReply PlayedDynamoDB::answer(const HttpArrival& arrival) {
  const std::lock_guard lock(mutex_);
  const std::string_view target = arrival.header("x-amz-target");
  const std::string action(target.substr(target.find('.') + 1));
  actions_.push_back(action);
  if (fault_) {
    if (auto reply = fault_(action, arrival)) return *reply;
  }
  if (auto refused = check(arrival)) return *refused;
  HttpReply reply = act(action, json::parse(arrival.body).as_object());
  if (spoil_) spoil_(action, reply);
  return reply;
}

std::optional<HttpReply> PlayedDynamoDB::check(const HttpArrival& arrival) {
  const auto now = std::chrono::floor<seconds>(std::chrono::system_clock::now()) + ahead_;
  const auto signed_at = parse_timestamp(std::string(arrival.header("x-amz-date")));
  if (std::chrono::abs(now - signed_at) > std::chrono::minutes(15)) {
    HttpReply late = refusal(400, "InvalidSignatureException", "Signature expired: too old");
    late.bytes.insert(late.bytes.find("\r\n") + 2, "Date: " + http_date(now) + "\r\n");
    return late;
  }
  if (arrival.header("x-amz-security-token") != token_) {
    return refusal(400, "ExpiredTokenException", "The security token has expired");
  }
  const std::string signature = between(arrival.header("authorization"), "Signature=", ',');
  if (signature == sign_again(arrival)) return std::nullopt;
  ++refused_;
  return refusal(400, "InvalidSignatureException", "The signature does not match");
}

HttpReply PlayedDynamoDB::act(std::string_view action, const json::object& request) {
  json::object response;
  if (action == "GetItem") {
    const auto found = items_.find(key_of(request.at("Key").as_object()));
    if (found != items_.end()) response["Item"] = found->second;
  } else if (action == "PutItem") {
    const json::object& item = request.at("Item").as_object();
    items_[key_of(item)] = item;
  } else if (action == "DeleteItem") {
    const auto found = items_.find(key_of(request.at("Key").as_object()));
    if (found != items_.end()) {
      response["Attributes"] = found->second;
      items_.erase(found);
    }
  } else if (action == "BatchGetItem") {
    response = batch_get(request);
  } else if (action == "BatchWriteItem") {
    response = batch_write(request);
  } else {
    return refusal(400, "UnknownOperationException", "");
  }
  const std::string body = json::serialize(response);
  const std::string crc = "x-amz-crc32: " + std::to_string(dynamodb::crc32(body)) + "\r\n";
  return {http_response(200, body, crc)};
}

json::object PlayedDynamoDB::batch_get(const json::object& request) {
  json::object got;
  const auto table = request.at("RequestItems").as_object().begin();
  json::array found;
  json::array left;
  std::size_t done = 0;
  for (const json::value& key : table->value().as_object().at("Keys").as_array()) {
    if (done == most_) {
      left.push_back(key);
      continue;
    }
    ++done;
    const auto item = items_.find(key_of(key.as_object()));
    if (item != items_.end()) found.push_back(item->second);
  }
  got["Responses"] = json::object{{table->key(), std::move(found)}};
  got["UnprocessedKeys"] = json::object();
  if (left.empty()) return got;
  got["UnprocessedKeys"] = json::object{{table->key(), json::object{{"Keys", std::move(left)}}}};
  return got;
}

json::object PlayedDynamoDB::batch_write(const json::object& request) {
  const auto table = request.at("RequestItems").as_object().begin();
  json::array left;
  std::size_t done = 0;
  for (const json::value& element : table->value().as_array()) {
    if (done == most_) {
      left.push_back(element);
      continue;
    }
    ++done;
    const json::object& what = element.as_object();
    const json::object& inner = first_member(first_member(what));
    if (what.contains("PutRequest")) {
      items_[key_of(inner)] = inner;
    } else {
      items_.erase(key_of(inner));
    }
  }
  json::object written{{"UnprocessedItems", json::object()}};
  if (!left.empty()) written["UnprocessedItems"] = json::object{{table->key(), std::move(left)}};
  return written;
}

void PlayedDynamoDB::fault(Fault fault) {
  const std::lock_guard lock(mutex_);
  fault_ = std::move(fault);
}
void PlayedDynamoDB::spoil(Spoil spoil) {
  const std::lock_guard lock(mutex_);
  spoil_ = std::move(spoil);
}
void PlayedDynamoDB::set_clock(seconds ahead) {
  const std::lock_guard lock(mutex_);
  ahead_ = ahead;
}
void PlayedDynamoDB::set_token(std::string token) {
  const std::lock_guard lock(mutex_);
  token_ = std::move(token);
}
void PlayedDynamoDB::process_at_most(std::size_t elements) {
  const std::lock_guard lock(mutex_);
  most_ = elements;
}
bool PlayedDynamoDB::holds(const std::string& key) const {
  const std::lock_guard lock(mutex_);
  return items_.contains(key);
}
std::size_t PlayedDynamoDB::size() const {
  const std::lock_guard lock(mutex_);
  return items_.size();
}
std::size_t PlayedDynamoDB::count(std::string_view action) const {
  const std::lock_guard lock(mutex_);
  return static_cast<std::size_t>(std::ranges::count(actions_, action));
}
std::size_t PlayedDynamoDB::refused_signatures() const {
  const std::lock_guard lock(mutex_);
  return refused_;
}

}  // namespace semantrix::testing
