#include "cli/doctor.hpp"

#include "base/url.hpp"
#include "cli/arguments.hpp"
#include "cli/commands.hpp"
#include "cli/session.hpp"
#include "cli/watchdog.hpp"
#include "open/layers.hpp"
#include <semantrix/open.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <memory>
#include <optional>

namespace semantrix::cli {
namespace {

struct Arguments {
  std::string url;
};

/// Of the whole, unless --timeout says otherwise: enough for a table that must be created.
constexpr std::chrono::milliseconds default_timeout{60'000};

/// The check that an error of `open` belongs to: what it got past is in order.
std::string_view check_of(ErrorCode code) {
  switch (code) {
    case ErrorCode::invalid_argument:
    case ErrorCode::missing_configuration:
      return "url";
    case ErrorCode::busy:
      return "lock";
    default:
      return "snapshot";
  }
}

/// Nothing when the store cannot be opened; the finding says why.
std::shared_ptr<CacheStore> open_or_report(Findings& findings, const std::string& url) {
  try {
    auto store = open(url);
    findings.ok("url", fmt::format("{} is understood", redact_url(url)));
    return store;
  } catch (const CacheError& failure) {
    findings.fail(check_of(failure.code()), failure.error());
    return nullptr;
  }
}

using Examiner = void (*)(Findings&, const StoreUrl&);

/// Null: the scheme's stores are opened and tried like any other.
Examiner examiner_of(std::string_view scheme) {
  constexpr std::array elasticache{"redis", "rediss", "elasticache", "memcached", "memcacheds"};
  if (std::ranges::find(elasticache, scheme) != elasticache.end()) return examine_elasticache;
  if (scheme == "memorystore") return examine_memorystore;
  if (scheme == "dynamodb") return examine_dynamodb;
  return nullptr;
}

/// The store itself, without layers that would hide what is wrong with it. Whether there was one to
/// examine.
bool examine_networked(Findings& findings, const std::string& url) {
  auto parsed = parse_url(url);
  if (!parsed) return false;
  const auto examine_it = examiner_of(parsed->scheme);
  if (examine_it == nullptr) return false;
  if (const auto layers = take_layer_options(*parsed); !layers) {
    findings.fail("url", layers.error());
  } else {
    examine_it(findings, *parsed);
  }
  return true;
}

void examine(Findings& findings, const std::string& url) {
  if (examine_networked(findings, url)) return;
  const std::shared_ptr<CacheStore> opened = open_or_report(findings, url);
  if (!opened) return;
  BlockingStore store(opened);
  if (auto* memory = dynamic_cast<InMemoryStore*>(opened.get())) {
    examine_memory(findings, store, *memory, url);
  } else {
    probe_verbs(findings, store);
  }
  probe_close(findings, store);
}

Error out_of_time(std::chrono::milliseconds time) {
  return {ErrorCode::timeout,
          fmt::format("not done within {} ms; what is not listed was not checked", time.count()),
          "give a longer --timeout, or see what the last check waits for"};
}

void run(Context& context, const Arguments& arguments) {
  const std::string& named = arguments.url.empty() ? context.store_url : arguments.url;
  if (named.empty()) {
    throw CacheError(Error(ErrorCode::missing_configuration, "no store is named",
                           "give doctor a URL, --store or SEMANTRIX_STORE"));
  }
  Findings findings(context);
  const std::chrono::milliseconds time = context.timeout.value_or(default_timeout);
  const Watchdog watchdog(
      time, [&findings, time] { findings.fail_and_exit("timeout", out_of_time(time)); });
  // One step gets less than the whole, so that there is time to tell why it failed.
  if (context.timeout) context.timeout = time * 3 / 4;
  examine(findings, url_with_timeout(context, named));
}

}  // namespace

void declare_doctor(CLI::App& app, Context& context) {
  CLI::App& command = *app.add_subcommand(
      "doctor", "Check a store step by step; cause and remedy of what is wrong");
  auto arguments = std::make_shared<Arguments>();
  add_text(command, "URL", arguments->url, "The store; otherwise that of --store");
  on_chosen(command, context, arguments, run);
}

}  // namespace semantrix::cli
