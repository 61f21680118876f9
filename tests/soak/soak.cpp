// A mixed load on every store at once, behind networks that reset, cut, delay, split and lose, for
// as long as is asked; every answer is checked.
//
//   tools/servers run redis memcached -- build/dev/bin/soak --seconds=600 --seed=7
//
// Exits with 1 if anything was wrong: another's value, one that is dead or older than what was
// acknowledged, a value lost, a call that outlived its deadline, a store that does not come back.
#include "fault/trouble.hpp"
#include "soak/mortal_load.hpp"
#include "support/io_thread.hpp"
#include "support/servers.hpp"
#include "support/versioned_load.hpp"
#include <semantrix/blocking_store.hpp>
#include <semantrix/open.hpp>

#include <fmt/format.h>

#include <array>
#include <chrono>
#include <cstdlib>
#include <exception>
#include <future>
#include <iostream>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace semantrix::testing {
namespace {

using std::chrono::milliseconds;
using Clock = std::chrono::steady_clock;

constexpr milliseconds deadline{2'000};
/// A call's own time beyond its deadline: the tick of its connection and a turn of the executor.
constexpr milliseconds allowance{250};
constexpr milliseconds longest_recovery{6'000};
constexpr std::size_t callers = 12;
constexpr std::size_t keys_each = 4;

struct Settings {
  std::chrono::seconds duration{20};
  std::uint64_t seed = std::random_device{}();
};

/// A store that is known by a server's form and a URL, in which {} is where the server is.
struct Kind {
  std::string_view form;  ///< Empty: in this process.
  std::string_view url;
  milliseconds doubt{0};  ///< See `VersionedLoad::Plan`.
};
constexpr std::array<Kind, 3> kinds{{
    {"", "memory://?max_size=100000"},
    {"redis", "redis://{}?compress_threshold=1000"},
    {"memcached", "memcached://{}", deadline},
}};

/// A store under its loads, and the network before it.
class Subject {
 public:
  Subject(const Kind& kind, storm::Random& random)
      : name_(kind.form.empty() ? "memory" : kind.form), random_(random()) {
    if (!kind.form.empty()) gate_ = std::make_unique<FaultGate>(server(kind.form).endpoint());
    store_ = open(gate_ ? fmt::format(fmt::runtime(kind.url), gate_->endpoint().text())
                        : std::string(kind.url));
    VersionedLoad::Plan plan;
    plan.shard = [](const std::string&) { return std::size_t{0}; };
    plan.batches = true;
    plan.doubt = kind.doubt;
    for (std::size_t i = 0; i != callers; ++i) {
      std::vector<std::string>& keys = plan.keys.emplace_back();
      for (std::size_t k = 0; k != keys_each; ++k) keys.push_back(fmt::format("own{}.{}", i, k));
    }
    const auto executor = thread_.context().get_executor();
    versioned_ = std::make_unique<VersionedLoad>(*store_, executor, std::move(plan));
    mortal_ =
        std::make_unique<MortalLoad>(*store_, executor, "mortal", callers, kind.doubt, random_());
  }

  void trouble_until(Clock::time_point end) {
    if (!gate_) return;
    troubled_ = std::async(std::launch::async, [this, end] {
      storm::trouble(*gate_, storm::Random(random_()), end, milliseconds(50));
    });
  }

  /// What is wrong, a sentence each; prints what was seen.
  std::vector<std::string> finish() {
    if (troubled_.valid()) troubled_.get();
    if (gate_) {
      gate_->reset_all();
      gate_->pass();
    }
    if (!versioned_->stop(deadline * 3) || !mortal_->stop(deadline * 3)) {
      complain("callers hang");
      std::cerr << name_ << ": callers hang\n";
      std::_Exit(1);
    }
    judge(versioned_->report());
    judge(mortal_->report());
    expect_recovery();
    return complaints_;
  }

 private:
  void complain(std::string_view what) {
    complaints_.push_back(fmt::format("{}: {}", name_, what));
  }

  void judge(const LoadReport& report) {
    std::cout << name_ << ": " << report.text();
    for (const std::string& wrong : report.wrong) complain(wrong);
    if (report.missing != 0) complain(fmt::format("{} values are lost", report.missing));
    if (report.older != 0) complain(fmt::format("{} values are old", report.older));
    judge_time(report.worst, report.lag);
    if (report.failures() == report.calls()) complain("nothing worked");
  }

  void judge(const MortalReport& report) {
    std::cout << name_ << ": " << report.text() << "\n";
    for (const std::string& wrong : report.wrong) complain(wrong);
    judge_time(report.worst, report.lag);
    if (report.hits == 0 || report.expired == 0) complain("nothing lived, or nothing died");
  }

  void judge_time(Clock::duration worst, Clock::duration lag) {
    if (worst <= deadline + allowance + 3 * lag) return;
    complain(
        fmt::format("a call took {} ms", std::chrono::duration_cast<milliseconds>(worst).count()));
  }

  /// With its network in order again it works within seconds, and has all that it was given.
  void expect_recovery() {
    BlockingStore store(store_);
    const auto end = Clock::now() + longest_recovery;
    const auto get = [&](const std::string& key) {
      while (true) {
        try {
          return store.get_exact(key);
        } catch (const CacheError& error) {
          if (Clock::now() >= end) throw;
          std::this_thread::sleep_for(milliseconds(20));
        }
      }
    };
    try {
      for (const std::string& wrong : versioned_->check(get, false)) complain(wrong);
      store.close();
    } catch (const CacheError& error) {
      complain(fmt::format("it does not come back: {}", error.what()));
    }
  }

  std::string name_;
  storm::Random random_;
  std::unique_ptr<FaultGate> gate_;
  IoThread thread_;  // outlives the store
  std::shared_ptr<CacheStore> store_;
  std::unique_ptr<VersionedLoad> versioned_;
  std::unique_ptr<MortalLoad> mortal_;
  std::future<void> troubled_;
  std::vector<std::string> complaints_;
};

std::optional<std::uint64_t> number_after(std::string_view word, std::string_view name) {
  if (!word.starts_with(name)) return std::nullopt;
  return std::stoull(std::string(word.substr(name.size())));
}

Settings read(int argc, char** argv) {
  Settings settings;
  for (int i = 1; i < argc; ++i) {
    if (const auto seconds = number_after(argv[i], "--seconds=")) {
      settings.duration = std::chrono::seconds(*seconds);
    } else if (const auto seed = number_after(argv[i], "--seed=")) {
      settings.seed = *seed;
    } else {
      throw std::runtime_error(fmt::format("there is no option {}", argv[i]));
    }
  }
  return settings;
}

/// Whether all was right.
bool soak(const Settings& settings) {
  std::cout << "seed " << settings.seed << std::endl;
  storm::Random random(settings.seed);
  std::vector<std::unique_ptr<Subject>> subjects;
  subjects.reserve(kinds.size());
  for (const Kind& kind : kinds) subjects.push_back(std::make_unique<Subject>(kind, random));
  const auto end = Clock::now() + settings.duration;
  for (auto& subject : subjects) subject->trouble_until(end);
  std::this_thread::sleep_until(end);
  bool right = true;
  for (auto& subject : subjects) {
    for (const std::string& complaint : subject->finish()) {
      std::cerr << complaint << "\n";
      right = false;
    }
  }
  return right;
}

}  // namespace
}  // namespace semantrix::testing

int main(int argc, char** argv) {
  try {
    return semantrix::testing::soak(semantrix::testing::read(argc, argv)) ? 0 : 1;
  } catch (const std::exception& error) {
    std::cerr << "soak: " << error.what() << "\n";
    return 2;
  }
}
