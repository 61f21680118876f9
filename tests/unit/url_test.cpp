#include "base/url.hpp"

#include "base/options.hpp"
#include "base/size.hpp"

#include <gtest/gtest.h>

#include <array>
#include <optional>
#include <string>
#include <vector>

namespace semantrix {
namespace {

StoreUrl parsed(std::string_view text) {
  const Result<StoreUrl> url = parse_url(text);
  if (!url) {
    ADD_FAILURE() << text << ": " << url.error().to_string();
    return {};
  }
  return *url;
}

std::string error_of(std::string_view text) {
  const Result<StoreUrl> url = parse_url(text);
  if (url) return "accepted";
  EXPECT_EQ(url.error().code(), ErrorCode::invalid_argument);
  return url.error().to_string();
}

using Hosts = std::vector<UrlHost>;
using Path = std::vector<std::string>;
using Parameters = std::vector<UrlParameter>;

TEST(ParseUrl, ReadsTheParts) {
  const StoreUrl url = parsed("redis://ann:secret@cache.example:6380/3?cluster=auto&ssl=true");
  EXPECT_EQ(url.scheme, "redis");
  EXPECT_EQ(url.user, "ann");
  EXPECT_EQ(url.password, "secret");
  EXPECT_EQ(url.hosts, (Hosts{{"cache.example", 6380}}));
  EXPECT_EQ(url.path, (Path{"3"}));
  EXPECT_EQ(url.parameters, (Parameters{{"cluster", "auto"}, {"ssl", "true"}}));
}

TEST(ParseUrl, TakesAnEmptyAuthority) {
  for (const std::string_view text : {"memory://", "MEMORY://", "memory:///", "memory://?"}) {
    const StoreUrl url = parsed(text);
    EXPECT_EQ(url.scheme, "memory") << text;
    EXPECT_TRUE(url.hosts.empty()) << text;
    EXPECT_TRUE(url.path.empty()) << text;
    EXPECT_TRUE(url.parameters.empty()) << text;
    EXPECT_FALSE(url.user || url.password) << text;
  }
}

TEST(ParseUrl, ReadsEveryFormOfUserinfo) {
  EXPECT_EQ(parsed("redis://:pw@h").user, std::nullopt);
  EXPECT_EQ(parsed("redis://:pw@h").password, "pw");
  EXPECT_EQ(parsed("redis://ann@h").user, "ann");
  EXPECT_EQ(parsed("redis://ann@h").password, std::nullopt);
  EXPECT_EQ(parsed("redis://ann:@h").password, "");
  EXPECT_EQ(parsed("redis://ann:a:b@h").password, "a:b");
  EXPECT_EQ(parsed("redis://ann:a@b@h").password, "a@b");
  EXPECT_EQ(parsed("redis://a%40b:p%2Fw%25%3f@h").user, "a@b");
  EXPECT_EQ(parsed("redis://a%40b:p%2Fw%25%3f@h").password, "p/w%?");
}

TEST(ParseUrl, ReadsHostsAndPorts) {
  EXPECT_EQ(parsed("redis://localhost").hosts, (Hosts{{"localhost", std::nullopt}}));
  EXPECT_EQ(parsed("redis://localhost:").hosts, (Hosts{{"localhost", std::nullopt}}));
  EXPECT_EQ(parsed("redis://127.0.0.1:1").hosts, (Hosts{{"127.0.0.1", 1}}));
  EXPECT_EQ(parsed("redis://h:65535").hosts, (Hosts{{"h", 65535}}));
  EXPECT_EQ(parsed("redis://[::1]:6379").hosts, (Hosts{{"::1", 6379}}));
  EXPECT_EQ(parsed("redis://ann:pw@[2001:db8::2]").hosts, (Hosts{{"2001:db8::2", std::nullopt}}));
  EXPECT_EQ(parsed("dynamodb://My_Table.v-1").hosts, (Hosts{{"My_Table.v-1", std::nullopt}}));
}

TEST(ParseUrl, ReadsAListOfHosts) {
  EXPECT_EQ(parsed("memcached://a:11211,b,[::1]:11213").hosts,
            (Hosts{{"a", 11211}, {"b", std::nullopt}, {"::1", 11213}}));
}

TEST(ParseUrl, ReadsThePath) {
  EXPECT_EQ(parsed("memorystore://proj/us-west1/inst").path, (Path{"us-west1", "inst"}));
  EXPECT_EQ(parsed("redis://h/a%2Fb//c/").path, (Path{"a/b", "c"}));
}

TEST(ParseUrl, ReadsParameters) {
  EXPECT_EQ(parsed("memory://?a=1&b=&c&&a=2").parameters,
            (Parameters{{"a", "1"}, {"b", ""}, {"c", std::nullopt}, {"a", "2"}}));
  EXPECT_EQ(parsed("memory://?a=b=c").parameters, (Parameters{{"a", "b=c"}}));
  EXPECT_EQ(parsed("memory://?n%61me=v%26w").parameters, (Parameters{{"name", "v&w"}}));
  EXPECT_EQ(parsed("memory://?=1").parameters, (Parameters{{"", "1"}}));
}

TEST(ParseUrl, TakesFileNamesAsTheyAre) {
  EXPECT_EQ(parsed("memory://?snapshot=/tmp/my c++ [caf\xC3\xA9]{1}.snap?").parameters,
            (Parameters{{"snapshot", "/tmp/my c++ [caf\xC3\xA9]{1}.snap?"}}));
  EXPECT_EQ(parsed("memory://?snapshot=/tmp/a@b").parameters,
            (Parameters{{"snapshot", "/tmp/a@b"}}));
  EXPECT_EQ(parsed("memory://?snapshot=/tmp/50%25%23").parameters,
            (Parameters{{"snapshot", "/tmp/50%#"}}));
}

TEST(ParseUrl, SaysWhatIsWrongInOneSentence) {
  EXPECT_EQ(
      error_of(""),
      "store URL '' cannot be read: it is empty; begin with a scheme and ://, e.g. memory://");
  EXPECT_EQ(error_of("redis:6379"),
            "store URL 'redis:6379' cannot be read: it has no scheme; begin with a scheme and ://, "
            "e.g. memory://");
  EXPECT_EQ(error_of("1x://h"),
            "store URL '1x://h' cannot be read: its scheme is malformed; begin with a scheme and "
            "://, e.g. memory://");
  EXPECT_EQ(error_of("redis://h:0"),
            "store URL 'redis://h:0' cannot be read: a port is not between 1 and 65535");
  EXPECT_EQ(error_of("memory://?a=%2"),
            "store URL 'memory://?a=%2' cannot be read: a '%' is not followed by two hexadecimal "
            "digits; write a percent sign as %25");
  EXPECT_EQ(error_of("memory://?a=1#b"),
            "store URL 'memory://?a=1#b' cannot be read: it has a fragment; write a number sign as "
            "%23");
  EXPECT_EQ(error_of("redis://h/a@b"),
            "store URL 'redis://***@b' cannot be read: an '@' stands after the hosts; "
            "percent-encode the password, and @ as %40");
}

TEST(ParseUrl, RefusesWhatIsMalformed) {
  for (const std::string_view text : {"://h",
                                      " memory://",
                                      "mem ory://",
                                      "redis://h:65536",
                                      "redis://h:99999999999999999999",
                                      "redis://h:-1",
                                      "redis://h:x",
                                      "redis://h:1:2",
                                      "redis://[::1",
                                      "redis://::1]",
                                      "redis://[::1]x",
                                      "redis://[nonsense]",
                                      "redis://a b",
                                      "redis://:6379",
                                      "memcached://a,",
                                      "memcached://,a",
                                      "memcached://a,,b",
                                      "memory://?a=%",
                                      "memory://?a=%zz",
                                      "redis://%zz@h",
                                      "redis://h/%g0",
                                      "redis://:%@h",
                                      "memory://?a=%00",
                                      "redis://%00:x@h",
                                      "redis://h%00",
                                      "redis://h/%00",
                                      "memory://?a=1\n",
                                      "memory://\x7f",
                                      "memory://?#"}) {
    EXPECT_NE(error_of(text), "accepted") << text;
  }
  EXPECT_NE(error_of(std::string_view("memory://\0", 10)), "accepted");
}

TEST(ParseUrl, LeavesAMissingHostToTheStore) {
  EXPECT_TRUE(parsed("redis://ann:pw@").hosts.empty());
  EXPECT_TRUE(parsed("redis://ann:pw@/1").hosts.empty());
}

TEST(ParseUrl, RefusesWhatIsAbsurdlyLong) {
  EXPECT_EQ(error_of("memory://?a=" + std::string(100'000, 'x')),
            "store URL is longer than 65536 bytes");
  EXPECT_EQ(parsed("memory://?a=" + std::string(60'000, '&')).parameters.size(), 1U);
}

TEST(RedactUrl, ShowsWhatIsNoSecret) {
  for (const std::string_view text :
       {"memory://?max_size=1000&snapshot=/tmp/x", "redis://h:6379/3", "redis://***@h:6379",
        "memcached://a:11211,b:11212,[::1]:11213", "redis://[::1]:6379", "redis", "redis:6379",
        "memorystore://p/r/i", ""}) {
    EXPECT_EQ(redact_url(text), text);
  }
}

TEST(RedactUrl, HidesPasswords) {
  EXPECT_EQ(redact_url("redis://ann:hunter2@h:6379/0"), "redis://ann:***@h:6379/0");
  EXPECT_EQ(redact_url("redis://:hunter2@h"), "redis://:***@h");
  EXPECT_EQ(redact_url("redis://hunter2@h:6379/0?db=1"), "redis://***@h:6379/0?db=1");
  EXPECT_EQ(redact_url("redis://hunter2:@h"), "redis://***@h");
  EXPECT_EQ(redact_url("redis://@h"), "redis://***@h");
  EXPECT_EQ(parsed("redis://ann:hunter2@h").redacted, "redis://ann:***@h");
}

TEST(RedactUrl, HidesSecretParameters) {
  EXPECT_EQ(redact_url("redis://h?password=hunter2&db=1"), "redis://h?password=***&db=1");
  EXPECT_EQ(redact_url("redis://h?a=1&AUTH_TOKEN=hunter2"), "redis://h?a=1&AUTH_TOKEN=***");
  EXPECT_EQ(redact_url("dynamodb://t?aws_secret_access_key=hunter2"),
            "dynamodb://t?aws_secret_access_key=***");
  EXPECT_EQ(redact_url("redis://h?p%61ssword=hunter2"), "redis://h?p%61ssword=***");
  EXPECT_EQ(redact_url("redis://ann:a/b@h?password=hunter2"), "redis://***@h?password=***");
}

TEST(RedactUrl, NoErrorShowsAPasswordHoweverTheUrlIsBroken) {
  for (const std::string_view text : {"redis://ann:hunter2@h:x",
                                      "redis://ann:hun/ter2@h",
                                      "redis://ann:hun?ter2@h",
                                      "redis://ann:hun#ter2@h",
                                      "redis://ann:1/ter2@h",
                                      "redis://ann:1?ter2@h",
                                      "redis://ann:1#ter2@h",
                                      "redis://ann:hunter2%@h",
                                      "redis://ann:hunter2@h\n",
                                      "redis:/ann:hunter2@h",
                                      "ann:hunter2@h",
                                      "redis//hunter2@h",
                                      "redis://ann:hunter2",
                                      "redis://ann:hun ter2@[h",
                                      "1://ann:hunter2@h",
                                      "://:hunter2@h",
                                      "redis://ann:hunter2@,",
                                      "redis://ann:1?ter2@h&x=1",
                                      "redis://a,ann:hunter2@h,",
                                      "redis://ann:hunter2,b",
                                      "redis://ann:1?x=ter2@h#"}) {
    const std::string error = error_of(text);
    EXPECT_NE(error, "accepted") << text;
    EXPECT_EQ(error.find("ter2"), std::string::npos) << error;
  }
}

struct Sample {
  std::size_t count = 5;
  std::optional<std::chrono::milliseconds> ttl;
  EvictionPolicy policy = EvictionPolicy::lru;
  std::string path;
  bool flag = false;
};

constexpr std::array sample_table{
    OptionEntry<Sample>{"count", "count", "5", "A count.", set_option<parse_count, &Sample::count>},
    OptionEntry<Sample>{"ttl", "duration", "", "A duration.",
                        set_option<parse_positive_duration, &Sample::ttl>},
    OptionEntry<Sample>{"policy", "policy", "lru", "A policy.",
                        set_option<parse_policy, &Sample::policy>},
    OptionEntry<Sample>{"path", "path", "", "A path.", set_option<parse_path, &Sample::path>},
    OptionEntry<Sample>{"flag", "flag", "false", "A flag.", set_option<parse_flag, &Sample::flag>},
};

std::string option_error_of(std::string_view query) {
  Sample sample;
  const StoreUrl url = parsed("test://?" + std::string(query));
  const Result<void> read = read_options<Sample>(sample_table, url.parameters, sample);
  return read ? "accepted" : read.error().message();
}

TEST(ReadOptions, SetsWhatIsNamed) {
  Sample sample;
  const StoreUrl url = parsed("test://?ttl=1.5h&policy=S3-FIFO&path=/tmp/x&flag=Yes");
  ASSERT_TRUE(read_options<Sample>(sample_table, url.parameters, sample));
  EXPECT_EQ(sample.count, 5U);
  EXPECT_EQ(sample.ttl, std::chrono::minutes(90));
  EXPECT_EQ(sample.policy, EvictionPolicy::s3fifo);
  EXPECT_EQ(sample.path, "/tmp/x");
  EXPECT_TRUE(sample.flag);
}

TEST(ReadOptions, SaysWhatIsWrongInOneSentence) {
  EXPECT_EQ(option_error_of("cuont=1"), "unknown option 'cuont'; did you mean 'count'?");
  EXPECT_EQ(option_error_of("zzz=1"),
            "unknown option 'zzz'; known: count, ttl, policy, path and flag");
  EXPECT_EQ(option_error_of("=1"), "unknown option ''; known: count, ttl, policy, path and flag");
  EXPECT_EQ(option_error_of("Count=1"), "unknown option 'Count'; did you mean 'count'?");
  EXPECT_EQ(option_error_of("count=1&ttl=1&count=1"), "option 'count' is given twice");
  EXPECT_EQ(option_error_of("count"), "option 'count' has no value");
  EXPECT_EQ(option_error_of("count="), "option 'count': count '' is empty");
  EXPECT_EQ(option_error_of("ttl=-1"), "option 'ttl': duration '-1' is negative");
  EXPECT_EQ(option_error_of("ttl=nan"),
            "option 'ttl': duration 'nan' does not begin with a number");
  EXPECT_EQ(option_error_of("policy=lro"),
            "option 'policy': unknown eviction policy 'lro'; did you mean 'lru'?");
  EXPECT_EQ(option_error_of("path="), "option 'path': path is empty");
  EXPECT_EQ(option_error_of("flag=2"), "option 'flag': '2' is neither true nor false");
}

TEST(ParseFlag, ReadsBothInAnyCase) {
  for (const std::string_view yes : {"true", "TRUE", "yes", "on", "1"}) {
    EXPECT_TRUE(*parse_flag(yes)) << yes;
  }
  for (const std::string_view no : {"false", "No", "off", "0"}) EXPECT_FALSE(*parse_flag(no)) << no;
}

}  // namespace
}  // namespace semantrix
