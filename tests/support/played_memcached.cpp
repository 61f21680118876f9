#include "support/played_memcached.hpp"

#include <boost/asio/buffers_iterator.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/write.hpp>

#include <fmt/format.h>

#include <list>
#include <map>
#include <mutex>
#include <sstream>
#include <string_view>
#include <thread>
#include <utility>

namespace semantrix::testing {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;

std::vector<std::string> words_of(const std::string& line) {
  std::istringstream text(line);
  std::vector<std::string> words;
  for (std::string word; text >> word;) words.push_back(word);
  return words;
}

/// The opaque of a meta request, as its answer repeats it.
std::string opaque_of(const std::vector<std::string>& words) {
  for (const std::string& word : words) {
    if (word.starts_with('O')) return " " + word;
  }
  return {};
}

struct Stored {
  std::string bytes;
  std::string flags = "0";
};

}  // namespace

class PlayedMemcached::Core {
 public:
  explicit Core(MemcachedManners manners)
      : acceptor_(context_, {asio::ip::make_address("127.0.0.1"), 0}),
        manners_(std::move(manners)),
        accepting_([this] { accept(); }) {}

  ~Core() {
    {
      const std::lock_guard lock(mutex_);
      closed_ = true;
      for (tcp::socket& socket : sockets_) socket.shutdown(tcp::socket::shutdown_both, ignored_);
    }
    // Wakes the thread that accepts.
    tcp::socket last(context_);
    last.connect(acceptor_.local_endpoint(), ignored_);
    accepting_.join();
    for (std::thread& thread : threads_) thread.join();
  }

  [[nodiscard]] Endpoint endpoint() const {
    return {"127.0.0.1", acceptor_.local_endpoint().port()};
  }
  void behave(MemcachedManners manners) {
    const std::lock_guard lock(mutex_);
    manners_ = std::move(manners);
  }
  [[nodiscard]] std::vector<std::string> lines() const {
    const std::lock_guard lock(mutex_);
    return lines_;
  }
  [[nodiscard]] std::vector<std::string> keys() const {
    const std::lock_guard lock(mutex_);
    std::vector<std::string> keys;
    for (const auto& [key, stored] : stored_) keys.push_back(key);
    return keys;
  }

 private:
  void accept() {
    for (;;) {
      tcp::socket socket = acceptor_.accept();
      const std::lock_guard lock(mutex_);
      if (closed_) return;
      sockets_.push_back(std::move(socket));
      threads_.emplace_back([this, &link = sockets_.back()] { serve(link); });
    }
  }

  void serve(tcp::socket& link) {
    std::string input;
    boost::system::error_code failed;
    while (!failed) {
      const std::size_t size = asio::read_until(link, asio::dynamic_buffer(input), "\r\n", failed);
      if (failed) break;
      const std::string line = input.substr(0, size - 2);
      input.erase(0, size);
      const std::vector<std::string> words = words_of(line);
      std::string data;
      if (const std::size_t bytes = data_of(words); bytes != 0) {
        if (input.size() < bytes) {
          asio::read(link, asio::dynamic_buffer(input),
                     asio::transfer_exactly(bytes - input.size()), failed);
        }
        data = input.substr(0, bytes - 2);
        input.erase(0, bytes);
      }
      const std::string answer = take(line, words, std::move(data));
      if (answer.empty()) break;
      asio::write(link, asio::buffer(answer), failed);
    }
    link.shutdown(tcp::socket::shutdown_both, failed);
  }

  /// With its end; 0: none follows.
  static std::size_t data_of(const std::vector<std::string>& words) {
    if (words.size() >= 5 && words[0] == "set") return std::stoul(words[4]) + 2;
    if (words.size() >= 3 && words[0] == "ms") return std::stoul(words[2]) + 2;
    return 0;
  }

  /// Empty: the connection is closed.
  std::string take(const std::string& line, const std::vector<std::string>& words,
                   std::string data) {
    const std::lock_guard lock(mutex_);
    lines_.push_back(line);
    if (words.empty() || line.size() > manners_.longest_line) return {};
    const std::string& verb = words[0];
    if (verb == "version") return "VERSION " + manners_.version + "\r\n";
    if (verb == "config" || line == "get AmazonElastiCache:cluster") return cluster(verb);
    if (verb == "stats") return settings();
    if (verb == "lru_crawler") return dump();
    if (verb == "set" || verb == "ms") return set(words, std::move(data));
    if (verb == "get") return get(words);
    if (verb == "delete") return stored_.erase(words.at(1)) != 0 ? "DELETED\r\n" : "NOT_FOUND\r\n";
    const bool is_old = manners_.version.starts_with("1.4") || manners_.version.starts_with("1.5");
    if (verb == "mg" && !is_old) return meta_get(words);
    if (verb == "md" && !is_old) {
      return (stored_.erase(words.at(1)) != 0 ? "HD" : "NF") + opaque_of(words) + "\r\n";
    }
    return "ERROR\r\n";
  }

