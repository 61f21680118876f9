#include "bind_store.hpp"
#include "options.hpp"
#include "text.hpp"
#include <semantrix/open.hpp>
#include <semantrix/version.hpp>

#include <string>
#include <string_view>

namespace semantrix::python {
namespace {

nb::object open_url(nb::handle url) {
  std::string text;
  if (const Read refused = read(url.ptr(), text)) refuse("url", *refused);
  std::shared_ptr<CacheStore> store = raising([&] {
    const nb::gil_scoped_release loading_a_snapshot;
    return semantrix::open(text);
  });
  // Reads may decompress.
  const bool slow =
      store->capability().synchronous && text.find("compress_threshold") != std::string::npos;
  return store_to_python(std::move(store), slow);
}

}  // namespace

void bind_open(nb::module_& module) {
  module.def("open", &open_url, nb::arg("url"), "Opens the store that a URL names.");
  module.attr("__version__") = nb::str(version().data());
}

}  // namespace semantrix::python
