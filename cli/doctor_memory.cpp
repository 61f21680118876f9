#include "base/quote.hpp"
#include "base/url.hpp"
#include "cli/doctor.hpp"
#include "cli/format.hpp"
#include <semantrix/in_memory_store.hpp>

#include <fmt/format.h>
#include <unistd.h>

#include <filesystem>
#include <memory>
#include <optional>

namespace semantrix::cli {
namespace {

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

}  // namespace

void examine_memory(Findings& findings, BlockingStore& store, InMemoryStore& memory,
                    const std::string& url) {
  if (const auto path = snapshot_path(url)) {
    check_snapshot(findings, store, *path);
  } else {
    findings.ok("snapshot", "none: entries live as long as the process");
  }
  check_settings(findings, memory.cache().options());
  // Probing the user's own cache would evict something when it is full.
  BlockingStore twin(std::make_shared<InMemoryStore>(memory.cache().options()));
  probe_verbs(findings, twin);
}

}  // namespace semantrix::cli
