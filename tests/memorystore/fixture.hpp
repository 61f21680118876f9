#pragma once

#include "integration/subject.hpp"
#include "memorystore/google.hpp"
#include "memorystore/instance_process.hpp"
#include <semantrix/google_memorystore_store.hpp>

#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <string>

namespace semantrix::testing {

/// Made once: they take a second.
inline const InstanceCertificates& certificates() {
  static const InstanceCertificates made;
  return made;
}

/// What tests of the store share: Google, and an instance behind it.
class MemorystoreTest : public ::testing::Test {
 protected:
  /// A server with that password and authority, told to Google with its authorities.
  void start(const std::string& password = "secret-1", const std::string& authority = "one") {
    InstanceProcess::Settings settings;
    settings.password = password;
    settings.authority = authority;
    process_ = std::make_unique<InstanceProcess>(certificates(), settings);
    Google::Instance instance;
    instance.at = process_->endpoint();
    instance.auth_string = password;
    if (!authority.empty()) instance.authorities.push_back(certificates().authority(authority));
    google_.set(instance);
  }

  [[nodiscard]] GoogleMemorystoreOptions options() const {
    GoogleMemorystoreOptions options;
    options.project_id = "p";
    options.region = "us-central1";
    options.instance_id = "cache";
    options.google.endpoint_url = google_.url();
    options.google.access_token = "token";
    options.key_prefix = random_prefix();
    return options;
  }
  /// With times so long that a loaded machine is no error.
  [[nodiscard]] GoogleMemorystoreOptions patient() const {
    GoogleMemorystoreOptions patient = options();
    patient.network.connect_timeout = std::chrono::seconds(10);
    patient.network.read_timeout = std::chrono::seconds(10);
    patient.network.deadline = std::chrono::seconds(30);
    return patient;
  }

  /// Has the instance name a server of its own to read from, and sees that it is asked.
  void expect_reads_at_its_read_endpoint(GoogleMemorystoreOptions options,
                                         const std::string& password) {
    InstanceProcess::Settings settings;
    settings.password = password;
    const InstanceProcess replicas(certificates(), settings);
    Google::Instance instance = google_.get();
    instance.reads_at = replicas.endpoint();
    google_.set(instance);
    options.read_from = ReadFrom::replica;
    Client store = client_of(options);
    store.add("key", "value");
    // It is no replica of the other: what was written there is not here.
    EXPECT_EQ(store.get("key"), std::nullopt);
  }

  static Client client_of(const GoogleMemorystoreOptions& options) {
    return {std::make_shared<GoogleMemorystoreCacheStore>(options), Front::awaitable};
  }
  /// What the first call of a new store says.
  static ErrorInfo first_error(const GoogleMemorystoreOptions& options) {
    Client store = client_of(options);
    const Ending ending = ending_of_get(store, "key");
    EXPECT_TRUE(ending.error.has_value());
    return ending.error ? ending.error->info() : ErrorInfo();
  }

  Google google_;
  std::unique_ptr<InstanceProcess> process_;
};

}  // namespace semantrix::testing