  [[nodiscard]] std::string cluster(const std::string& verb) const {
    const bool is_old = verb == "get";
    if (manners_.cluster.empty()) return is_old ? "END\r\n" : "ERROR\r\n";
    return fmt::format("{} {} 0 {}\r\n{}\r\nEND\r\n", is_old ? "VALUE" : "CONFIG",
                       is_old ? "AmazonElastiCache:cluster" : "cluster", manners_.cluster.size(),
                       manners_.cluster);
  }
  [[nodiscard]] std::string settings() const {
    if (!manners_.tells_settings) return "ERROR\r\n";
    return fmt::format("STAT item_size_max {}\r\nSTAT dump_enabled {}\r\nEND\r\n",
                       manners_.item_limit, manners_.lists_keys ? "yes" : "no");
  }
  [[nodiscard]] std::string dump() const {
    if (!manners_.lists_keys) return "ERROR\r\n";
    std::string text;
    for (const auto& [key, stored] : stored_) {
      text += "key=";
      for (const char c : key) text += fmt::format("%{:02x}", static_cast<unsigned char>(c));
      text += " exp=-1 la=1 cas=1 fetch=no cls=1 size=60\n";
    }
    return text + "END\r\n";
  }
  std::string set(const std::vector<std::string>& words, std::string data) {
    const bool meta = words[0] == "ms";
    if (data.size() + words[1].size() + 61 > manners_.item_limit) {
      stored_.erase(words[1]);
      return "SERVER_ERROR object too large for cache\r\n";
    }
    Stored stored{std::move(data), "0"};
    if (!meta) stored.flags = words[2];
    for (const std::string& word : words) {
      if (meta && word.starts_with('F')) stored.flags = word.substr(1);
    }
    stored_[words[1]] = std::move(stored);
    return meta ? "HD" + opaque_of(words) + "\r\n" : "STORED\r\n";
  }
  [[nodiscard]] std::string get(const std::vector<std::string>& words) const {
    std::string answer;
    for (std::size_t i = 1; i != words.size(); ++i) {
      const auto found = stored_.find(words[i]);
      if (found == stored_.end()) continue;
      answer += fmt::format("VALUE {} {} {}\r\n{}\r\n", words[i], found->second.flags,
                            found->second.bytes.size(), found->second.bytes);
    }
    return answer + "END\r\n";
  }
  [[nodiscard]] std::string meta_get(const std::vector<std::string>& words) const {
    const auto found = stored_.find(words.at(1));
    if (found == stored_.end()) return "EN\r\n";
    bool wants_value = false;
    for (const std::string& word : words) wants_value = wants_value || word == "v";
    const std::string flags = fmt::format(" t-1 f{}{}\r\n", found->second.flags, opaque_of(words));
    if (!wants_value) return "HD" + flags;
    return fmt::format("VA {}{}{}\r\n", found->second.bytes.size(), flags, found->second.bytes);
  }

  boost::system::error_code ignored_;
  asio::io_context context_;
  tcp::acceptor acceptor_;
  mutable std::mutex mutex_;
  bool closed_ = false;
  MemcachedManners manners_;
  std::vector<std::string> lines_;
  std::map<std::string, Stored> stored_;
  std::list<tcp::socket> sockets_;
  std::list<std::thread> threads_;
  std::thread accepting_;
};

PlayedMemcached::PlayedMemcached(MemcachedManners manners)
    : core_(std::make_unique<Core>(std::move(manners))) {}
PlayedMemcached::~PlayedMemcached() = default;
Endpoint PlayedMemcached::endpoint() const { return core_->endpoint(); }
void PlayedMemcached::behave(MemcachedManners manners) { core_->behave(std::move(manners)); }
std::vector<std::string> PlayedMemcached::lines() const { return core_->lines(); }
std::size_t PlayedMemcached::count(std::string_view beginning) const {
  std::size_t count = 0;
  for (const std::string& line : lines()) count += line.starts_with(beginning) ? 1U : 0U;
  return count;
}
std::vector<std::string> PlayedMemcached::keys() const { return core_->keys(); }

}  // namespace semantrix::testing
