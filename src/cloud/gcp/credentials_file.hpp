#pragma once

#include "cloud/access/http_url.hpp"
#include "cloud/access/surroundings.hpp"
#include "cloud/gcp/token_source.hpp"

#include <boost/json/object.hpp>

#include <string>
#include <string_view>

/// Google's credentials files: JSON objects with a "type".
namespace semantrix::gcp {

/// `no_credentials`: there are some, and they cannot be used.
[[nodiscard]] Error unusable(std::string message, std::string remedy);

/// The fields of such a file, whose errors name the field and never quote it.
class FileFields {
 public:
  /// `what` the file is: "a service account".
  FileFields(const boost::json::object& object, std::string_view what)
      : object_(object), what_(what) {}

  [[nodiscard]] Error missing(std::string_view field) const;
  /// A text that must be there.
  [[nodiscard]] Result<void> read(std::string_view field, std::string& text) const;
  /// An address; `by_default` where it is missing, which is an error if that is empty.
  [[nodiscard]] Result<cloud::HttpUrl> url(std::string_view field,
                                           std::string_view by_default) const;

 private:
  const boost::json::object& object_;
  const std::string_view what_;
};

/// What a file's text stands for. `nested`: it is part of another, which must not nest further.
/// Errors: `no_credentials`, `not_supported` (a type that is not known here).
[[nodiscard]] Result<OwnedTokenSource> token_source_of(
    const boost::json::object& file, const cloud::SharedSurroundings& surroundings,
    bool nested = false);

/// The same of the file at a path, which must be there. Blocks while reading.
[[nodiscard]] Result<OwnedTokenSource> read_credentials_file(
    const std::string& path, const cloud::SharedSurroundings& surroundings);

}  // namespace semantrix::gcp
