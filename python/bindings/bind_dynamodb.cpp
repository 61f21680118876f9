#include "bind_store.hpp"
#include "docstrings.hpp"
#include "handles.hpp"
#include "options.hpp"
#include <semantrix/dynamodb_store.hpp>

#include <array>
#include <new>

namespace semantrix::python {
namespace {

using Options = DynamoDBOptions;
using Row = Option<Options>;

Read read_ca_certs(Options& options, PyObject* value) { return read(value, options.tls.ca_certs); }

constexpr std::array table{
    Row{"table_name", set_member<&Options::table_name>},
    Row{"region_name", set_member<&Options::region_name>},
    Row{"endpoint_url", set_member<&Options::endpoint_url>},
    Row{"access_key_id", set_member<&Options::access_key_id>},
    Row{"secret_access_key", set_member<&Options::secret_access_key>},
    Row{"session_token", set_member<&Options::session_token>},
    Row{"profile_name", set_member<&Options::profile_name>},
    Row{"ssl_ca_certs", read_ca_certs},
    Row{"create_if_missing", set_member<&Options::create_if_missing>},
    Row{"read_capacity_units", set_member<&Options::read_capacity_units>},
    Row{"write_capacity_units", set_member<&Options::write_capacity_units>},
    Row{"ttl_attribute", set_member<&Options::ttl_attribute>},
    Row{"enable_ttl", set_member<&Options::enable_ttl>},
    Row{"consistent_read", set_member<&Options::consistent_read>},
    Row{"auto_batch", set_member<&Options::auto_batch>},
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

void initialise(DynamoDBHandle* self, const nb::kwargs& given) {
  Options options;
  read_options<Options>(table, given, options);
  auto store = raising([&] { return std::make_shared<DynamoDBCacheStore>(std::move(options)); });
  new (self) DynamoDBHandle(std::move(store));
}

}  // namespace

void bind_dynamodb(nb::module_& module) {
  const nb::class_<DynamoDBHandle, AsyncStore> type =
      nb::class_<DynamoDBHandle, AsyncStore>(module, "DynamoDBCacheStore", docstrings::dynamodb)
          .def("__init__", &initialise);
  register_class("dynamodb", type);
}

}  // namespace semantrix::python
