#pragma once

#include "bind_store.hpp"
#include "handles.hpp"
#include "options.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <memory>
#include <new>
#include <utility>

/// What the classes of networked stores share: the options that all of them have, and how a class
/// is made of a table of options.
namespace semantrix::python {

/// What is kept, and under which names.
template <class Options>
inline constexpr std::array stored_options{
    Option<Options>{"key_prefix", set_member<&Options::key_prefix>},
    Option<Options>{"default_ttl", set_member<&Options::default_ttl>},
    Option<Options>{"compress_threshold", set_member<&Options::compress_threshold>},
};

/// How the servers are reached.
template <class Options>
inline constexpr std::array network_options{
    Option<Options>{"connect_timeout", set_network<&NetworkOptions::connect_timeout>},
    Option<Options>{"read_timeout", set_network<&NetworkOptions::read_timeout>},
    Option<Options>{"deadline", set_network<&NetworkOptions::deadline>},
    Option<Options>{"retry_attempts", set_network<&NetworkOptions::retry_attempts>},
    Option<Options>{"retry_delay", set_network<&NetworkOptions::retry_delay>},
    Option<Options>{"max_pool_connections", set_network<&NetworkOptions::max_pool_connections>},
    Option<Options>{"on_error", set_network<&NetworkOptions::on_error>},
};

/// A store's own options and those above.
template <class Options, std::size_t count>
[[nodiscard]] constexpr auto with_shared_options(const std::array<Option<Options>, count>& own) {
  constexpr auto& stored = stored_options<Options>;
  constexpr auto& network = network_options<Options>;
  std::array<Option<Options>, count + stored.size() + network.size()> all{};
  auto end = std::copy(own.begin(), own.end(), all.begin());
  end = std::copy(stored.begin(), stored.end(), end);
  std::copy(network.begin(), network.end(), end);
  return all;
}

/// The class of a `Store` that is made of `Options`, as the table reads them; `name_in_url` is its
/// `Capability::store`.
template <class Store, class Options, const auto& table, class Handle>
nb::class_<Handle, AsyncStore> bind_store_class(nb::module_& module, const char* name,
                                                const char* doc, const char* name_in_url) {
  const auto initialise = [](Handle* self, const nb::kwargs& given) {
    Options options;
    read_options<Options>(table, given, options);
    auto store = raising([&] { return std::make_shared<Store>(std::move(options)); });
    new (self) Handle(std::move(store));
  };
  nb::class_<Handle, AsyncStore> type(module, name, doc);
  type.def("__init__", initialise);
  register_class(name_in_url, type);
  return type;
}

}  // namespace semantrix::python
