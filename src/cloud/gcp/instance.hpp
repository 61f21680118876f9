#pragma once

#include <semantrix/error.hpp>
#include <semantrix/google_memorystore_options.hpp>

#include <boost/json/object.hpp>

#include <memory>
#include <optional>
#include <string>
#include <vector>

/// Memorystore's instances, as its three interfaces describe them.
namespace semantrix::gcp {

/// Which instance.
struct InstanceName {
  std::string project = {};
  std::string region = {};
  std::string instance = {};
};

/// As it was at one moment.
using SharedInstance = std::shared_ptr<const MemorystoreInstance>;

/// "projects/P/locations/R/instances/I"; of a cluster "…/clusters/I".
[[nodiscard]] std::string resource_of(const InstanceName& name, MemorystoreFlavor flavor);

/// What a document says. Fields that are missing are false, 0 or empty, and unknown ones are passed
/// over. Nothing for a document without a name, or for the placeholder that stands for all
/// instances of a region that cannot be reached.
[[nodiscard]] std::optional<MemorystoreInstance> read_instance(const boost::json::object& document,
                                                               MemorystoreFlavor flavor);

/// The authorities of a certificateAuthority document, as PEM.
[[nodiscard]] std::vector<std::string> read_authorities(const boost::json::object& document);

/// Nothing if clients may connect; else why not, as `unavailable`.
[[nodiscard]] std::optional<Error> not_connectable(const MemorystoreInstance& instance);

}  // namespace semantrix::gcp
