#include "handles.hpp"
#include "starting.hpp"
#include "verbs.hpp"

// next_page of a scan.
namespace semantrix::python {
namespace {

using detail::Verbs;

constexpr std::span<const std::string_view> nothing{};

Started start_next_page(const StoreHandle& handle, const Arguments& /*arguments*/) {
  const auto& scan = static_cast<const CursorHandle&>(handle);
  // A page that was cancelled may still be on its way, and so it stays busy for good.
  if (scan.busy->exchange(true)) {
    PyErr_SetString(PyExc_RuntimeError,
                    "a scan gives one page at a time, and none after a cancelled one");
    return failed();
  }
  using Page = KeyStream::Page;
  Probe<Page> answer =
      without_gil_if(true, [&] { return Verbs::attempt_next_page(scan.cursor->stream()); });
  if (answer) {
    *scan.busy = false;
    return answer_to_python(*answer);
  }
  auto begin = [store = scan.store, cursor = scan.cursor] {
    return Verbs::run_next_page(cursor->stream());
  };
  auto convert = [busy = scan.busy](const Result<Page>& page) {
    *busy = false;
    return answer_to_python(page);
  };
  return make_call<Page>(std::move(begin), std::move(convert));
}

}  // namespace

constinit const Verb next_page_verb{"next_page", nothing, 0, 0, start_next_page};

}  // namespace semantrix::python
