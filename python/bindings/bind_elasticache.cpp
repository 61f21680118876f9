#include "bind_store.hpp"
#include "docstrings.hpp"
#include "handles.hpp"
#include "options.hpp"
#include <semantrix/elasticache_store.hpp>

#include <array>
#include <new>

namespace semantrix::python {
namespace {

using Options = ElastiCacheOptions;
using Row = Option<Options>;

Read read_cluster(Options& options, PyObject* value) {
  if (PyBool_Check(value) != 0) {
    options.cluster = value == Py_True ? ClusterMode::on : ClusterMode::off;
    return std::nullopt;
  }
  return read_name<ClusterMode>(
      value, [](std::string_view name) { return parse_cluster_mode(name); }, "'auto', True, False",
      options.cluster);
}

Read read_read_from(Options& options, PyObject* value) {
  return read_name<ReadFrom>(
      value, [](std::string_view name) { return parse_read_from(name); },
      "primary, replica, nearest", options.read_from);
}

Read read_verification(Options& options, PyObject* value) {
  return read_name<TlsVerification>(
      value, [](std::string_view name) { return parse_tls_verification(name); }, "full, chain_only",
      options.ssl_verification);
}

constexpr std::array table{
    Row{"endpoint", set_member<&Options::endpoint>},
    Row{"use_redis", set_member<&Options::use_redis>},
    Row{"cluster", read_cluster},
    Row{"read_from", read_read_from},
    Row{"reader_endpoint", set_member<&Options::reader_endpoint>},
    Row{"database", set_member<&Options::database>},
    Row{"ssl", set_member<&Options::ssl>},
    Row{"ssl_ca_certs", set_member<&Options::ssl_ca_certs>},
    Row{"ssl_certificate", set_member<&Options::ssl_certificate>},
    Row{"ssl_private_key", set_member<&Options::ssl_private_key>},
    Row{"server_name", set_member<&Options::server_name>},
    Row{"ssl_verification", read_verification},
    Row{"user", set_member<&Options::user>},
    Row{"password", set_member<&Options::password>},
    Row{"key_prefix", set_member<&Options::key_prefix>},
    Row{"default_ttl", set_member<&Options::default_ttl>},
    Row{"compress_threshold", set_member<&Options::compress_threshold>},
    Row{"connect_timeout", set_network<&NetworkOptions::connect_timeout>},
    Row{"read_timeout", set_network<&NetworkOptions::read_timeout>},
    Row{"deadline", set_network<&NetworkOptions::deadline>},
    Row{"retry_attempts", set_network<&NetworkOptions::retry_attempts>},
    Row{"retry_delay", set_network<&NetworkOptions::retry_delay>},
    Row{"max_pool_connections", set_network<&NetworkOptions::max_pool_connections>},
    Row{"on_error", set_network<&NetworkOptions::on_error>},
};

void initialise(ElastiCacheHandle* self, const nb::kwargs& given) {
  Options options;
  read_options<Options>(table, given, options);
  auto store = raising([&] { return std::make_shared<ElastiCacheStore>(std::move(options)); });
  new (self) ElastiCacheHandle(std::move(store));
}

}  // namespace

void bind_elasticache(nb::module_& module) {
  const nb::class_<ElastiCacheHandle, AsyncStore> type =
      nb::class_<ElastiCacheHandle, AsyncStore>(module, "ElastiCacheStore", docstrings::elasticache)
          .def("__init__", &initialise);
  register_class("elasticache", type);
}

}  // namespace semantrix::python
