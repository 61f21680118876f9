// From one store in memory to another: what is kept, what is left, and where a killed one goes on.
#include <semantrix/in_memory_store.hpp>
#include <semantrix/layer.hpp>
#include <semantrix/migrate.hpp>
#include <semantrix/testing/conformance/client.hpp>
#include <semantrix/testing/fake_clock.hpp>

#include <gtest/gtest.h>

#include <array>
#include <filesystem>
#include <fstream>
#include <memory>
#include <set>
#include <string>
#include <vector>

namespace semantrix {
namespace {

using namespace std::chrono_literals;
using testing::conformance::await;

/// Refuses what it is told to refuse.
class RefusingStore final : public Layer {
 public:
  RefusingStore() : Layer(std::make_shared<InMemoryStore>()) {}

  std::set<std::string> refused;
  std::optional<ErrorCode> outage;

 protected:
  Probe<BatchOutcome> probe_batch_add(std::span<const BatchItem>, const AddOptions&) override {
    return {};
  }
  awaitable<Result<BatchOutcome>> do_batch_add(std::span<const BatchItem> items,
                                               const AddOptions& options) override {
    if (outage) co_return Error(*outage, "told to fail");
    BatchOutcome outcome;
    for (std::size_t i = 0; i != items.size(); ++i) {
      if (refused.contains(items[i].key)) {
        outcome.failures.push_back({i, Error(ErrorCode::too_large, "told to refuse")});
      } else {
        co_await Layer::do_add(items[i].key, items[i].value, options);
        ++outcome.stored;
      }
    }
    co_return outcome;
  }
};

struct Stores {
  explicit Stores(std::size_t count = 1000) {
    for (std::size_t i = 0; i != count; ++i) {
      await(source.add("key" + std::to_string(i), "value" + std::to_string(i)));
    }
  }
  MigrateReport run(CacheStore& to, const MigrateOptions& options = {}) {
    return await(migrate(source, to, options));
  }

