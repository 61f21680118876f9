#include "cloud/aws/credentials_provider.hpp"

template class semantrix::cloud::Renewed<semantrix::aws::Credentials>;
