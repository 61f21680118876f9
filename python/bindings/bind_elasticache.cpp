#include "docstrings.hpp"
#include "store_class.hpp"
#include <semantrix/elasticache_store.hpp>

#include <optional>
#include <string_view>

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

Read read_verification(Options& options, PyObject* value) {
  return read_name<TlsVerification>(
      value, [](std::string_view name) { return parse_tls_verification(name); }, "full, chain_only",
      options.ssl_verification);
}

constexpr auto table = with_shared_options(std::array{
    Row{"endpoint", set_member<&Options::endpoint>},
    Row{"use_redis", set_member<&Options::use_redis>},
    Row{"cluster", read_cluster},
    Row{"read_from", set_member<&Options::read_from>},
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
    Row{"iam", set_member<&Options::iam>},
    Row{"cache_name", set_member<&Options::cache_name>},
    Row{"serverless", set_member<&Options::serverless>},
    Row{"region_name", set_member<&Options::region_name>},
    Row{"profile_name", set_member<&Options::profile_name>},
});

}  // namespace

void bind_elasticache(nb::module_& module) {
  bind_store_class<ElastiCacheStore, Options, table, ElastiCacheHandle>(
      module, "ElastiCacheStore", docstrings::elasticache, "elasticache");
}

}  // namespace semantrix::python
