# Runs an example and compares what it prints with the "//> " lines of its source. The words of
# ${arguments} go to it, with the value of the environment's variable ${endpoint_of} behind the last.
file(READ ${source} text)
string(REGEX MATCHALL "//>[^\n]*\n" lines "${text}")
list(JOIN lines "" expected)
string(REGEX REPLACE "//> ?" "" expected "${expected}")
if(endpoint_of)
  string(APPEND arguments "$ENV{${endpoint_of}}")
endif()
execute_process(COMMAND ${program} ${arguments} OUTPUT_VARIABLE printed ERROR_VARIABLE errors
  RESULT_VARIABLE status)
if(NOT status EQUAL 0)
  message(FATAL_ERROR "${program} ended with ${status}: ${errors}")
endif()
if(expected STREQUAL "" OR NOT printed STREQUAL expected)
  message(FATAL_ERROR "${program} printed\n${printed}instead of\n${expected}")
endif()
