# Runs an example and compares what it prints with the "//> " lines of its source.
file(READ ${source} text)
string(REGEX MATCHALL "//>[^\n]*\n" lines "${text}")
list(JOIN lines "" expected)
string(REGEX REPLACE "//> ?" "" expected "${expected}")
execute_process(COMMAND ${program} OUTPUT_VARIABLE printed ERROR_VARIABLE errors
  RESULT_VARIABLE status)
if(NOT status EQUAL 0)
  message(FATAL_ERROR "${program} ended with ${status}: ${errors}")
endif()
if(expected STREQUAL "" OR NOT printed STREQUAL expected)
  message(FATAL_ERROR "${program} printed\n${printed}instead of\n${expected}")
endif()
