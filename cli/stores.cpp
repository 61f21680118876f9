#include "cli/commands.hpp"
#include "cli/format.hpp"
#include "cli/json_text.hpp"
#include <semantrix/open.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <memory>

namespace semantrix::cli {
namespace {

struct Arguments {};

struct Trait {
  std::string_view name;
  bool Capability::*value;
};
constexpr std::array traits{
    Trait{"networked", &Capability::networked},
    Trait{"keeps_across_processes", &Capability::keeps_across_processes},
    Trait{"can_ttl", &Capability::can_ttl},
    Trait{"can_list_keys", &Capability::can_list_keys},
    Trait{"can_size", &Capability::can_size},
    Trait{"can_clear", &Capability::can_clear},
    Trait{"can_tag", &Capability::can_tag},
    Trait{"can_invalidate_prefix", &Capability::can_invalidate_prefix},
    Trait{"can_evict", &Capability::can_evict},
    Trait{"can_subscribe_invalidations", &Capability::can_subscribe_invalidations},
    Trait{"synchronous", &Capability::synchronous}};

std::string limit_text(std::size_t bytes) {
  return bytes == Capability::unlimited ? "unlimited" : human_bytes(static_cast<double>(bytes));
}

void add_limit(JsonLine& line, std::string_view name, std::size_t bytes) {
  if (bytes == Capability::unlimited) {
    line.null(name);
  } else {
    line.number(name, std::uint64_t{bytes});
  }
}

std::string options_json(const StoreKind& kind) {
  std::string text = "[";
  for (const UrlOption& option : kind.options) {
    if (text.size() > 1) text += ',';
    JsonLine line;
    line.text("name", option.name)
        .text("kind", option.kind)
        .text("default", option.by_default)
        .text("summary", option.summary);
    text += line.str();
  }
  return text + "]";
}

std::string kind_json(const StoreKind& kind) {
  JsonLine line;
  line.text("scheme", kind.scheme)
      .text("store", kind.capability->store)
      .text("example", kind.example);
  for (const Trait& trait : traits) line.boolean(trait.name, kind.capability->*trait.value);
  add_limit(line, "max_key_bytes", kind.capability->max_key_bytes);
  add_limit(line, "max_value_bytes", kind.capability->max_value_bytes);
  line.raw("options", options_json(kind));
  return line.str();
}

// One column a scheme: stores differ in few traits, and are read side by side.
std::string capabilities_text() {
  std::vector<std::vector<std::string>> rows{{"scheme"}};
  for (const Trait& trait : traits) rows.push_back({std::string(trait.name)});
  rows.push_back({"max_key_bytes"});
  rows.push_back({"max_value_bytes"});
  for (const StoreKind& kind : store_kinds()) {
    std::size_t row = 0;
    rows[row++].emplace_back(kind.scheme);
    for (const Trait& trait : traits) {
      rows[row++].emplace_back(kind.capability->*trait.value ? "yes" : "-");
    }
    rows[row++].push_back(limit_text(kind.capability->max_key_bytes));
    rows[row].push_back(limit_text(kind.capability->max_value_bytes));
  }
  return table(rows);
}

/// The first scheme that takes the same options.
std::string_view first_alike(const StoreKind& kind) {
  const auto kinds = store_kinds();
  return std::ranges::find(kinds, kind.options.data(),
                           [](const StoreKind& other) { return other.options.data(); })
      ->scheme;
}

std::string options_text(const StoreKind& kind) {
  if (const std::string_view first = first_alike(kind); first != kind.scheme) {
    return fmt::format("\n{}  {}\n  the options of {}\n", kind.scheme, kind.example, first);
  }
  std::vector<std::vector<std::string>> rows;
  for (const UrlOption& option : kind.options) {
    const std::string preset =
        option.by_default.empty() ? "" : fmt::format(" Default: {}.", option.by_default);
    rows.push_back({fmt::format("  {}", option.name), std::string(option.kind),
                    fmt::format("{}{}", option.summary, preset)});
  }
  return fmt::format("\n{}  {}\n{}", kind.scheme, kind.example, table(rows));
}

void run(Context& context, const Arguments&) {
  if (!context.json) context.out.write(capabilities_text());
  for (const StoreKind& kind : store_kinds()) {
    context.out.write(context.json ? kind_json(kind) + "\n" : options_text(kind));
  }
}

}  // namespace

void declare_stores(CLI::App& app, Context& context) {
  CLI::App& command = *app.add_subcommand(
      "stores", "List the stores of this build, what they can do, their options");
  on_chosen(command, context, std::make_shared<Arguments>(), run);
}

}  // namespace semantrix::cli
