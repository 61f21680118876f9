#include "starting.hpp"
#include "text.hpp"
#include "verbs.hpp"

#include <string>

// size, clear, invalidate_*, get_stats, describe, close: they may look at every entry or write a
// file, so they never hold the GIL.
namespace semantrix::python {
namespace {

using detail::Verbs;

constexpr std::span<const std::string_view> nothing{};
constexpr Names<1> approximate_alone{"approximate"};
constexpr Names<1> all_alone{"all"};
constexpr Names<1> tag_alone{"tag"};
constexpr Names<1> prefix_alone{"prefix"};

Started start_size(const StoreHandle& handle, const Arguments& arguments) {
  bool approximate = false;
  if (!read_flag(arguments[0], approximate)) return failed();
  const SizeMode mode = approximate ? SizeMode::approximate : SizeMode::exact;
  auto answer = without_gil_if(true, [&] { return Verbs::attempt_size(*handle.store, mode); });
  return answer_or_call(handle, std::move(answer),
                        [mode](CacheStore& store) { return Verbs::run_size(store, mode); });
}

Started start_clear(const StoreHandle& handle, const Arguments& arguments) {
  ClearOptions options;
  if (!read_flag(arguments[0], options.all)) return failed();
  auto answer = without_gil_if(true, [&] { return Verbs::attempt_clear(*handle.store, options); });
  return answer_or_call(handle, std::move(answer),
                        [options](CacheStore& store) { return Verbs::run_clear(store, options); });
}

Started start_invalidate_tag(const StoreHandle& handle, const Arguments& arguments) {
  Bytes tag;
  if (!read_key(arguments[0], tag)) return failed();
  auto answer =
      without_gil_if(true, [&] { return Verbs::attempt_invalidate_tag(*handle.store, tag.view); });
  return answer_or_call(handle, std::move(answer),
                        [tag = std::string(tag.view)](CacheStore& store) mutable {
                          return Verbs::run_invalidate_tag(store, std::move(tag));
                        });
}

Started start_invalidate_prefix(const StoreHandle& handle, const Arguments& arguments) {
  Bytes prefix;
  if (!read_key(arguments[0], prefix)) return failed();
  auto answer = without_gil_if(
      true, [&] { return Verbs::attempt_invalidate_prefix(*handle.store, prefix.view); });
  return answer_or_call(handle, std::move(answer),
                        [prefix = std::string(prefix.view)](CacheStore& store) mutable {
                          return Verbs::run_invalidate_prefix(store, std::move(prefix));
                        });
}

Started start_get_stats(const StoreHandle& handle, const Arguments& /*arguments*/) {
  auto answer = without_gil_if(true, [&] { return Verbs::attempt_stats(*handle.store); });
  return answer_or_call(handle, std::move(answer),
                        [](CacheStore& store) { return Verbs::run_stats(store); });
}

Started start_describe(const StoreHandle& handle, const Arguments& /*arguments*/) {
  auto answer = without_gil_if(true, [&] { return Verbs::attempt_describe(*handle.store); });
  return answer_or_call(handle, std::move(answer),
                        [](CacheStore& store) { return Verbs::run_describe(store); });
}

Started start_close(const StoreHandle& handle, const Arguments& /*arguments*/) {
  auto answer = without_gil_if(true, [&] { return Verbs::attempt_close(*handle.store); });
  return answer_or_call(handle, std::move(answer),
                        [](CacheStore& store) { return Verbs::run_close(store); });
}

}  // namespace

constinit const Verb size_verb{"size", approximate_alone, 0, 0, start_size};
constinit const Verb clear_verb{"clear", all_alone, 0, 0, start_clear};
constinit const Verb invalidate_tag_verb{"invalidate_tag", tag_alone, 1, 1, start_invalidate_tag};
constinit const Verb invalidate_prefix_verb{"invalidate_prefix", prefix_alone, 1, 1,
                                            start_invalidate_prefix};
constinit const Verb get_stats_verb{"get_stats", nothing, 0, 0, start_get_stats};
constinit const Verb describe_verb{"describe", nothing, 0, 0, start_describe};
constinit const Verb close_verb{"close", nothing, 0, 0, start_close};

}  // namespace semantrix::python
