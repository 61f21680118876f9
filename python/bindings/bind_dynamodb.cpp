#include "docstrings.hpp"
#include "store_class.hpp"
#include <semantrix/dynamodb_store.hpp>

namespace semantrix::python {
namespace {

using Options = DynamoDBOptions;
using Row = Option<Options>;

Read read_ca_certs(Options& options, PyObject* value) { return read(value, options.tls.ca_certs); }

constexpr auto table = with_shared_options(std::array{
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
});

}  // namespace

void bind_dynamodb(nb::module_& module) {
  bind_store_class<DynamoDBCacheStore, Options, table, DynamoDBHandle>(
      module, "DynamoDBCacheStore", docstrings::dynamodb, "dynamodb");
}

}  // namespace semantrix::python
