#include <semantrix/stats.hpp>

#include <boost/json/serialize.hpp>
#include <boost/json/string_view.hpp>

#include <fmt/format.h>

#include <iterator>
#include <numeric>

namespace semantrix {
namespace {

class JsonObject {
 public:
  void field(std::string_view name, std::uint64_t number) {
    fmt::format_to(std::back_inserter(text_), "{}\"{}\":{}", separator(), name, number);
  }
  void field(std::string_view name, double number) {
    fmt::format_to(std::back_inserter(text_), "{}\"{}\":{:.6g}", separator(), name, number);
  }
  void field(std::string_view name, std::string_view value) {
    fmt::format_to(std::back_inserter(text_), "{}\"{}\":{}", separator(), name,
                   boost::json::serialize(boost::json::string_view(value.data(), value.size())));
  }
  void raw(std::string_view name, std::string_view json) {
    fmt::format_to(std::back_inserter(text_), "{}\"{}\":{}", separator(), name, json);
  }
  [[nodiscard]] std::string text() const { return "{" + text_ + "}"; }

 private:
  [[nodiscard]] std::string_view separator() const noexcept { return text_.empty() ? "" : ","; }

  std::string text_;
};

std::string hot_keys_json(const std::vector<HotKey>& keys) {
  std::string text;
  for (const HotKey& key : keys) {
    JsonObject json;
    json.field("digest", std::string_view(fmt::format("{:016x}", key.digest)));
    json.field("share", key.share);
    text += text.empty() ? "" : ",";
    text += json.text();
  }
  return "[" + text + "]";
}

}  // namespace

std::string_view to_string(RemovalCause cause) noexcept {
  switch (cause) {
    case RemovalCause::erased:
      return "erased";
    case RemovalCause::replaced:
      return "replaced";
    case RemovalCause::expired:
      return "expired";
    case RemovalCause::evicted:
      return "evicted";
    case RemovalCause::cleared:
      return "cleared";
  }
  return "erased";
}

double Stats::hit_ratio() const noexcept {
  const double asked = static_cast<double>(hits) + static_cast<double>(misses);
  return asked > 0 ? static_cast<double>(hits) / asked : 0;
}

std::uint64_t Stats::error_count() const noexcept {
  return std::accumulate(errors.begin(), errors.end(), std::uint64_t{0},
                         [](std::uint64_t sum, const auto& kind) { return sum + kind.second; });
}

std::string Stats::to_json() const {
  JsonObject json;
  json.field("store", std::string_view(store));
  json.field("hits", hits);
  json.field("misses", misses);
  json.field("adds", adds);
  json.field("deletes", deletes);
  json.field("evictions", evictions);
  json.field("expirations", expirations);
  json.field("errors", error_count());
  json.field("retries", retries);
  json.field("size", size);
  json.field("hit_ratio", hit_ratio());
  json.field("rejected", rejected);
  json.field("corrupt", corrupt);
  json.field("bytes", bytes);
  json.field("value_bytes_in", value_bytes_in);
  json.field("value_bytes_out", value_bytes_out);
  json.field("raw_bytes", raw_bytes);
  json.field("stored_bytes", stored_bytes);
  JsonObject by_code;
  for (const auto& [code, count] : errors) by_code.field(code, count);
  json.raw("errors_by_code", by_code.text());
  json.raw("hot_keys", hot_keys_json(hot_keys));
  return json.text();
}

}  // namespace semantrix
