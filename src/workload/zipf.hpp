// Keys whose popularity follows Zipf's law: the k-th most popular of n keys is asked for with a
// probability proportional to 1 / k^alpha.
//
// Rejection-inversion (W. Hörmann, G. Derflinger: "Rejection-inversion to generate variates from
// monotone discrete distributions", ACM TOMACS 6(3), 1996): no table, so that a hundred million
// keys cost no memory, and an exact distribution, unlike the approximation common in benchmarks.
#pragma once

#include "workload/permutation.hpp"
#include "workload/random.hpp"

#include <cstdint>

namespace semantrix::workload {

/// Ranks: 0 is the most popular. Not thread-safe: one generator a thread, each with its own seed.
class ZipfRanks {
 public:
  /// 1 <= n <= 100,000,000 and 0 <= alpha <= 4, else std::invalid_argument. alpha 0 is uniform.
  ZipfRanks(std::uint32_t n, double alpha, std::uint64_t seed);

  /// A rank below `n`; 30 to 60 ns.
  std::uint32_t next();

 private:
  [[nodiscard]] double integral(double x) const;  // of x^-alpha, from 1
  [[nodiscard]] double inverse_integral(double area) const;
  [[nodiscard]] double density(double x) const;  // x^-alpha

  std::uint32_t n_;
  double alpha_;
  SplitMix random_;
  double area_first_;
  double area_all_;
  double shortcut_;  // how far above x a rank may lie and be accepted without a second look
};

/// Key ids: Zipf ranks scattered over [0, n) by a permutation. The permutation depends on `n`
/// alone, so that generators of different seeds (one for each thread) have the same hot keys.
class ZipfGenerator {
 public:
  /// Limits and errors as for ZipfRanks.
  ZipfGenerator(std::uint32_t n, double alpha, std::uint64_t seed)
      : ranks_(n, alpha, seed), key_of_rank_(n, n) {}

  std::uint32_t next() { return key_of_rank_(ranks_.next()); }

 private:
  ZipfRanks ranks_;
  Permutation key_of_rank_;
};

}  // namespace semantrix::workload
