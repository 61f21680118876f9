#include "cloud/gcp/instance.hpp"

#include "cloud/access/json_fields.hpp"

#include <boost/json/array.hpp>
#include <boost/json/value.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <limits>
#include <string_view>

namespace semantrix::gcp {
namespace {

namespace json = boost::json;

using cloud::number_field;
using cloud::object_field;
using cloud::text_field;

/// The objects of a field that is an array.
std::vector<const json::object*> objects_of(const json::object& object, std::string_view name) {
  std::vector<const json::object*> objects;
  const json::value* field = object.if_contains(json::string_view(name.data(), name.size()));
  if (field == nullptr || !field->is_array()) return objects;
  for (const json::value& each : field->get_array()) {
    if (const json::object* item = each.if_object()) objects.push_back(item);
  }
  return objects;
}

bool flag_field(const json::object& object, std::string_view name) {
  const json::value* field = object.if_contains(json::string_view(name.data(), name.size()));
  return field != nullptr && field->is_bool() && field->get_bool();
}

std::uint16_t port_field(const json::object& object, std::string_view name) {
  const std::int64_t port = number_field(object, name).value_or(0);
  const bool fits = port > 0 && port <= std::numeric_limits<std::uint16_t>::max();
  return fits ? static_cast<std::uint16_t>(port) : std::uint16_t{0};
}

/// "projects/P/locations/R/instances/I": the part after the word.
std::string part_after(std::string_view name, std::string_view word) {
  const auto begin = name.find(word);
  if (begin == std::string_view::npos) return {};
  const std::string_view rest = name.substr(begin + word.size());
  return std::string(rest.substr(0, rest.find('/')));
}

void read_redis(const json::object& document, MemorystoreInstance& instance) {
  instance.host = text_field(document, "host");
  instance.port = port_field(document, "port");
  instance.read_host = text_field(document, "readEndpoint");
  instance.read_port = port_field(document, "readEndpointPort");
  instance.tier = text_field(document, "tier");
  instance.version = text_field(document, "redisVersion");
  instance.memory_size_gb = number_field(document, "memorySizeGb").value_or(0);
  instance.auth_enabled = flag_field(document, "authEnabled");
  instance.tls_enabled = text_field(document, "transitEncryptionMode") == "SERVER_AUTHENTICATION";
  for (const json::object* authority : objects_of(document, "serverCaCerts")) {
    std::string pem = text_field(*authority, "cert");
    if (!pem.empty()) instance.ca_certs.push_back(std::move(pem));
  }
}

void read_discovery(const json::object& document, MemorystoreInstance& instance) {
  for (const json::object* endpoint : objects_of(document, "discoveryEndpoints")) {
    instance.host = text_field(*endpoint, "address");
    instance.port = port_field(*endpoint, "port");
    if (!instance.host.empty()) return;
  }
}

void read_cluster(const json::object& document, MemorystoreInstance& instance) {
  instance.cluster = true;
  read_discovery(document, instance);
  instance.memory_size_gb = number_field(document, "sizeGb").value_or(0);
  instance.iam_enabled = text_field(document, "authorizationMode") == "AUTH_MODE_IAM_AUTH";
  instance.tls_enabled = text_field(document, "transitEncryptionMode") ==
                         "TRANSIT_ENCRYPTION_MODE_SERVER_AUTHENTICATION";
}

/// Valkey's endpoints are connections, each for a purpose.
void read_connections(const json::object& document, MemorystoreInstance& instance) {
  for (const json::object* endpoint : objects_of(document, "endpoints")) {
    for (const json::object* connection : objects_of(*endpoint, "connections")) {
      const json::object* psc = object_field(*connection, "pscAutoConnection");
      if (psc == nullptr) psc = object_field(*connection, "pscConnection");
      if (psc == nullptr) continue;
      const std::string purpose = text_field(*psc, "connectionType");
      const bool reads = purpose == "CONNECTION_TYPE_READER";
      std::string& host = reads ? instance.read_host : instance.host;
      std::uint16_t& port = reads ? instance.read_port : instance.port;
      const bool leads =
          purpose == "CONNECTION_TYPE_DISCOVERY" || purpose == "CONNECTION_TYPE_PRIMARY" || reads;
      if (!host.empty() && !leads) continue;
      host = text_field(*psc, "ipAddress");
      port = port_field(*psc, "port");
    }
  }
}

void read_valkey(const json::object& document, MemorystoreInstance& instance) {
  constexpr std::uint16_t usual_port = 6379;
  instance.cluster = text_field(document, "mode") != "CLUSTER_DISABLED";
  read_connections(document, instance);
  if (instance.host.empty()) read_discovery(document, instance);
  if (!instance.host.empty() && instance.port == 0) instance.port = usual_port;
  if (!instance.read_host.empty() && instance.read_port == 0) instance.read_port = usual_port;
  instance.version = text_field(document, "engineVersion");
  if (const json::object* node = object_field(document, "nodeConfig")) {
    const std::int64_t shards = number_field(document, "shardCount").value_or(1);
    instance.memory_size_gb = number_field(*node, "sizeGb").value_or(0) * shards;
  }
  instance.iam_enabled = text_field(document, "authorizationMode") == "IAM_AUTH";
  instance.tls_enabled = text_field(document, "transitEncryptionMode") == "SERVER_AUTHENTICATION";
}

}  // namespace

std::string resource_of(const InstanceName& name, MemorystoreFlavor flavor) {
  const bool cluster = flavor == MemorystoreFlavor::redis_cluster;
  return fmt::format("projects/{}/locations/{}/{}/{}", name.project, name.region,
                     cluster ? "clusters" : "instances", name.instance);
}

std::optional<MemorystoreInstance> read_instance(const json::object& document,
                                                 MemorystoreFlavor flavor) {
  MemorystoreInstance instance;
  instance.name = text_field(document, "name");
  instance.flavor = flavor;
  instance.region = part_after(instance.name, "/locations/");
  instance.instance_id = part_after(
      instance.name, flavor == MemorystoreFlavor::redis_cluster ? "/clusters/" : "/instances/");
  if (instance.instance_id.empty() || instance.instance_id == "-") return std::nullopt;
  instance.display_name = text_field(document, "displayName");
  instance.state = text_field(document, "state");
  instance.status_message = text_field(document, "statusMessage");
  instance.replica_count = number_field(document, "replicaCount").value_or(0);
  instance.authorized_network = text_field(document, "authorizedNetwork");
  switch (flavor) {
    case MemorystoreFlavor::redis:
      read_redis(document, instance);
      break;
    case MemorystoreFlavor::redis_cluster:
      read_cluster(document, instance);
      break;
    case MemorystoreFlavor::valkey:
      read_valkey(document, instance);
      break;
  }
  return instance;
}

std::vector<std::string> read_authorities(const json::object& document) {
  std::vector<std::string> authorities;
  const json::object* managed = object_field(document, "managedServerCa");
  if (managed == nullptr) return authorities;
  for (const json::object* chain : objects_of(*managed, "caCerts")) {
    const json::value* certificates = chain->if_contains("certificates");
    if (certificates == nullptr || !certificates->is_array()) continue;
    for (const json::value& each : certificates->get_array()) {
      if (each.is_string()) authorities.emplace_back(each.get_string());
    }
  }
  return authorities;
}

std::optional<Error> not_connectable(const MemorystoreInstance& instance) {
  constexpr std::array<std::string_view, 5> closed{"CREATING", "DELETING", "REPAIRING", "IMPORTING",
                                                   "FAILING_OVER"};
  const bool refuses = std::find(closed.begin(), closed.end(), instance.state) != closed.end();
  if (!refuses && !instance.host.empty() && instance.port != 0) return std::nullopt;
  ErrorInfo info;
  info.code = ErrorCode::unavailable;
  info.message =
      fmt::format("the instance {} cannot be connected to: it is {}", instance.instance_id,
                  instance.state.empty() ? "in no known state" : instance.state);
  info.server_message = instance.status_message;
  info.remedy = instance.state == "DELETING" ? "name another instance"
                                             : "wait until it is READY: semantrix instances";
  info.retryable = instance.state != "DELETING";
  info.phase = Phase::connecting;
  return Error(std::move(info));
}

}  // namespace semantrix::gcp
