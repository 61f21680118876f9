#include "base/duration.hpp"
#include <semantrix/layers/stale_while_revalidate.hpp>

#include <algorithm>
#include <mutex>
#include <string>
#include <unordered_map>
#include <utility>

namespace semantrix {

using std::chrono::milliseconds;

namespace {

milliseconds positive(std::string_view what, milliseconds duration) {
  if (auto checked = check_duration(what, duration); !checked) throw CacheError(checked.error());
  return duration;
}

}  // namespace

/// Who has been told to compute: one caller a key, until its time is over.
class StaleWhileRevalidateLayer::Leases {
 public:
  Leases(milliseconds lease, const std::shared_ptr<const Clock>& clock)
      : lease_(positive("the lease of stale_while_revalidate", lease)),
        clock_(clock ? clock : system_clock()) {}

  /// Whether the lease is the caller's now.
  [[nodiscard]] bool take(std::string_view key) {
    const milliseconds now = clock_->steady_now();
    const std::lock_guard lock(mutex_);
    if (until_.size() >= check_above_) drop_expired(now);
    const auto [at, first] = until_.try_emplace(std::string(key), now + lease_);
    if (first) return true;
    if (at->second > now) return false;
    at->second = now + lease_;
    return true;
  }

  void give_back(std::string_view key) {
    const std::lock_guard lock(mutex_);
    if (!until_.empty()) until_.erase(std::string(key));
  }

 private:
  void drop_expired(milliseconds now) {
    std::erase_if(until_, [now](const auto& lease) { return lease.second <= now; });
    check_above_ = std::max(first_check, until_.size() * 2);
  }

  static constexpr std::size_t first_check = 1024;
  const milliseconds lease_;
  const std::shared_ptr<const Clock> clock_;
  std::mutex mutex_;  // guards what follows
  std::unordered_map<std::string, milliseconds> until_;
  std::size_t check_above_ = first_check;
};

StaleWhileRevalidateLayer::StaleWhileRevalidateLayer(std::shared_ptr<CacheStore> inner,
                                                     const StaleWhileRevalidateOptions& options)
    : RefreshingLayer(std::move(inner),
                      Terms{positive("stale_while_revalidate", options.stale_for),
                            options.default_ttl, options.max_keys, options.clock}),
      stale_for_(options.stale_for),
      leases_(std::make_unique<Leases>(options.lease, options.clock)) {}
StaleWhileRevalidateLayer::~StaleWhileRevalidateLayer() = default;

bool StaleWhileRevalidateLayer::must_refresh(std::string_view key) { return leases_->take(key); }

void StaleWhileRevalidateLayer::on_written(std::string_view key) { leases_->give_back(key); }

}  // namespace semantrix
