#include "bind_store.hpp"
#include "errors.hpp"
#include "verb.hpp"

NB_MODULE(_core, module) {
  // Stores in a module's globals may outlive the interpreter's clean-up; that is no leak.
  nanobind::set_leak_warnings(false);
  semantrix::python::bind_errors(module);
  semantrix::python::bind_awaitable(module);
  semantrix::python::bind_store(module);
  semantrix::python::bind_in_memory(module);
  semantrix::python::bind_dynamodb(module);
  semantrix::python::bind_elasticache(module);
  semantrix::python::bind_google_memorystore(module);
  semantrix::python::bind_migrate(module);
  semantrix::python::bind_open(module);
}
