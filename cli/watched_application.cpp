#include "cli/wait_for.hpp"
#include "cli/watched.hpp"
#include "cloud/access/http_url.hpp"
#include "cloud/access/net_transport.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <functional>
#include <limits>
#include <map>
#include <utility>

namespace semantrix::cli {
namespace {

using Clock = std::chrono::steady_clock;

/// "name{labels} value".
struct Sample {
  std::string_view name;
  std::string_view labels;
  double value = 0;
};

std::optional<double> parse_value(std::string_view text) {
  if (text == "+Inf") return std::numeric_limits<double>::infinity();
  double value = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (failed != std::errc() || end == text.data() || !(value >= 0)) return std::nullopt;
  return value;
}

std::optional<Sample> parse_sample(std::string_view line) {
  const std::size_t space = line.rfind(' ');
  if (line.empty() || line.front() == '#' || space == line.npos) return std::nullopt;
  const auto value = parse_value(line.substr(space + 1));
  if (!value) return std::nullopt;
  const std::string_view head = line.substr(0, space);
  const std::size_t brace = head.find('{');
  if (brace == head.npos) return Sample{head, {}, *value};
  return Sample{head.substr(0, brace), head.substr(brace), *value};
}

/// The text behind `name="`, of labels that hold no quote themselves.
std::string_view label(std::string_view labels, std::string_view name) {
  const std::string begin = std::string(name) + "=\"";
  const std::size_t at = labels.find(begin);
  if (at == labels.npos) return {};
  labels.remove_prefix(at + begin.size());
  return labels.substr(0, labels.find('"'));
}

/// Gathers the samples of all stores.
class Sum {
 public:
  void add(const Sample& sample) {
    constexpr std::string_view durations = "semantrix_call_duration_seconds";
    if (sample.name.starts_with(durations)) {
      return add_duration(sample.name.substr(durations.size()), sample);
    }
    if (sample.name == "semantrix_hot_key_share") return add_hot_key(sample);
    if (double* field = find(sample.name)) {
      *field += sample.value;
      ++known_;
    }
  }

  [[nodiscard]] std::optional<Figures> take() {
    if (known_ == 0) return std::nullopt;
    figures_.requests = calls_ ? *calls_ : figures_.hits + figures_.misses + adds_ + deletes_;
    for (const auto& [bound, calls] : reads_) figures_.reads.push_back({bound, calls});
    std::ranges::stable_sort(figures_.hot_keys, std::ranges::greater(), &WatchedKey::share);
    return std::move(figures_);
  }

 private:
  double* find(std::string_view name) {
    if (name == "semantrix_hits_total") return &figures_.hits;
    if (name == "semantrix_misses_total") return &figures_.misses;
    if (name == "semantrix_adds_total") return &adds_;
    if (name == "semantrix_deletes_total") return &deletes_;
    if (name == "semantrix_evictions_total") return &figures_.evictions;
    if (name == "semantrix_expirations_total") return &figures_.expirations;
    if (name == "semantrix_entries") return &figures_.entries;
    if (name == "semantrix_held_bytes") return &figures_.bytes;
    if (name == "semantrix_errors_total") return &*figures_.errors;
    return nullptr;
  }

  /// A text that others chose is not shown on a terminal unless it is what it should be.
  void add_hot_key(const Sample& sample) {
    const std::string_view digest = label(sample.labels, "digest");
    constexpr std::size_t most = 32;
    constexpr std::string_view digits = "0123456789abcdef";
    if (digest.empty() || digest.find_first_not_of(digits) != digest.npos) return;
    if (figures_.hot_keys.size() < most) {
      figures_.hot_keys.push_back({std::string(digest), sample.value});
    }
  }

  void add_duration(std::string_view part, const Sample& sample) {
    if (part == "_count") calls_ = calls_.value_or(0) + sample.value;
    const std::string_view verb = label(sample.labels, "verb");
    if (part != "_bucket" || (verb != "get_exact" && verb != "batch_get")) return;
    if (const auto bound = parse_value(label(sample.labels, "le"))) reads_[*bound] += sample.value;
  }

  Figures figures_ = [] {
    Figures none;
    none.errors = 0;
    return none;
  }();
  double adds_ = 0;
  double deletes_ = 0;
  std::optional<double> calls_;  // nothing: nobody measures them
  std::map<double, double> reads_;
  std::size_t known_ = 0;
};

class Application final : public Watched {
 public:
  Application(cloud::HttpUrl url, std::chrono::milliseconds patience)
      : url_(std::move(url)), patience_(patience) {}

  Result<Figures> look() override {
    net::HttpRequest request;
    request.target = url_.target;
    const cloud::Patience patience{.connect = patience_, .read = patience_};
    const auto response =
        wait_for(transport_.send(url_, std::move(request), patience, Clock::now() + patience_));
    if (!response) return response.error();
    if (response->status != 200) {
      return Error(
          ErrorCode::unavailable,
          fmt::format("{} answers with status {}", cloud::to_string(url_), response->status),
          "name the endpoint with its path, e.g. http://127.0.0.1:9464/metrics");
    }
    return read_metrics(response->body);
  }

 private:
  const cloud::HttpUrl url_;
  const std::chrono::milliseconds patience_;
  cloud::NetTransport transport_;
};

}  // namespace

Result<Figures> read_metrics(std::string_view text) {
  Sum sum;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    if (const auto sample = parse_sample(text.substr(0, end))) sum.add(*sample);
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  auto figures = sum.take();
  if (figures) return std::move(*figures);
  return Error(ErrorCode::protocol_error, "what answers there tells nothing of a cache store",
               "name an endpoint that tells metrics_text, e.g. of a MetricsServer");
}

std::unique_ptr<Watched> watch_application(std::string_view url,
                                           std::chrono::milliseconds patience) {
  Result<cloud::HttpUrl> parsed = cloud::parse_http_url(url);
  if (!parsed) throw CacheError(parsed.error());
  return std::make_unique<Application>(std::move(*parsed), patience);
}

}  // namespace semantrix::cli
