#include "answers.hpp"
#include "docstrings.hpp"
#include "handles.hpp"
#include "methods.hpp"
#include "options.hpp"
#include "starting.hpp"
#include "text.hpp"
#include <semantrix/migrate.hpp>

#include <array>
#include <atomic>
#include <mutex>
#include <new>
#include <string>
#include <utility>
#include <vector>

// What semantrix/migration.py stands on. The hooks of a migration run on the library's thread,
// which must not wait for the GIL: they leave here what the loop's thread comes to fetch.
namespace semantrix::python {
namespace {

using Row = Option<MigrateOptions>;

Read read_if_exists(MigrateOptions& options, PyObject* value) {
  const auto parse = [](std::string_view name) -> std::optional<IfExists> {
    if (name == "overwrite") return IfExists::overwrite;
    if (name == "skip") return IfExists::skip;
    return std::nullopt;
  };
  return read_name<IfExists>(value, parse, "overwrite, skip", options.if_exists);
}

template <auto member>
Read read_positive(MigrateOptions& options, PyObject* value) {
  if (Read refused = read(value, options.*member)) return refused;
  if (options.*member == 0) return Complaint{false, "is 0; it must be at least 1"};
  return std::nullopt;
}

constexpr std::array table{
    Row{"match", set_member<&MigrateOptions::match>},
    Row{"if_exists", read_if_exists},
    Row{"dry_run", set_member<&MigrateOptions::dry_run>},
    Row{"verify", set_member<&MigrateOptions::verify>},
    Row{"rate", set_member<&MigrateOptions::rate>},
    Row{"checkpoint", set_member<&MigrateOptions::checkpoint>},
    Row{"identity", set_member<&MigrateOptions::identity>},
    Row{"batch_size", read_positive<&MigrateOptions::batch_size>},
    Row{"concurrency", read_positive<&MigrateOptions::concurrency>},
};

/// What the hooks leave. Thread-safe.
struct Progress {
  using Failures = std::vector<std::pair<std::string, Error>>;

  std::atomic<bool> stopping{false};
  std::mutex mutex;  // guards what follows
  MigrateReport report;
  Failures failures;
};

struct MigrationHandle : StoreHandle {
  std::shared_ptr<CacheStore> destination;
  MigrateOptions options;
  bool keeps_failures = false;
  std::shared_ptr<Progress> progress = std::make_shared<Progress>();
};

PyObject* report_to_python(const MigrateReport& report) {
  try {
    nb::dict fields;
    fields["copied"] = report.copied;
    fields["skipped"] = report.skipped;
    fields["expired"] = report.expired;
    fields["failed"] = report.failed;
    fields["untagged"] = report.untagged;
    fields["verified"] = report.verified;
    fields["differing"] = report.differing;
    fields["stopped"] = report.stopped;
    const nb::object type = nb::module_::import_("semantrix.types").attr("MigrateReport");
    return type(**fields).release().ptr();
  } catch (nb::python_error& failed) {
    failed.restore();
    return nullptr;
  }
}

nb::object made(PyObject* object) {
  nb::object owned = take(object);
  if (!owned.is_valid()) throw nb::python_error();
  return owned;
}

/// With the hooks that write to `progress`.
MigrateOptions observed(MigrateOptions options, const std::shared_ptr<Progress>& progress,
                        bool keeps_failures) {
  options.on_progress = [progress](const MigrateReport& report) {
    const std::lock_guard lock(progress->mutex);
    progress->report = report;
  };
  if (keeps_failures) {
    options.on_failure = [progress](std::string_view key, const Error& error) {
      const std::lock_guard lock(progress->mutex);
      progress->failures.emplace_back(key, error);
    };
  }
  options.stop = [progress] { return progress->stopping.load(); };
  return options;
}

awaitable<Result<MigrateReport>> migrated(CacheStore& source, CacheStore& destination,
                                          MigrateOptions options) {
  auto migrating = migrate(source, destination, std::move(options));
  co_return co_await std::move(migrating);
}

Started start_run(const StoreHandle& handle, const Arguments& /*arguments*/) {
  const auto& migration = static_cast<const MigrationHandle&>(handle);
  auto begin = [source = migration.store, destination = migration.destination,
                options =
                    observed(migration.options, migration.progress, migration.keeps_failures)] {
    return migrated(*source, *destination, options);
  };
  return make_call<MigrateReport>(std::move(begin), [](const Result<MigrateReport>& report) {
    return report ? report_to_python(*report) : raise(report.error());
  });
}

constexpr std::span<const std::string_view> nothing{};
constinit const Verb run_verb{"run", nothing, 0, 0, start_run};
std::array run_methods{method(run_verb, async_method<run_verb, MigrationHandle>,
                              "run($self, /)\n--\n\nMigrates; a MigrateReport. Once.")};

void initialise(MigrationHandle* self, const AsyncStore& source, const AsyncStore& destination,
                bool keeps_failures, const nb::kwargs& given) {
  MigrateOptions options;
  read_options<MigrateOptions>(table, given, options);
  new (self) MigrationHandle{
      {source.store, source.slow_probe}, destination.store, std::move(options), keeps_failures};
}

nb::object report_so_far(const MigrationHandle& migration) {
  MigrateReport report;
  {
    const std::lock_guard lock(migration.progress->mutex);
    report = migration.progress->report;
  }
  return made(report_to_python(report));
}

nb::list new_failures(const MigrationHandle& migration) {
  Progress::Failures failures;
  {
    const std::lock_guard lock(migration.progress->mutex);
    failures.swap(migration.progress->failures);
  }
  nb::list pairs;
  for (const auto& [key, error] : failures) {
    pairs.append(nb::make_tuple(made(key_to_python(key)), made(error_to_python(error))));
  }
  return pairs;
}

void stop(const MigrationHandle& migration) { migration.progress->stopping = true; }

}  // namespace

void bind_migrate(nb::module_& module) {
  nb::class_<MigrationHandle> type(module, "Migration", docstrings::migration);
  type.def("__init__", &initialise)
      .def("report", &report_so_far, "What has been done so far.")
      .def("new_failures", &new_failures, "(key, error) of what failed since the last question.")
      .def("stop", &stop, "Asks it to end after the entries that are on their way.");
  add_methods(type, run_methods);
}

}  // namespace semantrix::python
