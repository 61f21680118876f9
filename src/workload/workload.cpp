#include "workload/workload.hpp"

namespace semantrix::workload {
namespace {

constexpr std::uint32_t wonders_per_stream = 1U << 26U;

std::uint64_t seed_of(const WorkloadSpec& spec, std::uint32_t stream) {
  return mix(spec.seed + 0x9E3779B97F4A7C15U * (stream + 1ULL));
}

const WorkloadSpec& checked(const WorkloadSpec& spec) {
  check(spec);
  return spec;
}

}  // namespace

Workload::Workload(const WorkloadSpec& spec, std::uint32_t stream)
    : shape_(checked(spec).shape),
      keys_(spec.keys),
      scan_share_(spec.scan_share),
      shift_every_(spec.shift_every),
      shift_by_(spec.shift_by % spec.keys),
      sizes_(spec.value_bytes),
      ranks_(spec.keys, spec.zipf, seed_of(spec, stream)),
      key_of_rank_(spec.keys, spec.keys),
      coin_(~seed_of(spec, stream)),
      next_wonder_(spec.keys + wonders_per_stream * stream),
      // Threads that loop in step would find what the other one has just fetched.
      position_(static_cast<std::uint32_t>(mix(stream) % spec.keys) * (stream > 0 ? 1U : 0U)) {}

std::uint32_t Workload::next() {
  switch (shape_) {
    case Shape::zipf_scan:
      return next_with_scan();
    case Shape::shifting_hot_set:
      return next_shifting();
    case Shape::loop:
      return next_in_loop();
    case Shape::zipf:
      break;
  }
  return key_of_rank_(ranks_.next());
}

std::uint32_t Workload::next_with_scan() {
  if (coin_.next_unit() < scan_share_) return next_wonder_++;
  return key_of_rank_(ranks_.next());
}

std::uint32_t Workload::next_shifting() {
  if (drawn_ == shift_every_) {
    drawn_ = 0;
    // The least popular keys move to the front: what is hot now was not in any cache before.
    drift_ = static_cast<std::uint32_t>((drift_ + 0ULL + keys_ - shift_by_) % keys_);
  }
  ++drawn_;
  const std::uint64_t rank = ranks_.next();
  return key_of_rank_(static_cast<std::uint32_t>((rank + drift_) % keys_));
}

std::uint32_t Workload::next_in_loop() {
  const std::uint32_t key = position_;
  position_ = position_ + 1U == keys_ ? 0U : position_ + 1U;
  return key;
}

}  // namespace semantrix::workload
