#include "protocol/memcache/ketama.hpp"

#include "protocol/memcache/digest.hpp"

#include <algorithm>
#include <cmath>
#include <tuple>

namespace semantrix::memcache {

namespace {

constexpr std::uint16_t default_port = 11211;
constexpr std::uint32_t points_per_server = 160;
constexpr std::uint32_t points_per_digest = 4;

/// The digest's bytes from the fourth of `part` on, the lowest first.
std::uint32_t point_of(const Md5& digest, std::size_t part) noexcept {
  std::uint32_t point = 0;
  for (std::size_t byte = 4; byte-- > 0;) point = point << 8U | digest[part * 4 + byte];
  return point;
}

/// How many digests a server has. Single precision, with all it loses, is part of the agreement.
std::uint32_t digests_of(std::uint32_t weight, std::uint64_t total, std::size_t servers) {
  const float share = static_cast<float>(weight) / static_cast<float>(total);
  const float whole = share * float{points_per_server} / 4 * static_cast<float>(servers);
  return static_cast<std::uint32_t>(std::floor(static_cast<float>(whole + 0.0000000001)));
}

std::string name_of(const Ketama::Server& server) {
  if (server.port == default_port) return server.host + '-';
  return server.host + ':' + std::to_string(server.port) + '-';
}

Error no_md5() {
  return {ErrorCode::not_supported, "keys cannot be spread over servers without MD5",
          "allow MD5 in OpenSSL's policy, or use one server"};
}

}  // namespace

Result<Ketama> Ketama::of(std::span<const Server> servers) {
  std::uint64_t total = 0;
  for (const Server& server : servers) total += server.weight;
  if (total == 0) {
    return Error(ErrorCode::invalid_argument, "there is no server to spread keys over",
                 "name at least one");
  }
  Ketama ring;
  if (servers.size() == 1) return ring;
  for (std::size_t index = 0; index < servers.size(); ++index) {
    const std::string name = name_of(servers[index]);
    const std::uint32_t digests = digests_of(servers[index].weight, total, servers.size());
    for (std::uint32_t number = 0; number < digests; ++number) {
      const std::optional<Md5> digest = md5(name + std::to_string(number));
      if (!digest) return no_md5();
      for (std::size_t part = 0; part < points_per_digest; ++part) {
        ring.points_.push_back({point_of(*digest, part), static_cast<std::uint32_t>(index)});
      }
    }
  }
  std::sort(ring.points_.begin(), ring.points_.end(), [](const Point& left, const Point& right) {
    return std::tie(left.value, left.server) < std::tie(right.value, right.server);
  });
  return ring;
}

std::size_t Ketama::server_of(std::string_view wire_key) const noexcept {
  if (points_.empty()) return 0;
  // There was an MD5 when the points were made.
  const std::uint32_t hash = point_of(md5(wire_key).value_or(Md5{}), 0);
  const auto behind =
      std::lower_bound(points_.begin(), points_.end(), hash,
                       [](const Point& point, std::uint32_t value) { return point.value < value; });
  return (behind == points_.end() ? points_.front() : *behind).server;
}

}  // namespace semantrix::memcache
