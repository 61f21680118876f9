#include "base/quote.hpp"
#include "base/url.hpp"
#include "cli/arguments.hpp"
#include "cli/commands.hpp"
#include "cli/findings.hpp"
#include "cli/format.hpp"
#include "cli/interrupt.hpp"
#include "cli/session.hpp"
#include "cli/watchdog.hpp"
#include <semantrix/in_memory_store.hpp>
#include <semantrix/open.hpp>

#include <fmt/format.h>
#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <memory>
#include <optional>
#include <random>
#include <thread>

namespace semantrix::cli {
namespace {

using namespace std::chrono_literals;

struct Arguments {
  std::string url;
};

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

std::optional<std::string> snapshot_path(const std::string& url) {
  const auto parsed = parse_url(url);
  if (!parsed) return std::nullopt;
  for (const UrlParameter& parameter : parsed->parameters) {
    if (parameter.name == "snapshot") return parameter.value;
  }
  return std::nullopt;
}

bool can_be_replaced(const std::string& path) {
  const std::string folder = std::filesystem::path(path).parent_path().string();
  return ::access(folder.empty() ? "." : folder.c_str(), W_OK) == 0;
}

void check_snapshot(Findings& findings, BlockingStore& store, const std::string& path) {
  const auto warning = store.describe().warning;
  if (warning && warning->code() == ErrorCode::too_large) {
    findings.warn("snapshot", warning->message(), warning->remedy());
  } else if (warning) {
    findings.fail("snapshot", *warning);
  } else if (::access(path.c_str(), F_OK) != 0) {
    findings.ok("snapshot",
                fmt::format("{} is not there yet; the first change writes it", quote(path)));
  } else {
    findings.ok("snapshot", fmt::format("{} holds {} entries", quote(path), grouped(store.size())));
  }
  if (!can_be_replaced(path)) {
    findings.warn("lock", fmt::format("{} can be read, but its folder not written", quote(path)),
                  "give write permission if anything is to be stored");
    return;
  }
  findings.ok("lock", "no other process has the snapshot open");
}

double physical_memory() {
  return static_cast<double>(::sysconf(_SC_PHYS_PAGES)) *
         static_cast<double>(::sysconf(_SC_PAGE_SIZE));
}

/// Settings that hurt a cache in memory.
void check_settings(Findings& findings, const MemoryOptions& options) {
  constexpr std::size_t unlimited = static_cast<std::size_t>(-1);
  bool fine = true;
  if (options.max_bytes != unlimited &&
      static_cast<double>(options.max_bytes) > physical_memory()) {
    fine = false;
    findings.warn("settings", "max_bytes exceeds the machine's memory", "lower max_bytes");
  }
  if (options.max_size == unlimited && options.max_bytes == unlimited) {
    fine = false;
    findings.warn("settings", "nothing bounds the cache", "set max_size or max_bytes");
  }
  if (options.eviction_policy == EvictionPolicy::fifo) {
    fine = false;
    findings.warn("settings", "fifo ignores hits and keeps the fewest useful entries",
                  "use w_tinylfu or s3fifo unless order of arrival is what you want");
  }
  if (fine) findings.ok("settings", "bounds and policy suit a cache");
}

void expect(bool holds, std::string_view what) {
  if (!holds) throw CacheError(Error(ErrorCode::internal, std::string(what), "please report this"));
}

bool gone_in_time(BlockingStore& store, const std::string& key) {
  const auto give_up = std::chrono::steady_clock::now() + 5s;
  while (store.get_exact(key).has_value()) {
    if (std::chrono::steady_clock::now() > give_up) return false;
    interruption_point();
    std::this_thread::sleep_for(5ms);
  }
  return true;
}

/// Runs a step; what it throws is a finding. Whether it went well.
template <class Step>
bool probe(Findings& findings, std::string_view check, std::string_view cause, Step step) {
  try {
    step();
    findings.ok(check, cause);
    return true;
  } catch (const CacheError& failure) {
    findings.fail(check, failure.error());
    return false;
  }
}

/// Writes, reads and deletes a key of its own.
void probe_verbs(Findings& findings, BlockingStore& store) {
  const std::string key = fmt::format("semantrix-doctor-{:08x}", std::random_device{}());
  const bool written = probe(findings, "write", "an entry can be stored",
                             [&] { store.add(key, "probe", {.ttl = 1min}); });
  if (!written) return;
  probe(findings, "read", "it reads back as it was written", [&] {
    const auto value = store.get_exact(key);
    expect(value && *value == Value("probe"), "what was written does not read back");
  });
  probe(findings, "expiry", "an entry is gone after its ttl", [&] {
    store.add(key, "probe", {.ttl = 20ms});
    expect(gone_in_time(store, key), "an entry outlives its ttl");
  });
  probe(findings, "delete", "an entry can be deleted", [&] {
    store.add(key, "probe", {.ttl = 1min});
    expect(store.erase(key) && !store.get_exact(key), "a deleted entry is still there");
  });
}

/// Probing the user's own cache would evict something when it is full: its twin is probed instead.
void examine_memory(Findings& findings, BlockingStore& store, InMemoryStore& memory,
                    const std::string& url) {
  if (const auto path = snapshot_path(url)) {
    check_snapshot(findings, store, *path);
  } else {
    findings.ok("snapshot", "none: entries live as long as the process");
  }
  check_settings(findings, memory.cache().options());
  BlockingStore twin(std::make_shared<InMemoryStore>(memory.cache().options()));
  probe_verbs(findings, twin);
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
  std::optional<Watchdog> watchdog;
  if (context.timeout) {
    watchdog.emplace(*context.timeout, [&findings, time = *context.timeout] {
      findings.fail_and_exit("timeout", out_of_time(time));
    });
  }
  const std::string url = url_with_timeout(context, named);
  const std::shared_ptr<CacheStore> opened = open_or_report(findings, url);
  if (!opened) return;
  BlockingStore store(opened);
  if (auto* memory = dynamic_cast<InMemoryStore*>(opened.get())) {
    examine_memory(findings, store, *memory, url);
  } else {
    probe_verbs(findings, store);
  }
  probe(findings, "close", "the store closes in order", [&] { store.close(); });
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
