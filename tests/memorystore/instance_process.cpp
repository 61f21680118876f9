#include "memorystore/instance_process.hpp"

#include "support/listener.hpp"
#include "support/program.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <cstdlib>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <thread>

namespace semantrix::testing {
namespace {

namespace fs = std::filesystem;

fs::path new_folder() {
  std::string name = (fs::temp_directory_path() / "semantrix-instance-XXXXXX").string();
  if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("no temporary folder");
  return name;
}

std::uint16_t free_port() {
  boost::asio::io_context context;
  return listen_on_loopback(context).local_endpoint().port();
}

bool answers(const Endpoint& endpoint) {
  boost::asio::io_context context;
  boost::asio::ip::tcp::socket socket(context);
  boost::system::error_code failed;
  socket.connect({boost::asio::ip::make_address(endpoint.host), endpoint.port}, failed);
  return !failed;
}

}  // namespace

InstanceCertificates::InstanceCertificates() : folder_(new_folder()) {
  std::ofstream(folder_ / "server.ext") << "subjectAltName=IP:10.0.0.3\n";
  for (const std::string name : {"one", "two"}) {
    const std::string authority = (folder_ / ("ca_" + name)).string();
    openssl({"req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
             "-keyout", authority + ".key", "-out", authority + ".crt", "-days", "30", "-subj",
             "/CN=instance authority " + name});
    const std::string server = (folder_ / name).string();
    openssl({"req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
             "-keyout", server + ".key", "-out", server + ".csr", "-subj", "/CN=10.0.0.3"});
    openssl({"x509", "-req", "-in", server + ".csr", "-CA", authority + ".crt", "-CAkey",
             authority + ".key", "-CAcreateserial", "-days", "30", "-extfile",
             (folder_ / "server.ext").string(), "-out", server + ".crt"});
  }
}

InstanceCertificates::~InstanceCertificates() {
  std::error_code ignored;
  fs::remove_all(folder_, ignored);
}

void InstanceCertificates::openssl(std::vector<std::string> arguments) const {
  const std::string verb = arguments.front();
  arguments.insert(arguments.begin(), "openssl");
  arguments.emplace_back("-" + std::string(verb == "req" ? "batch" : "sha256"));
  if (run_program(arguments, "", {}).status != 0) throw std::runtime_error("openssl failed");
}

std::string InstanceCertificates::authority(const std::string& name) const {
  std::ifstream file(folder_ / ("ca_" + name + ".crt"));
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}
std::string InstanceCertificates::certificate(const std::string& name) const {
  return (folder_ / (name + ".crt")).string();
}
std::string InstanceCertificates::key(const std::string& name) const {
  return (folder_ / (name + ".key")).string();
}

InstanceProcess::InstanceProcess(const InstanceCertificates& certificates, Settings settings) {
  endpoint_.port = free_port();
  const std::string port = std::to_string(endpoint_.port);
  std::vector<std::string> words{"redis-server", "--bind",   "127.0.0.1", "--save", "",
                                 "--logfile",    "/dev/null"};
  const auto add = [&words](std::initializer_list<std::string> more) {
    words.insert(words.end(), more);
  };
  if (settings.authority.empty()) {
    add({"--port", port});
  } else {
    add({"--port", "0", "--tls-port", port, "--tls-auth-clients", "no"});
    add({"--tls-cert-file", certificates.certificate(settings.authority)});
    add({"--tls-key-file", certificates.key(settings.authority)});
    add({"--tls-ca-cert-file", certificates.certificate(settings.authority)});
  }
  if (!settings.password.empty()) add({"--requirepass", settings.password});
  words.insert(words.end(), settings.more.begin(), settings.more.end());
  std::vector<char*> pointers;
  pointers.reserve(words.size() + 1);
  for (std::string& word : words) pointers.push_back(word.data());
  pointers.push_back(nullptr);
  if (::posix_spawnp(&process_, "redis-server", nullptr, nullptr, pointers.data(), environ) != 0) {
    throw std::runtime_error("redis-server is missing");
  }
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(20);
  while (!answers(endpoint_)) {
    if (std::chrono::steady_clock::now() > end) throw std::runtime_error("redis-server is silent");
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
}

void InstanceProcess::kill() {
  if (process_ == 0) return;
  ::kill(process_, SIGKILL);
  ::waitpid(process_, nullptr, 0);
  process_ = 0;
}

}  // namespace semantrix::testing
