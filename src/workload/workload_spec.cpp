#include "workload/workload_spec.hpp"

#include <boost/json.hpp>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <array>
#include <fstream>
#include <iterator>
#include <limits>
#include <stdexcept>
#include <vector>

namespace semantrix::workload {
namespace {

namespace json = boost::json;

constexpr std::array<std::string_view, 4> shape_names = {"zipf", "zipf_scan", "shifting_hot_set",
                                                         "loop"};
constexpr std::uint32_t largest_value = 1U << 30U;

[[noreturn]] void fail(const std::string& sentence) { throw std::invalid_argument(sentence); }

void read(std::string_view field, const json::value& from, std::string& to) {
  if (!from.is_string()) fail(fmt::format("field \"{}\" must be a string", field));
  to = from.as_string().c_str();
}

void read(std::string_view field, const json::value& from, double& to) {
  if (!from.is_number()) fail(fmt::format("field \"{}\" must be a number", field));
  to = from.to_number<double>();
}

void read(std::string_view field, const json::value& from, std::uint64_t& to) {
  json::error_code failed;
  to = from.to_number<std::uint64_t>(failed);
  if (failed) fail(fmt::format("field \"{}\" must be a whole number, 0 or more", field));
}

void read(std::string_view field, const json::value& from, std::uint32_t& to) {
  std::uint64_t wide = 0;
  read(field, from, wide);
  if (wide > std::numeric_limits<std::uint32_t>::max()) {
    fail(fmt::format("field \"{}\" must be below 2^32", field));
  }
  to = static_cast<std::uint32_t>(wide);
}

void read(std::string_view field, const json::value& from, Shape& to) {
  std::string name;
  read(field, from, name);
  for (std::size_t i = 0; i < shape_names.size(); ++i) {
    if (shape_names[i] == name) {
      to = static_cast<Shape>(i);
      return;
    }
  }
  fail(fmt::format("unknown shape \"{}\"; the shapes are {}", name, fmt::join(shape_names, ", ")));
}

void read(std::string_view field, const json::value& from, ValueSizes& to);

/// A JSON object's field and the member of `Target` that it fills.
template <typename Target>
struct Field {
  std::string_view name;
  void (*fill)(std::string_view, const json::value&, Target&);
};

template <auto Member, typename Target>
void fill(std::string_view field, const json::value& from, Target& into) {
  read(field, from, into.*Member);
}

template <typename Target, std::size_t Count>
void read_object(std::string_view what, const json::value& from,
                 const std::array<Field<Target>, Count>& fields, Target& into) {
  if (!from.is_object()) fail(fmt::format("{} must be a JSON object", what));
  for (const auto& [key, value] : from.as_object()) {
    const std::string_view name(key.data(), key.size());
    const Field<Target>* match = nullptr;
    std::vector<std::string_view> known;
    for (const auto& field : fields) {
      known.push_back(field.name);
      if (field.name == name) match = &field;
    }
    if (match == nullptr) {
      fail(fmt::format("unknown field \"{}\" in {}; known are {}", name, what,
                       fmt::join(known, ", ")));
    }
    match->fill(name, value, into);
  }
}

using Sizes = ValueSizes;
constexpr std::array<Field<Sizes>, 4> size_fields = {{
    {"median", fill<&Sizes::median, Sizes>},
    {"sigma", fill<&Sizes::sigma, Sizes>},
    {"least", fill<&Sizes::least, Sizes>},
    {"most", fill<&Sizes::most, Sizes>},
}};

// A plain number is the size of every value; an object is a log-normal distribution.
void read(std::string_view field, const json::value& from, ValueSizes& to) {
  if (!from.is_object()) return read(field, from, to.median);
  read_object(R"("value_bytes")", from, size_fields, to);
}

using Spec = WorkloadSpec;
constexpr std::array<Field<Spec>, 13> spec_fields = {{
    {"name", fill<&Spec::name, Spec>},
    {"description", fill<&Spec::description, Spec>},
    {"shape", fill<&Spec::shape, Spec>},
    {"seed", fill<&Spec::seed, Spec>},
    {"keys", fill<&Spec::keys, Spec>},
    {"requests", fill<&Spec::requests, Spec>},
    {"zipf", fill<&Spec::zipf, Spec>},
    {"scan_share", fill<&Spec::scan_share, Spec>},
    {"shift_every", fill<&Spec::shift_every, Spec>},
    {"shift_by", fill<&Spec::shift_by, Spec>},
    {"max_size", fill<&Spec::max_size, Spec>},
    {"max_bytes", fill<&Spec::max_bytes, Spec>},
    {"value_bytes", fill<&Spec::value_bytes, Spec>},
}};

void require(bool holds, std::string_view field, std::string_view range) {
  if (!holds) fail(fmt::format("field \"{}\" must be {}", field, range));
}

}  // namespace

std::string_view name_of(Shape shape) noexcept {
  return shape_names[static_cast<std::size_t>(shape)];
}

void check(const WorkloadSpec& spec) {
  // Written so that NaN fails too.
  const auto within = [](auto value, auto least, auto most) {
    return value >= least && value <= most;
  };
  require(within(spec.keys, 1U, 100'000'000U), "keys", "1 to 100000000");
  require(spec.requests >= 1, "requests", "1 or more");
  require(within(spec.zipf, 0.0, 4.0), "zipf", "0 to 4");
  require(within(spec.scan_share, 0.0, 1.0), "scan_share", "0 to 1");
  require(spec.shift_every >= 1, "shift_every", "1 or more");
  const ValueSizes& sizes = spec.value_bytes;
  require(sizes.median <= largest_value, "median", "at most 1073741824");
  require(sizes.most <= largest_value, "most", "at most 1073741824");
  require(sizes.least <= sizes.most, "least", R"(at most what "most" is)");
  require(within(sizes.sigma, 0.0, 10.0), "sigma", "0 to 10");
}

WorkloadSpec parse_workload(std::string_view text) {
  json::error_code failed;
  json::stream_parser parser;
  const std::size_t consumed = parser.write_some(text.data(), text.size(), failed);
  if (!failed) parser.finish(failed);
  if (failed || text.find_first_not_of(" \t\r\n", consumed) != std::string_view::npos) {
    fail(fmt::format("not valid JSON at byte {}: {}", consumed,
                     failed ? failed.message() : "text after the end of the object"));
  }
  WorkloadSpec spec;
  const json::value document = parser.release();
  read_object("the workload", document, spec_fields, spec);
  for (const std::string_view field : {"name", "shape"}) {
    if (!document.as_object().contains(field)) fail(fmt::format("field \"{}\" is missing", field));
  }
  check(spec);
  return spec;
}

WorkloadSpec read_workload(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) fail(fmt::format("{}: cannot be opened", path));
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  try {
    return parse_workload(text);
  } catch (const std::invalid_argument& problem) {
    fail(fmt::format("{}: {}", path, problem.what()));
  }
}

}  // namespace semantrix::workload
