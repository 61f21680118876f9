#include "answers.hpp"
#include "docstrings.hpp"
#include "methods.hpp"
#include "starting.hpp"
#include "store_class.hpp"
#include "text.hpp"
#include <semantrix/google_memorystore_store.hpp>

#include <array>

namespace semantrix::python {
namespace {

using Options = GoogleMemorystoreOptions;
using Row = Option<Options>;

template <auto member>
Read set_google(Options& options, PyObject* value) {
  return read(value, options.google.*member);
}

Read read_ca_certs(Options& options, PyObject* value) {
  return read(value, options.google.tls.ca_certs);
}

Read read_flavor(Options& options, PyObject* value) {
  return read_name<MemorystoreFlavor>(
      value, [](std::string_view name) { return parse_memorystore_flavor(name); },
      "redis, redis_cluster, valkey", options.flavor);
}

Read read_tier(Options& options, PyObject* value) {
  return read_name<MemorystoreTier>(
      value, [](std::string_view name) { return parse_memorystore_tier(name); },
      "basic, standard_ha", options.tier);
}

constexpr auto table = with_shared_options(std::array{
    Row{"project_id", set_member<&Options::project_id>},
    Row{"region", set_member<&Options::region>},
    Row{"instance_id", set_member<&Options::instance_id>},
    Row{"flavor", read_flavor},
    Row{"endpoint_url", set_google<&GoogleAccess::endpoint_url>},
    Row{"credentials_file", set_google<&GoogleAccess::credentials_file>},
    Row{"access_token", set_google<&GoogleAccess::access_token>},
    Row{"quota_project_id", set_google<&GoogleAccess::quota_project_id>},
    Row{"ssl_ca_certs", read_ca_certs},
    Row{"connect_to", set_member<&Options::connect_to>},
    Row{"read_from", set_member<&Options::read_from>},
    Row{"database", set_member<&Options::database>},
    Row{"iam", set_member<&Options::iam>},
    Row{"create_if_missing", set_member<&Options::create_if_missing>},
    Row{"memory_size_gb", set_member<&Options::memory_size_gb>},
    Row{"tier", read_tier},
    Row{"redis_version", set_member<&Options::redis_version>},
    Row{"authorized_network", set_member<&Options::authorized_network>},
});

constexpr Names<4> list_parameters{"project_id", "region", "endpoint_url", "credentials_file"};

awaitable<Result<MemorystoreInstances>> listed(std::string project_id, std::string region,
                                               GoogleAccess access) {
  co_return co_await GoogleMemorystoreCacheStore::list_instances(
      std::move(project_id), std::move(region), std::move(access));
}

nb::object texts(const std::vector<std::string>& of) { return take(to_python(of)); }

nb::object instance_object(const MemorystoreInstance& instance) {
  nb::dict fields;
  fields["name"] = take(text_to_python(instance.name));
  fields["instance_id"] = take(text_to_python(instance.instance_id));
  fields["region"] = take(text_to_python(instance.region));
  fields["flavor"] = take(text_to_python(to_string(instance.flavor)));
  fields["display_name"] = take(text_to_python(instance.display_name));
  fields["host"] = take(text_to_python(instance.host));
  fields["port"] = instance.port;
  fields["read_host"] = take(text_to_python(instance.read_host));
  fields["read_port"] = instance.read_port;
  fields["state"] = take(text_to_python(instance.state));
  fields["status_message"] = take(text_to_python(instance.status_message));
  fields["tier"] = take(text_to_python(instance.tier));
  fields["version"] = take(text_to_python(instance.version));
  fields["memory_size_gb"] = instance.memory_size_gb;
  fields["replica_count"] = instance.replica_count;
  fields["auth_enabled"] = instance.auth_enabled;
  fields["iam_enabled"] = instance.iam_enabled;
  fields["tls_enabled"] = instance.tls_enabled;
  fields["cluster"] = instance.cluster;
  fields["authorized_network"] = take(text_to_python(instance.authorized_network));
  fields["ca_certs"] = texts(instance.ca_certs);
  return nb::module_::import_("semantrix.types").attr("MemorystoreInstance")(**fields);
}

PyObject* instances_to_python(const Result<MemorystoreInstances>& found) {
  if (!found) return raise(found.error());
  try {
    nb::list instances;
    for (const MemorystoreInstance& instance : found->instances) {
      instances.append(instance_object(instance));
    }
    const nb::object type = nb::module_::import_("semantrix.types").attr("MemorystoreInstances");
    return type(instances, texts(found->unreachable)).release().ptr();
  } catch (nb::python_error& failed) {
    failed.restore();
    return nullptr;
  }
}

bool read_text(PyObject* argument, std::string& text) {
  if (argument == nullptr || argument == Py_None) return true;
  const Read refused = read(argument, text);
  if (refused) PyErr_SetString(PyExc_TypeError, ("an argument " + refused->sentence).c_str());
  return !refused;
}

Started start_list(const StoreHandle& /*handle*/, const Arguments& arguments) {
  std::string project_id;
  std::string region;
  GoogleAccess access;
  if (!read_text(arguments[0], project_id) || !read_text(arguments[1], region) ||
      !read_text(arguments[2], access.endpoint_url) ||
      !read_text(arguments[3], access.credentials_file)) {
    return failed();
  }
  auto begin = [project_id, region, access] { return listed(project_id, region, access); };
  return make_call<MemorystoreInstances>(std::move(begin), instances_to_python);
}

constinit const Verb list_verb{"list_instances", list_parameters, 2, 2, start_list};

/// A static method: there is no store, so the awaitable belongs to None.
PyObject* list_instances(PyObject* /*unused*/, PyObject* const* given, Py_ssize_t count,
                         PyObject* names) {
  static const auto* nothing = new StoreHandle;
  Arguments arguments{};
  if (!sort_arguments(list_verb, given, count, names, arguments)) return nullptr;
  return new_awaitable(list_verb, Py_None, *nothing, arguments);
}

PyMethodDef list_definition = method(list_verb, list_instances, docstrings::list_instances);

}  // namespace

void bind_google_memorystore(nb::module_& module) {
  auto type =
      bind_store_class<GoogleMemorystoreCacheStore, Options, table, GoogleMemorystoreHandle>(
          module, "GoogleMemorystoreCacheStore", docstrings::google_memorystore, "memorystore");
  const nb::object function = take(PyCFunction_New(&list_definition, nullptr));
  if (!function.is_valid()) throw nb::python_error();
  type.attr("list_instances") = take(PyStaticMethod_New(function.ptr()));
}

}  // namespace semantrix::python
