#include "support/listener.hpp"

#include <boost/asio/ip/address_v4.hpp>
#include <boost/system/system_error.hpp>

#include <fstream>
#include <random>
#include <stdexcept>

namespace semantrix::testing {
namespace {

using boost::asio::ip::tcp;

constexpr unsigned lowest_port = 10000;
constexpr unsigned usual_first_outgoing_port = 32768;
constexpr int tries = 1000;

unsigned first_outgoing_port() {
  std::ifstream range("/proc/sys/net/ipv4/ip_local_port_range");
  unsigned first = 0;
  return range >> first && first > 2 * lowest_port ? first : usual_first_outgoing_port;
}

}  // namespace

tcp::acceptor listen_on_loopback(boost::asio::io_context& context, std::uint16_t port) {
  const auto loopback = boost::asio::ip::address_v4::loopback();
  if (port != 0) return {context, tcp::endpoint(loopback, port)};
  std::random_device random;
  std::uniform_int_distribution<unsigned> ports(lowest_port, first_outgoing_port() - 1);
  for (int i = 0; i < tries; ++i) {
    try {
      return {context, tcp::endpoint(loopback, static_cast<std::uint16_t>(ports(random)))};
    } catch (const boost::system::system_error&) {
      // Somebody else's; the next one.
    }
  }
  throw std::runtime_error("no free loopback port was found");
}

}  // namespace semantrix::testing
