#include "workload/zipf.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <stdexcept>

namespace semantrix::workload {
namespace {

constexpr std::uint32_t most_keys = 100'000'000;
constexpr double largest_alpha = 4.0;

// Both quotients lose all their digits where x is near 0 (alpha near 1): there, their series.
double log1p_over(double x) { return std::abs(x) > 1e-8 ? std::log1p(x) / x : 1.0 - x / 2.0; }
double expm1_over(double x) { return std::abs(x) > 1e-8 ? std::expm1(x) / x : 1.0 + x / 2.0; }

}  // namespace

ZipfRanks::ZipfRanks(std::uint32_t n, double alpha, std::uint64_t seed)
    : n_(n), alpha_(alpha), random_(seed) {
  if (n < 1 || n > most_keys) {
    throw std::invalid_argument(
        fmt::format("a Zipf distribution takes 1 to {} keys, not {}", most_keys, n));
  }
  if (!(alpha >= 0.0 && alpha <= largest_alpha)) {
    throw std::invalid_argument(fmt::format(
        "the exponent of a Zipf distribution is 0 to {}, not {}", largest_alpha, alpha));
  }
  area_first_ = integral(1.5) - 1.0;
  area_all_ = integral(static_cast<double>(n) + 0.5);
  shortcut_ = 2.0 - inverse_integral(integral(2.5) - density(2.0));
}

std::uint32_t ZipfRanks::next() {
  for (;;) {
    const double area = area_all_ + random_.next_unit() * (area_first_ - area_all_);
    const double x = inverse_integral(area);
    const double rank = std::clamp(std::floor(x + 0.5), 1.0, static_cast<double>(n_));
    if (rank - x <= shortcut_ || area >= integral(rank + 0.5) - density(rank)) {
      return static_cast<std::uint32_t>(rank) - 1U;
    }
  }
}

double ZipfRanks::integral(double x) const {
  const double log_x = std::log(x);
  return expm1_over((1.0 - alpha_) * log_x) * log_x;
}

double ZipfRanks::inverse_integral(double area) const {
  // Rounding may carry the argument of log1p just below its domain.
  const double t = std::max(area * (1.0 - alpha_), -1.0);
  return std::exp(log1p_over(t) * area);
}

double ZipfRanks::density(double x) const { return std::exp(-alpha_ * std::log(x)); }

}  // namespace semantrix::workload
