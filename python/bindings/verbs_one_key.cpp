#include "seconds.hpp"
#include "starting.hpp"
#include "tags.hpp"
#include "text.hpp"
#include "verbs.hpp"

#include <string>

// get_exact, add, delete, get_entry: a key each.
namespace semantrix::python {
namespace {

using detail::OwnedAddOptions;
using detail::Verbs;

constexpr Names<1> key_alone{"key"};
constexpr Names<4> key_value_options{"key", "value", "ttl", "tags"};

Started start_get_exact(const StoreHandle& handle, const Arguments& arguments) {
  Bytes key;
  if (!read_key(arguments[0], key)) return failed();
  Probe<std::optional<Value>> answer = without_gil_if(
      handle.slow_probe, [&] { return Verbs::attempt_get(*handle.store, key.view); });
  if (answer && *answer) [[likely]]
    return to_python(**answer);
  return answer_or_call(handle, std::move(answer),
                        [key = std::string(key.view)](CacheStore& store) mutable {
                          return Verbs::run_get(store, std::move(key));
                        });
}

Started start_add(const StoreHandle& handle, const Arguments& arguments) {
  Bytes key;
  Bytes bytes;
  Tags tags;
  AddOptions options;
  if (!read_key(arguments[0], key) || !read_value(arguments[1], bytes) ||
      !read_optional_seconds(arguments[2], options.ttl) || !tags.read(arguments[3])) {
    return failed();
  }
  options.tags = tags.views();
  CacheStore& store = *handle.store;
  if (store.capability().synchronous) {
    const bool is_long = handle.slow_probe || bytes.view.size() > long_copy_bytes;
    const Value value = borrowed_value(bytes);
    Probe<void> answer = without_gil_if(
        is_long, [&] { return Verbs::attempt_add(store, key.view, value, options); });
    if (answer) return answer_to_python(*answer);
  }
  Value value = owned_value(bytes);
  Probe<void> answer = Verbs::attempt_add(store, key.view, value, options);
  auto run = [key = std::string(key.view), value = std::move(value),
              owned = OwnedAddOptions(options)](CacheStore& target) mutable {
    return Verbs::run_add(target, std::move(key), std::move(value), std::move(owned));
  };
  return answer_or_call(handle, std::move(answer), std::move(run));
}

Started start_delete(const StoreHandle& handle, const Arguments& arguments) {
  Bytes key;
  if (!read_key(arguments[0], key)) return failed();
  return answer_or_call(handle, Verbs::attempt_erase(*handle.store, key.view),
                        [key = std::string(key.view)](CacheStore& store) mutable {
                          return Verbs::run_erase(store, std::move(key));
                        });
}

Started start_get_entry(const StoreHandle& handle, const Arguments& arguments) {
  Bytes key;
  if (!read_key(arguments[0], key)) return failed();
  return answer_or_call(handle, Verbs::attempt_entry(*handle.store, key.view),
                        [key = std::string(key.view)](CacheStore& store) mutable {
                          return Verbs::run_entry(store, std::move(key));
                        });
}

}  // namespace

constinit const Verb get_exact_verb{"get_exact", key_alone, 1, 1, start_get_exact};
constinit const Verb add_verb{"add", key_value_options, 2, 3, start_add};
constinit const Verb delete_verb{"delete", key_alone, 1, 1, start_delete};
constinit const Verb get_entry_verb{"get_entry", key_alone, 1, 1, start_get_entry};

}  // namespace semantrix::python
