#include "bind_store.hpp"
#include "docstrings.hpp"
#include "handles.hpp"
#include "options.hpp"
#include <semantrix/in_memory_store.hpp>

#include <array>
#include <new>

namespace semantrix::python {
namespace {

using Row = Option<InMemoryOptions>;

constexpr std::array table{
    Row{"max_size", set_member<&InMemoryOptions::max_size>},
    Row{"max_bytes", set_member<&InMemoryOptions::max_bytes>},
    Row{"eviction_policy", set_member<&InMemoryOptions::eviction_policy>},
    Row{"default_ttl", set_member<&InMemoryOptions::default_ttl>},
    Row{"time_to_idle", set_member<&InMemoryOptions::time_to_idle>},
    Row{"compress_threshold", set_member<&InMemoryOptions::compress_threshold>},
    Row{"compress_dictionary", set_member<&InMemoryOptions::compress_dictionary>},
    Row{"snapshot", set_member<&InMemoryOptions::snapshot>},
    Row{"shards", set_member<&InMemoryOptions::shards>},
};

void initialise(InMemoryHandle* self, const nb::kwargs& given) {
  InMemoryOptions options;
  read_options<InMemoryOptions>(table, given, options);
  // Reads may decompress.
  const bool slow = options.compress_threshold.has_value();
  auto store = raising([&] {
    const nb::gil_scoped_release loading_a_snapshot;
    return std::make_shared<InMemoryStore>(std::move(options));
  });
  new (self) InMemoryHandle(std::move(store), slow);
}

}  // namespace

void bind_in_memory(nb::module_& module) {
  const nb::class_<InMemoryHandle, AsyncStore> type =
      nb::class_<InMemoryHandle, AsyncStore>(module, "InMemoryStore", docstrings::in_memory)
          .def("__init__", &initialise);
  register_class("memory", type);
}

}  // namespace semantrix::python
