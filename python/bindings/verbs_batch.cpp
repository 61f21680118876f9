#include "seconds.hpp"
#include "starting.hpp"
#include "tags.hpp"
#include "text.hpp"
#include "verbs.hpp"

#include <string>
#include <vector>

// batch_add, batch_get, batch_delete.
namespace semantrix::python {
namespace {

using detail::CheckedBatch;
using detail::OwnedAddOptions;
using detail::Verbs;

constexpr Names<1> keys_alone{"keys"};
constexpr Names<3> items_options{"items", "ttl", "tags"};

// A store in memory takes about 100 ns for a key: this many are worth giving up the GIL.
constexpr std::size_t many_keys = 64;

bool read_keys(PyObject* argument, std::vector<std::string>& keys) {
  if (PyUnicode_Check(argument) || PyBytes_Check(argument)) {
    PyErr_SetString(PyExc_TypeError, "keys is a list of keys, not one key");
    return false;
  }
  const nb::object list = take(PySequence_Fast(argument, "keys is a list of keys"));
  if (!list.is_valid()) return false;
  const Py_ssize_t count = PySequence_Fast_GET_SIZE(list.ptr());
  keys.reserve(static_cast<std::size_t>(count));
  for (Py_ssize_t i = 0; i < count; ++i) {
    Bytes key;
    if (!read_key(PySequence_Fast_GET_ITEM(list.ptr(), i), key)) return false;
    keys.emplace_back(key.view);
  }
  return true;
}

bool read_item(PyObject* key, PyObject* value, PyObject* ttl, std::vector<BatchItem>& items) {
  Bytes key_bytes;
  Bytes value_bytes;
  if (!read_key(key, key_bytes) || !read_value(value, value_bytes)) return false;
  BatchItem item{.key = std::string(key_bytes.view), .value = owned_value(value_bytes)};
  if (!read_optional_seconds(ttl, item.ttl)) return false;
  items.push_back(std::move(item));
  return true;
}

/// (key, value) or (key, value, ttl).
bool read_tuple(PyObject* item, std::vector<BatchItem>& items) {
  const Py_ssize_t count = PyTuple_Check(item) ? PyTuple_GET_SIZE(item) : 0;
  if (count != 2 && count != 3) {
    PyErr_SetString(PyExc_TypeError,
                    "items is a mapping, or a list of (key, value) or (key, value, ttl)");
    return false;
  }
  return read_item(PyTuple_GET_ITEM(item, 0), PyTuple_GET_ITEM(item, 1),
                   count == 3 ? PyTuple_GET_ITEM(item, 2) : nullptr, items);
}

bool read_items(PyObject* argument, std::vector<BatchItem>& items) {
  nb::object pairs = nb::borrow(argument);
  if (!PyList_Check(argument) && !PyTuple_Check(argument) && PyMapping_Check(argument) != 0) {
    pairs = take(PyMapping_Items(argument));
    if (!pairs.is_valid()) return false;
  }
  const nb::object list = take(PySequence_Fast(
      pairs.ptr(), "items is a mapping, or a list of (key, value) or (key, value, ttl)"));
  if (!list.is_valid()) return false;
  items.reserve(static_cast<std::size_t>(PySequence_Fast_GET_SIZE(list.ptr())));
  // The list may change while a long copy is made without the GIL.
  for (Py_ssize_t i = 0; i < PySequence_Fast_GET_SIZE(list.ptr()); ++i) {
    const nb::object item = nb::borrow(PySequence_Fast_GET_ITEM(list.ptr(), i));
    if (!read_tuple(item.ptr(), items)) return false;
  }
  return true;
}

Started start_batch_add(const StoreHandle& handle, const Arguments& arguments) {
  std::vector<BatchItem> items;
  Tags tags;
  AddOptions options;
  if (!read_items(arguments[0], items) || !read_optional_seconds(arguments[1], options.ttl) ||
      !tags.read(arguments[2])) {
    return failed();
  }
  options.tags = tags.views();
  CacheStore& store = *handle.store;
  const bool is_long = handle.slow_probe || items.size() > many_keys;
  CheckedBatch batch(store.capability(), std::move(items));
  Probe<BatchOutcome> answer =
      without_gil_if(is_long, [&] { return Verbs::attempt_batch_add(store, batch, options); });
  if (answer) return answer_to_python(*answer);
  auto run = [batch = std::move(batch),
              owned = OwnedAddOptions(options)](CacheStore& target) mutable {
    return Verbs::run_batch_add(target, std::move(batch), std::move(owned));
  };
  return answer_or_call(handle, std::move(answer), std::move(run));
}

Started start_batch_get(const StoreHandle& handle, const Arguments& arguments) {
  std::vector<std::string> keys;
  if (!read_keys(arguments[0], keys)) return failed();
  Probe<Verbs::Values> answer = without_gil_if(handle.slow_probe || keys.size() > many_keys, [&] {
    return Verbs::attempt_batch_get(*handle.store, keys);
  });
  if (answer) return answer_to_python(*answer);
  return answer_or_call(handle, std::move(answer),
                        [keys = std::move(keys)](CacheStore& store) mutable {
                          return Verbs::run_batch_get(store, std::move(keys));
                        });
}

Started start_batch_delete(const StoreHandle& handle, const Arguments& arguments) {
  std::vector<std::string> keys;
  if (!read_keys(arguments[0], keys)) return failed();
  Probe<Verbs::Count> answer = without_gil_if(
      keys.size() > many_keys, [&] { return Verbs::attempt_batch_erase(*handle.store, keys); });
  if (answer) return answer_to_python(*answer);
  return answer_or_call(handle, std::move(answer),
                        [keys = std::move(keys)](CacheStore& store) mutable {
                          return Verbs::run_batch_erase(store, std::move(keys));
                        });
}

}  // namespace

constinit const Verb batch_add_verb{"batch_add", items_options, 1, 2, start_batch_add};
constinit const Verb batch_get_verb{"batch_get", keys_alone, 1, 1, start_batch_get};
constinit const Verb batch_delete_verb{"batch_delete", keys_alone, 1, 1, start_batch_delete};

}  // namespace semantrix::python
