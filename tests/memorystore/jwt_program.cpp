// jwt_program FILE SECONDS: the token that a service account's key file gives at that time.
#include "cloud/access/surroundings.hpp"
#include "cloud/gcp/credentials_file.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <cstdlib>
#include <iostream>
#include <memory>
#include <string>

namespace {

using namespace semantrix;

class Then final : public Clock {
 public:
  explicit Then(long seconds) : time_(std::chrono::seconds(seconds)) {}
  [[nodiscard]] std::chrono::milliseconds wall_now() const noexcept override { return time_; }
  [[nodiscard]] std::chrono::milliseconds steady_now() const noexcept override { return time_; }

 private:
  std::chrono::milliseconds time_;
};

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) return 2;
  auto surroundings = std::make_shared<cloud::Surroundings>(*cloud::process_surroundings());
  surroundings->clock = std::make_shared<Then>(std::strtol(argv[2], nullptr, 10));
  auto source = gcp::read_credentials_file(argv[1], surroundings);
  if (!source) {
    std::cerr << source.error().to_string() << '\n';
    return 1;
  }
  boost::asio::io_context context;
  int status = 1;
  boost::asio::co_spawn(context, (*source)->fetch(std::chrono::steady_clock::now()),
                        [&status](const std::exception_ptr&, Result<GoogleAccessToken> token) {
                          if (!token) return;
                          std::cout << token->token << '\n';
                          status = 0;
                        });
  context.run();
  return status;
}
