#include "net/tls_names.hpp"

#include "base/quote.hpp"

#include <boost/asio/ip/address.hpp>

#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <memory>
#include <string_view>
#include <vector>

namespace semantrix::net {
namespace {

constexpr std::size_t most_shown = 4;

std::string_view bytes_of(const ASN1_STRING* text) {
  return {reinterpret_cast<const char*>(ASN1_STRING_get0_data(text)),
          static_cast<std::size_t>(ASN1_STRING_length(text))};
}

template <class Address>
std::string address_of(std::string_view bytes) {
  typename Address::bytes_type raw;
  std::copy(bytes.begin(), bytes.end(), raw.begin());
  return Address(raw).to_string();
}

/// Empty for kinds of names that are not compared with a host.
std::string text_of(const GENERAL_NAME& name) {
  if (name.type == GEN_DNS) return quote(bytes_of(name.d.dNSName));
  if (name.type != GEN_IPADD) return {};
  const std::string_view bytes = bytes_of(name.d.iPAddress);
  if (bytes.size() == 4) return address_of<boost::asio::ip::address_v4>(bytes);
  if (bytes.size() == 16) return address_of<boost::asio::ip::address_v6>(bytes);
  return {};
}

std::vector<std::string> alternative_names(const X509* certificate) {
  std::vector<std::string> names;
  const std::unique_ptr<GENERAL_NAMES, void (*)(GENERAL_NAMES*)> found(
      static_cast<GENERAL_NAMES*>(
          X509_get_ext_d2i(certificate, NID_subject_alt_name, nullptr, nullptr)),
      GENERAL_NAMES_free);
  for (int i = 0; i < sk_GENERAL_NAME_num(found.get()); ++i) {
    std::string text = text_of(*sk_GENERAL_NAME_value(found.get(), i));
    if (!text.empty()) names.push_back(std::move(text));
  }
  return names;
}

std::vector<std::string> common_name(const X509* certificate) {
  const X509_NAME* subject = X509_get_subject_name(certificate);
  const int at = X509_NAME_get_index_by_NID(subject, NID_commonName, -1);
  if (at < 0) return {};
  const auto* entry = X509_NAME_get_entry(subject, at);
  return {quote(bytes_of(X509_NAME_ENTRY_get_data(entry)))};
}

}  // namespace

std::string names_of(const X509* certificate) {
  if (certificate == nullptr) return "nobody";
  std::vector<std::string> names = alternative_names(certificate);
  if (names.empty()) names = common_name(certificate);
  if (names.empty()) return "nobody";
  if (names.size() > most_shown) {
    names.resize(most_shown);
    names.emplace_back("others");
  }
  return enumerate(names);
}

}  // namespace semantrix::net
