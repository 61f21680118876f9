#pragma once

#include "cloud/access/surroundings.hpp"
#include "cloud/gcp/token_source.hpp"

namespace semantrix::gcp {

/// The service account of the machine, of Compute Engine, Kubernetes Engine or Cloud Run, by its
/// metadata server. GCE_METADATA_HOST names another address of it, NO_GCE_CHECK=true says that
/// there is none.
class MachineAccount final : public TokenSource {
 public:
  explicit MachineAccount(cloud::SharedSurroundings surroundings);

  [[nodiscard]] std::string name() const override { return "the machine's service account"; }
  /// Also `no_credentials`: this is no such machine.
  [[nodiscard]] boost::asio::awaitable<Result<GoogleAccessToken>> fetch(Deadline deadline) override;

 private:
  const cloud::SharedSurroundings surroundings_;
  bool found_ = false;  ///< It has answered: its later silence is worth a second try.
};

}  // namespace semantrix::gcp
