#pragma once

#include "support/endpoint.hpp"

#include <sys/types.h>

#include <filesystem>
#include <string>
#include <vector>

namespace semantrix::testing {

/// Certificates as an instance has them: authorities of its own, and a server's certificate that
/// names an address alone, which is not the one that it listens at here.
class InstanceCertificates {
 public:
  InstanceCertificates();
  ~InstanceCertificates();
  InstanceCertificates(const InstanceCertificates&) = delete;
  InstanceCertificates& operator=(const InstanceCertificates&) = delete;

  /// The authority "one" or "two", as PEM.
  [[nodiscard]] std::string authority(const std::string& name) const;
  /// The path of the certificate that it signed, and of its key.
  [[nodiscard]] std::string certificate(const std::string& name) const;
  [[nodiscard]] std::string key(const std::string& name) const;

 private:
  void openssl(std::vector<std::string> arguments) const;

  std::filesystem::path folder_;
};

/// A real redis-server with a password, over TLS unless it is told otherwise, on a free port.
class InstanceProcess {
 public:
  struct Settings {
    std::string password = {};
    std::string authority = "one";  ///< Empty: no TLS.
    std::vector<std::string> more = {};
  };
  InstanceProcess(const InstanceCertificates& certificates, Settings settings);
  ~InstanceProcess() { kill(); }
  InstanceProcess(const InstanceProcess&) = delete;
  InstanceProcess& operator=(const InstanceProcess&) = delete;

  [[nodiscard]] const Endpoint& endpoint() const noexcept { return endpoint_; }
  /// kill -9.
  void kill();

 private:
  Endpoint endpoint_;
  pid_t process_ = 0;
};

}  // namespace semantrix::testing
