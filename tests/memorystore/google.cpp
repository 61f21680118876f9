#include "memorystore/google.hpp"

#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace semantrix::testing {

namespace json = boost::json;

HttpReply document(const json::object& object) {
  return {http_response(200, json::serialize(object))};
}

HttpReply refusal(int http, std::string_view status, std::string_view message,
                  std::string_view error_info) {
  const std::string details =
      error_info.empty()
          ? std::string()
          : fmt::format(R"(,"details":[{{"@type":"type.googleapis.com/google.rpc.ErrorInfo",{}}}])",
                        error_info);
  return {
      http_response(http, fmt::format(R"({{"error":{{"code":{},"message":"{}","status":"{}"{}}}}})",
                                      http, message, status, details))};
}

namespace {

json::object describe(const Google::Instance& instance) {
  json::object object;
  object["name"] = "projects/p/locations/us-central1/instances/cache";
  object["state"] = instance.state;
  object["tier"] = "BASIC";
  object["memorySizeGb"] = 1;
  object["redisVersion"] = "REDIS_7_0";
  if (instance.at.port != 0) {
    object["host"] = instance.at.host;
    object["port"] = instance.at.port;
  }
  if (instance.reads_at.port != 0) {
    object["readEndpoint"] = instance.reads_at.host;
    object["readEndpointPort"] = instance.reads_at.port;
  }
  if (!instance.auth_string.empty()) object["authEnabled"] = true;
  if (instance.authorities.empty()) return object;
  object["transitEncryptionMode"] = "SERVER_AUTHENTICATION";
  json::array authorities;
  for (const std::string& pem : instance.authorities) {
    authorities.push_back(json::object{{"cert", pem}});
  }
  object["serverCaCerts"] = std::move(authorities);
  return object;
}

}  // namespace

Google::Google() : server_([this](const HttpArrival& arrival) { return answer(arrival); }) {}

std::size_t Google::count(std::string_view method, std::string_view target) const {
  const auto all = server_.arrivals();
  return static_cast<std::size_t>(std::count_if(all.begin(), all.end(), [&](const auto& each) {
    return each.method == method && each.target == target;
  }));
}

void Google::set(Instance instance) {
  const std::lock_guard lock(mutex_);
  instance_ = std::move(instance);
}

Google::Instance Google::get() const {
  const std::lock_guard lock(mutex_);
  return instance_;
}

void Google::fail(Fault fault) {
  const std::lock_guard lock(mutex_);
  fault_ = std::move(fault);
}

HttpReply Google::answer(const HttpArrival& arrival) {
  const std::lock_guard lock(mutex_);
  if (fault_) {
    if (auto reply = fault_(arrival)) return *std::move(reply);
  }
  if (arrival.header("authorization") != "Bearer token") {
    return refusal(401, "UNAUTHENTICATED", "who are you");
  }
  const std::string path(instance_path);
  if (instance_.exists && arrival.target == path) return document(describe(instance_));
  if (instance_.exists && arrival.target == path + "/authString") {
    return document({{"authString", instance_.auth_string}});
  }
  return refusal(404, "NOT_FOUND", "there is none");
}

}  // namespace semantrix::testing
