#include "bind_store.hpp"

#include "answers.hpp"
#include "docstrings.hpp"
#include "methods.hpp"
#include "text.hpp"
#include "verbs.hpp"

#include <map>
#include <new>
#include <string>

namespace semantrix::python {
namespace {

/// The verbs, run in the way of the class.
#define SEMANTRIX_VERBS(run, Handle)                                                               \
  std::array {                                                                                     \
    method(get_exact_verb, run<get_exact_verb, Handle>, docstrings::get_exact),                    \
        method(add_verb, run<add_verb, Handle>, docstrings::add),                                  \
        method(delete_verb, run<delete_verb, Handle>, docstrings::erase),                          \
        method(batch_add_verb, run<batch_add_verb, Handle>, docstrings::batch_add),                \
        method(batch_get_verb, run<batch_get_verb, Handle>, docstrings::batch_get),                \
        method(batch_delete_verb, run<batch_delete_verb, Handle>, docstrings::batch_delete),       \
        method(size_verb, run<size_verb, Handle>, docstrings::size),                               \
        method(clear_verb, run<clear_verb, Handle>, docstrings::clear),                            \
        method(invalidate_tag_verb, run<invalidate_tag_verb, Handle>, docstrings::invalidate_tag), \
        method(invalidate_prefix_verb, run<invalidate_prefix_verb, Handle>,                        \
               docstrings::invalidate_prefix),                                                     \
        method(get_entry_verb, run<get_entry_verb, Handle>, docstrings::get_entry),                \
        method(get_stats_verb, run<get_stats_verb, Handle>, docstrings::get_stats),                \
        method(describe_verb, run<describe_verb, Handle>, docstrings::describe),                   \
        method(close_verb, run<close_verb, Handle>, docstrings::close),                            \
  }

auto async_methods = SEMANTRIX_VERBS(async_method, AsyncStore);
auto sync_methods = SEMANTRIX_VERBS(sync_method, SyncStore);
std::array async_cursor_methods{
    method(next_page_verb, async_method<next_page_verb, AsyncCursor>, docstrings::next_page)};
std::array sync_cursor_methods{
    method(next_page_verb, sync_method<next_page_verb, SyncCursor>, docstrings::next_page)};
#undef SEMANTRIX_VERBS

std::map<std::string, nb::handle, std::less<>>& store_classes() {
  static auto* classes = new std::map<std::string, nb::handle, std::less<>>;
  return *classes;
}

std::string pattern_of(nb::handle match) {
  Bytes bytes;
  if (!read_key(match.ptr(), bytes)) throw nb::python_error();
  return std::string(bytes.view);
}

template <class Cursor, class Store>
Cursor* new_cursor(const Store& store, nb::handle match) {
  return new Cursor(store, store.store->keys(pattern_of(match)));
}

template <class Handle>
nb::object capability(const Handle& handle) {
  nb::object made = take(to_python(handle.store->capability()));
  if (!made.is_valid()) throw nb::python_error();
  return made;
}

nb::object twin(AsyncStore& store) {
  if (!store.twin.is_valid()) store.twin = nb::cast(new SyncStore(store));
  return store.twin;
}

}  // namespace

void bind_store(nb::module_& module) {
  nb::class_<AsyncStore> async_type(module, "CacheStore", nb::is_weak_referenceable(),
                                    docstrings::cache_store);
  async_type.def_prop_ro("capability", &capability<AsyncStore>, "What the store can do.")
      .def_prop_ro("sync", &twin, "The blocking twin.")
      .def("_cursor", &new_cursor<AsyncCursor, AsyncStore>, nb::arg("match"));
  add_methods(async_type, async_methods);

  nb::class_<SyncStore> sync_type(module, "SyncStore", nb::is_weak_referenceable(),
                                  docstrings::sync_store);
  sync_type.def_prop_ro("capability", &capability<SyncStore>, "What the store can do.")
      .def("_cursor", &new_cursor<SyncCursor, SyncStore>, nb::arg("match"));
  add_methods(sync_type, sync_methods);

  nb::class_<AsyncCursor> async_cursor(module, "AsyncKeyCursor", "Pages of keys.");
  add_methods(async_cursor, async_cursor_methods);
  nb::class_<SyncCursor> sync_cursor(module, "SyncKeyCursor", "Pages of keys.");
  add_methods(sync_cursor, sync_cursor_methods);
}

void register_class(const char* store, nb::handle type) { store_classes()[store] = type; }

nb::object store_to_python(std::shared_ptr<CacheStore> store, bool slow_probe) {
  const auto known = store_classes().find(store->capability().store);
  const nb::handle type = known == store_classes().end() ? nb::type<AsyncStore>() : known->second;
  nb::object made = nb::inst_alloc(type);
  // Every class of a store has this layout.
  new (nb::inst_ptr<AsyncStore>(made)) AsyncStore(std::move(store), slow_probe);
  nb::inst_mark_ready(made);
  return made;
}

}  // namespace semantrix::python
