#include "answers.hpp"

#include "seconds.hpp"
#include "text.hpp"

namespace semantrix::python {
namespace {

/// A class of semantrix/types.py, found at first use. Never released.
template <class... Arguments>
PyObject* make(const char* name, Arguments&&... arguments) {
  try {
    const nb::object type = nb::module_::import_("semantrix.types").attr(name);
    return type(std::forward<Arguments>(arguments)...).release().ptr();
  } catch (nb::python_error& failed) {
    failed.restore();
    return nullptr;
  }
}

template <class Items, class ToPython>
PyObject* list_of(const Items& items, ToPython to_python_object) {
  nb::object list = take(PyList_New(static_cast<Py_ssize_t>(items.size())));
  if (!list.is_valid()) return nullptr;
  Py_ssize_t at = 0;
  for (const auto& item : items) {
    PyObject* object = to_python_object(item);
    if (object == nullptr) return nullptr;
    PyList_SET_ITEM(list.ptr(), at++, object);
  }
  return list.release().ptr();
}

nb::object text_object(std::string_view text) {
  nb::object object = take(text_to_python(text));
  if (!object.is_valid()) throw nb::python_error();
  return object;
}

nb::object limit(std::size_t bytes) {
  return bytes == Capability::unlimited ? nb::none() : nb::object(nb::int_(bytes));
}

nb::dict errors_of(const Stats& stats) {
  nb::dict errors;
  for (const auto& [code, count] : stats.errors) errors[code.c_str()] = count;
  return errors;
}

nb::list hot_keys_of(const Stats& stats) {
  nb::list keys;
  for (const HotKey& hot : stats.hot_keys) {
    nb::dict key;
    key["digest"] = hot.digest;
    key["share"] = hot.share;
    keys.append(key);
  }
  return keys;
}

nb::dict dict_of(const Stats& stats) {
  nb::dict dict;
  dict["store"] = text_object(stats.store);
  dict["hits"] = stats.hits;
  dict["misses"] = stats.misses;
  dict["hit_ratio"] = stats.hit_ratio();
  dict["adds"] = stats.adds;
  dict["deletes"] = stats.deletes;
  dict["evictions"] = stats.evictions;
  dict["expirations"] = stats.expirations;
  dict["errors"] = errors_of(stats);
  dict["retries"] = stats.retries;
  dict["rejected"] = stats.rejected;
  dict["corrupt"] = stats.corrupt;
  dict["size"] = stats.size;
  dict["bytes"] = stats.bytes;
  dict["value_bytes_in"] = stats.value_bytes_in;
  dict["value_bytes_out"] = stats.value_bytes_out;
  dict["raw_bytes"] = stats.raw_bytes;
  dict["stored_bytes"] = stats.stored_bytes;
  dict["hot_keys"] = hot_keys_of(stats);
  return dict;
}

nb::object capability_object(const Capability& capability) {
  nb::dict fields;
  fields["store"] = text_object(capability.store);
  fields["networked"] = capability.networked;
  fields["keeps_across_processes"] = capability.keeps_across_processes;
  fields["can_ttl"] = capability.can_ttl;
  fields["can_list_keys"] = capability.can_list_keys;
  fields["can_size"] = capability.can_size;
  fields["can_clear"] = capability.can_clear;
  fields["can_tag"] = capability.can_tag;
  fields["invalidates_lazily"] = capability.invalidates_lazily;
  fields["can_invalidate_prefix"] = capability.can_invalidate_prefix;
  fields["can_evict"] = capability.can_evict;
  fields["can_subscribe_invalidations"] = capability.can_subscribe_invalidations;
  fields["synchronous"] = capability.synchronous;
  fields["max_key_bytes"] = limit(capability.max_key_bytes);
  fields["max_value_bytes"] = limit(capability.max_value_bytes);
  return nb::module_::import_("semantrix.types").attr("Capability")(**fields);
}

/// What nanobind throws becomes a Python error.
template <class Make>
PyObject* guarded(Make make_object) {
  try {
    nb::object object = make_object();
    return object.release().ptr();
  } catch (nb::python_error& failed) {
    failed.restore();
    return nullptr;
  }
}

nb::object error_object(const Error& error) {
  nb::object object = take(error_to_python(error));
  if (!object.is_valid()) throw nb::python_error();
  return object;
}

}  // namespace

PyObject* to_python(bool answer) { return PyBool_FromLong(answer ? 1 : 0); }
PyObject* to_python(std::size_t count) { return PyLong_FromSize_t(count); }

PyObject* to_python(const std::optional<Value>& value) {
  if (!value) Py_RETURN_NONE;
  return value_to_python(*value);
}

PyObject* to_python(const std::vector<std::optional<Value>>& values) {
  return list_of(values, [](const std::optional<Value>& value) { return to_python(value); });
}

PyObject* to_python(const std::vector<std::string>& keys) {
  return list_of(keys, [](const std::string& key) { return key_to_python(key); });
}

PyObject* to_python(const std::optional<Entry>& entry) {
  if (!entry) Py_RETURN_NONE;
  const nb::object value = take(value_to_python(entry->value));
  const nb::object ttl = take(seconds_to_python(entry->ttl));
  const nb::object tags = take(to_python(entry->tags));
  if (!value.is_valid() || !ttl.is_valid() || !tags.is_valid()) return nullptr;
  return make("Entry", value, ttl, tags);
}

PyObject* to_python(const BatchOutcome& outcome) {
  return guarded([&] {
    nb::list failures;
    for (const BatchOutcome::Failure& failure : outcome.failures) {
      failures.append(
          take(make("BatchFailure", nb::int_(failure.index), error_object(failure.error))));
    }
    return take(make("BatchOutcome", nb::int_(outcome.stored), failures));
  });
}

PyObject* to_python(const Stats& stats) {
  return guarded([&] { return dict_of(stats); });
}

PyObject* to_python(const Description& description) {
  return guarded([&] {
    const nb::object warning =
        description.warning ? error_object(*description.warning) : nb::none();
    return take(make("Description", capability_object(description.capability),
                     text_object(description.server), warning));
  });
}

PyObject* to_python(const Capability& capability) {
  return guarded([&] { return capability_object(capability); });
}

}  // namespace semantrix::python
