#include <semantrix/layers/metrics.hpp>
#include <semantrix/metrics.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <utility>

namespace semantrix {
namespace {

/// A label's value: Prometheus escapes three characters.
std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '\\' || c == '"') out += '\\';
    if (c == '\n') {
      out += "\\n";
    } else {
      out += c;
    }
  }
  return out;
}

/// Families of one store's figures.
class Exposition {
 public:
  explicit Exposition(std::string_view store) : store_("store=\"" + escaped(store) + '"') {}

  void counter(std::string_view name, std::string_view help, std::uint64_t value) {
    family(name, "counter", help);
    sample(name, {}, value);
  }
  void gauge(std::string_view name, std::string_view help, std::uint64_t value) {
    family(name, "gauge", help);
    sample(name, {}, value);
  }
  void family(std::string_view name, std::string_view type, std::string_view help) {
    text_.append("# HELP ").append(name).append(" ").append(help);
    text_.append("\n# TYPE ").append(name).append(" ").append(type).append("\n");
  }
  void sample(std::string_view name, std::string_view labels, std::uint64_t value) {
    text_.append(name).append("{").append(store_).append(labels).append("} ");
    text_.append(std::to_string(value)).append("\n");
  }
  /// A share, between 0 and 1, to a ten-thousandth.
  void share(std::string_view name, std::string_view labels, double value) {
    const auto parts = std::lround(std::clamp(value, 0.0, 1.0) * 10'000);
    const std::string fraction = std::to_string(parts % 10'000);
    text_.append(name).append("{").append(store_).append(labels).append("} ");
    text_.append(std::to_string(parts / 10'000)).append(".");
    text_.append(4 - fraction.size(), '0').append(fraction).append("\n");
  }
  [[nodiscard]] std::string take() { return std::move(text_); }

 private:
  const std::string store_;
  std::string text_;
};

/// As errors and `get_stats` show it.
std::string hexadecimal(std::uint64_t digest) {
  std::string text(16, '0');
  std::array<char, 16> digits{};
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), digest, 16).ptr;
  const auto count = static_cast<std::size_t>(end - digits.data());
  std::copy(digits.data(), end, text.begin() + static_cast<std::ptrdiff_t>(16 - count));
  return text;
}

}  // namespace

std::string metrics_text(const Stats& stats) {
  Exposition out(stats.store);
  out.counter("semantrix_hits_total", "Reads that found a value.", stats.hits);
  out.counter("semantrix_misses_total", "Reads that found none.", stats.misses);
  out.counter("semantrix_adds_total", "Entries stored, replacements included.", stats.adds);
  out.counter("semantrix_deletes_total", "Entries erased by the caller.", stats.deletes);
  out.counter("semantrix_evictions_total", "Entries removed to stay in bounds.", stats.evictions);
  out.counter("semantrix_expirations_total", "Entries whose time passed.", stats.expirations);
  out.counter("semantrix_retries_total", "Repeated attempts over the network.", stats.retries);
  out.counter("semantrix_rejected_total", "Adds refused as larger than the bounds.",
              stats.rejected);
  out.counter("semantrix_corrupt_total", "Records that could not be read.", stats.corrupt);
  out.counter("semantrix_value_bytes_in_total", "Bytes of the values given to add.",
              stats.value_bytes_in);
  out.counter("semantrix_value_bytes_out_total", "Bytes of the values handed out by hits.",
              stats.value_bytes_out);
  out.gauge("semantrix_entries", "Entries held, where this process holds them.", stats.size);
  out.gauge("semantrix_held_bytes", "Bytes held, where this process holds them.", stats.bytes);
  out.family("semantrix_errors_total", "counter", "Failed calls by kind of error.");
  for (const auto& [code, count] : stats.errors) {
    out.sample("semantrix_errors_total", ",code=\"" + escaped(code) + '"', count);
  }
  out.family("semantrix_hot_key_share", "gauge", "Share of the last reads that asked for the key.");
  for (const HotKey& key : stats.hot_keys) {
    out.share("semantrix_hot_key_share", ",digest=\"" + hexadecimal(key.digest) + '"', key.share);
  }
  return out.take();
}

awaitable<std::string> metrics_text(CacheStore& store) {
  const Stats stats = co_await store.get_stats();
  std::string text = metrics_text(stats);
  if (const auto* layer = dynamic_cast<const MetricsLayer*>(&store)) {
    text += layer->durations_text();
  }
  co_return text;
}

}  // namespace semantrix
