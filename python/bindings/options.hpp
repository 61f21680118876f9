#pragma once

#include "errors.hpp"
#include "python.hpp"
#include <semantrix/elasticache_options.hpp>
#include <semantrix/error.hpp>
#include <semantrix/eviction_policy.hpp>
#include <semantrix/network_options.hpp>

#include <chrono>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

/// Options from keyword arguments: one table a store says what its options are called and which
/// member each one sets; the member's type says what it takes.
///
///     constexpr std::array table{Option<InMemoryOptions>{
///         "max_size", set_member<&InMemoryOptions::max_size>}};
namespace semantrix::python {

/// Why a value is refused: TypeError, or ValueError.
struct Complaint {
  bool wrong_type = false;
  std::string sentence;
};
/// Nothing: the value was taken.
using Read = std::optional<Complaint>;

[[nodiscard]] Read read(PyObject* value, std::string& text);
[[nodiscard]] Read read(PyObject* value, bool& flag);
[[nodiscard]] Read read(PyObject* value, std::uint64_t& count);
[[nodiscard]] Read read(PyObject* value, std::int64_t& count);
[[nodiscard]] Read read(PyObject* value, std::uint32_t& count);
[[nodiscard]] Read read(PyObject* value, int& count);
/// Not negative, and finite.
[[nodiscard]] Read read(PyObject* value, double& number);
[[nodiscard]] Read read(PyObject* value, std::chrono::milliseconds& time);

/// An enumerator by its name, with a function that reads it and the names that there are.
template <class Enum>
[[nodiscard]] Read read_name(PyObject* value, std::optional<Enum> (*parse)(std::string_view),
                             const char* names, Enum& chosen) {
  std::string text;
  if (Read refused = read(value, text)) return refused;
  const std::optional<Enum> parsed = parse(text);
  if (!parsed) return Complaint{false, "is '" + text + "'; there are: " + names};
  chosen = *parsed;
  return std::nullopt;
}

[[nodiscard]] Read read(PyObject* value, EvictionPolicy& policy);
[[nodiscard]] Read read(PyObject* value, OnError& on_error);
[[nodiscard]] Read read(PyObject* value, ReadFrom& read_from);

template <class T>
[[nodiscard]] Read read(PyObject* value, std::optional<T>& given) {
  return read(value, given.emplace());
}

/// One row of a table.
template <class Options>
struct Option {
  std::string_view name;
  Read (*set)(Options& options, PyObject* value);
};

template <auto member, class Options>
[[nodiscard]] Read set_member(Options& options, PyObject* value) {
  return read(value, options.*member);
}

/// A member of the options' `network`.
template <auto member, class Options>
[[nodiscard]] Read set_network(Options& options, PyObject* value) {
  return read(value, options.network.*member);
}

/// Which row each keyword names; throws a TypeError with the nearest name for one that is unknown.
[[nodiscard]] std::size_t row_of(std::string_view name, std::span<const std::string_view> names);
[[noreturn]] void refuse(std::string_view name, const Complaint& complaint);

/// Reads keyword arguments; `None` leaves an option as it is.
template <class Options>
void read_options(std::span<const Option<Options>> table, const nb::kwargs& given,
                  Options& options) {
  std::vector<std::string_view> names;
  for (const Option<Options>& row : table) names.push_back(row.name);
  for (const auto& [name, value] : given) {
    const Option<Options>& row = table[row_of(nb::cast<const char*>(name), names)];
    if (value.is_none()) continue;
    if (const Read refused = row.set(options, value.ptr())) refuse(row.name, *refused);
    if (PyErr_Occurred() != nullptr) throw nb::python_error();
  }
}

/// What a store's constructor throws, as Python raises it.
template <class Make>
[[nodiscard]] auto raising(Make make) {
  try {
    return make();
  } catch (const CacheError& failed) {
    raise(failed.error());
    throw nb::python_error();
  }
}

}  // namespace semantrix::python
