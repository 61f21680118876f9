#pragma once

#include <string>

/// What other implementations, and published cases, are compared with.
///
///     cloud_program sign                requests on standard input
///     cloud_program credentials FOLDER  recorded cases of the search for AWS credentials
///     cloud_program endpoints FILE      published cases of DynamoDB's endpoints
namespace semantrix::cloud_program {

/// One request a line as JSON; each step of its signature as a line of JSON in return.
int sign();

/// One case a folder: env.json, fs/, http-traffic.json, test-case.json. 0 if all pass.
int credentials(const std::string& folder);

/// 0 if all cases pass that concern what the library does.
int endpoints(const std::string& file);

}  // namespace semantrix::cloud_program
