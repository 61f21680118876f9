#include "bench/stress/arguments.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <charconv>
#include <iterator>
#include <stdexcept>
#include <string_view>

namespace semantrix::stress {
namespace {

// The streams of a workload with one-hit wonders share the 32 bits of a key id.
constexpr std::uint64_t most_threads = 60;
constexpr std::uint64_t no_limit = std::uint64_t{1} << 62U;

std::uint64_t number(std::string_view option, std::string_view text, std::uint64_t most) {
  std::uint64_t value = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (failed != std::errc{} || end != text.data() + text.size() || value < 1 || value > most) {
    throw std::invalid_argument(
        fmt::format("{} is a whole number from 1 to {}, not \"{}\"", option, most, text));
  }
  return value;
}

std::vector<EvictionPolicy> every_policy() {
  return {all_eviction_policies.begin(), all_eviction_policies.end()};
}

std::vector<EvictionPolicy> policies(std::string_view name) {
  if (name == "all") return every_policy();
  if (const auto policy = parse_eviction_policy(name)) return {*policy};
  std::vector<std::string_view> names{"all"};
  for (const EvictionPolicy policy : all_eviction_policies) names.push_back(to_string(policy));
  throw std::invalid_argument(
      fmt::format("unknown policy \"{}\"; the policies are {}", name, fmt::join(names, ", ")));
}

void set(Arguments& arguments, std::string_view option, std::string_view value) {
  if (option == "--policy") {
    arguments.policies = policies(value);
  } else if (option == "--threads") {
    arguments.threads = static_cast<std::uint32_t>(number(option, value, most_threads));
  } else if (option == "--ops") {
    arguments.ops = number(option, value, no_limit);
  } else if (option == "--capacity") {
    arguments.capacity = number(option, value, no_limit);
  } else {
    throw std::invalid_argument(fmt::format("unknown option {}", option));
  }
}

}  // namespace

Arguments parse_arguments(std::span<char* const> words) {
  Arguments arguments;
  arguments.policies = every_policy();
  for (auto word = words.begin(); word != words.end(); ++word) {
    const std::string_view text = *word;
    if (text == "--json") {
      arguments.json = true;
    } else if (!text.starts_with("--")) {
      arguments.files.emplace_back(text);
    } else if (std::next(word) == words.end()) {
      throw std::invalid_argument(fmt::format("{} needs a value", text));
    } else {
      set(arguments, text, *++word);
    }
  }
  return arguments;
}

}  // namespace semantrix::stress
