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

json::array pems(const Google::Instance& instance) {
  json::array all;
  for (const std::string& pem : instance.authorities) all.emplace_back(pem);
  return all;
}

json::object describe_redis(const Google::Instance& instance) {
  json::object object;
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
  for (const json::value& pem : pems(instance)) authorities.push_back(json::object{{"cert", pem}});
  object["serverCaCerts"] = std::move(authorities);
  return object;
}

json::object describe_cluster(const Google::Instance& instance) {
  const json::object seed{{"address", instance.at.host}, {"port", instance.at.port}};
  json::object object;
  object["sizeGb"] = 3;
  object["discoveryEndpoints"] = json::array{seed};
  if (instance.iam) object["authorizationMode"] = "AUTH_MODE_IAM_AUTH";
  if (!instance.authorities.empty()) {
    object["transitEncryptionMode"] = "TRANSIT_ENCRYPTION_MODE_SERVER_AUTHENTICATION";
  }
  return object;
}

json::object connection(const Endpoint& to, std::string_view purpose) {
  const json::object psc{{"ipAddress", to.host}, {"port", to.port}, {"connectionType", purpose}};
  return {{"pscAutoConnection", psc}};
}

json::object describe_valkey(const Google::Instance& instance) {
  json::array connections;
  if (instance.reads_at.port != 0) {
    connections.push_back(connection(instance.reads_at, "CONNECTION_TYPE_READER"));
  }
  connections.push_back(connection(
      instance.at, instance.cluster ? "CONNECTION_TYPE_DISCOVERY" : "CONNECTION_TYPE_PRIMARY"));
  const json::object endpoint{{"connections", std::move(connections)}};
  json::object object;
  object["engineVersion"] = "VALKEY_8_0";
  object["mode"] = instance.cluster ? "CLUSTER" : "CLUSTER_DISABLED";
  object["endpoints"] = json::array{endpoint};
  object["nodeConfig"] = json::object{{"sizeGb", 1}};
  if (instance.iam) object["authorizationMode"] = "IAM_AUTH";
  if (!instance.authorities.empty()) object["transitEncryptionMode"] = "SERVER_AUTHENTICATION";
  return object;
}

json::object describe(const Google::Instance& instance) {
  json::object object;
  switch (instance.flavor) {
    case MemorystoreFlavor::redis:
      object = describe_redis(instance);
      break;
    case MemorystoreFlavor::redis_cluster:
      object = describe_cluster(instance);
      break;
    case MemorystoreFlavor::valkey:
      object = describe_valkey(instance);
      break;
  }
  object["name"] = "projects/p/locations/us-central1/instances/cache";
  if (instance.flavor == MemorystoreFlavor::redis_cluster) {
    object["name"] = "projects/p/locations/us-central1/clusters/cache";
  }
  object["state"] = instance.state;
  return object;
}

json::object authorities_of(const Google::Instance& instance) {
  const json::object chain{{"certificates", pems(instance)}};
  return {{"managedServerCa", json::object{{"caCerts", json::array{chain}}}}};
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

void Google::set_token(const std::string& token) {
  const std::lock_guard lock(mutex_);
  bearer_ = "Bearer " + token;
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
  if (arrival.header("authorization") != bearer_) {
    return refusal(401, "UNAUTHENTICATED", "who are you");
  }
  const bool cluster = instance_.flavor == MemorystoreFlavor::redis_cluster;
  const std::string path(cluster ? cluster_path : instance_path);
  if (instance_.exists && arrival.target == path) return document(describe(instance_));
  if (instance_.exists && arrival.target == path + "/authString") {
    return document({{"authString", instance_.auth_string}});
  }
  if (instance_.exists && arrival.target == path + "/certificateAuthority") {
    return document(authorities_of(instance_));
  }
  return refusal(404, "NOT_FOUND", "there is none");
}

}  // namespace semantrix::testing