  InMemoryStore source;
  InMemoryStore destination;
};

std::string checkpoint_path() {
  const auto* test = ::testing::UnitTest::GetInstance()->current_test_info();
  const auto path =
      std::filesystem::temp_directory_path() / (std::string("semantrix_migrate_") + test->name());
  std::filesystem::remove(path);
  return path.string();
}

TEST(Migrate, copies_and_verifies_everything) {
  Stores stores;
  MigrateOptions options;
  options.verify = true;
  const MigrateReport report = stores.run(stores.destination, options);
  EXPECT_EQ(report.copied, 1000U);
  EXPECT_EQ(report.verified, 1000U);
  EXPECT_EQ(report.failed + report.differing + report.skipped + report.expired, 0U);
  EXPECT_EQ(await(stores.destination.size()), 1000U);
  EXPECT_EQ(await(stores.destination.get_exact("key77")), Value("value77"));
}

TEST(Migrate, keeps_ttl_and_tags) {
  Stores stores(0);
  const std::array<std::string_view, 2> tags{"red", "round"};
  await(stores.source.add("tagged", "1", {.ttl = 1h, .tags = tags}));
  await(stores.source.add("short", Value("2").as_binary(), {.ttl = 10min}));
  await(stores.source.add("endless", "3"));
  EXPECT_EQ(stores.run(stores.destination).copied, 3U);
  const Entry tagged = await(stores.destination.get_entry("tagged")).value();
  EXPECT_EQ(tagged.tags, (std::vector<std::string>{"red", "round"}));
  EXPECT_LE(*tagged.ttl, 1h);
  EXPECT_GT(*tagged.ttl, 1h - 2s);
  const Entry brief = await(stores.destination.get_entry("short")).value();
  EXPECT_LE(*brief.ttl, 10min);
  EXPECT_TRUE(brief.value.binary());
  EXPECT_EQ(await(stores.destination.get_entry("endless")).value().ttl, std::nullopt);
}

TEST(Migrate, copies_only_what_matches_and_leaves_what_exists) {
  Stores stores(20);
  await(stores.destination.add("key1", "mine"));
  MigrateOptions options;
  options.match = "key1*";
  options.if_exists = IfExists::skip;
  const MigrateReport report = stores.run(stores.destination, options);
  EXPECT_EQ(report.copied, 10U);
  EXPECT_EQ(report.skipped, 1U);
  EXPECT_EQ(await(stores.destination.get_exact("key1")), Value("mine"));
}

TEST(Migrate, a_dry_run_stores_nothing) {
  Stores stores(20);
  MigrateOptions options;
  options.dry_run = true;
  options.verify = true;
  EXPECT_EQ(stores.run(stores.destination, options).copied, 20U);
  EXPECT_EQ(await(stores.destination.size()), 0U);
}

TEST(Migrate, names_what_it_could_not_copy_and_goes_on) {
  Stores stores(100);
  RefusingStore destination;
  destination.refused = {"key3", "key50"};
  std::set<std::string> named;
  MigrateOptions options;
  options.verify = true;
  options.on_failure = [&](std::string_view key, const Error& error) {
    if (error.code() == ErrorCode::too_large) named.insert(std::string(key));
  };
  const MigrateReport report = stores.run(destination, options);
  EXPECT_EQ(report.copied, 98U);
  EXPECT_EQ(report.failed, 2U);
  EXPECT_EQ(report.verified, 98U);
  EXPECT_EQ(report.differing, 2U);
  EXPECT_EQ(named, destination.refused);
}

TEST(Migrate, ends_when_the_destination_is_out_of_reach) {
  Stores stores(1000);
  RefusingStore destination;
  destination.outage = ErrorCode::connect_failed;
  int failures = 0;
  MigrateOptions options;
  options.on_failure = [&](std::string_view, const Error&) { ++failures; };
  EXPECT_THROW(stores.run(destination, options), CacheError);
  EXPECT_LE(failures, 256);
}

TEST(Migrate, goes_on_where_it_was_stopped) {
  Stores stores(1000);
  MigrateOptions options;
  options.checkpoint = checkpoint_path();
  int groups = 0;
  options.stop = [&] { return ++groups > 2; };
  const MigrateReport first = stores.run(stores.destination, options);
  EXPECT_TRUE(first.stopped);
  EXPECT_GT(first.copied, 0U);
  EXPECT_LT(first.copied, 1000U);
  // A process that is killed leaves half a key at the end.
  std::ofstream(options.checkpoint, std::ios::app | std::ios::binary) << "abc";
  options.stop = {};
  const MigrateReport second = stores.run(stores.destination, options);
  EXPECT_EQ(second.skipped, first.copied);
  EXPECT_EQ(second.copied, 1000U - first.copied);
  EXPECT_EQ(await(stores.destination.size()), 1000U);
  EXPECT_FALSE(std::filesystem::exists(options.checkpoint));
}

TEST(Migrate, refuses_the_checkpoint_of_another_migration) {
  Stores stores(1000);
  MigrateOptions options;
  options.checkpoint = checkpoint_path();
  options.identity = "one";
  int groups = 0;
  options.stop = [&] { return ++groups > 1; };
  EXPECT_TRUE(stores.run(stores.destination, options).stopped);
  options.identity = "another";
  try {
    stores.run(stores.destination, options);
    ADD_FAILURE() << "was taken";
  } catch (const CacheError& error) {
    EXPECT_EQ(error.code(), ErrorCode::invalid_argument);
  }
  std::filesystem::remove(options.checkpoint);
}

TEST(Migrate, keeps_to_its_rate) {
  Stores stores(30);
  MigrateOptions options;
  options.rate = 300;
  const auto begin = std::chrono::steady_clock::now();
  EXPECT_EQ(stores.run(stores.destination, options).copied, 30U);
  EXPECT_GE(std::chrono::steady_clock::now() - begin, 99ms);
}

}  // namespace
}  // namespace semantrix
