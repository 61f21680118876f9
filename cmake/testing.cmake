# How tests are built and registered. Names are "area.case", labels are kinds, timeouts are seconds.

# What every test includes anyway is parsed once.
add_library(semantrix_test_pch OBJECT ${CMAKE_CURRENT_LIST_DIR}/test_pch.cpp)
target_link_libraries(semantrix_test_pch PRIVATE semantrix_private GTest::gtest)
target_precompile_headers(semantrix_test_pch PRIVATE <gtest/gtest.h> <boost/asio/awaitable.hpp>)

# The shipped conformance suite, with its client, is compiled once.
add_library(semantrix_conformance STATIC ${CMAKE_CURRENT_LIST_DIR}/conformance_suite.cpp)
target_compile_definitions(semantrix_conformance PUBLIC SEMANTRIX_CONFORMANCE_SEPARATE)
target_link_libraries(semantrix_conformance PUBLIC semantrix_private GTest::gtest)
target_precompile_headers(semantrix_conformance REUSE_FROM semantrix_test_pch)

# semantrix_register(PROGRAM LABELS label… TIMEOUT seconds [FILTER glob] [NAME name])
#   Each case a test of its own, so that one can be found and run by name. Under a sanitizer, where
#   starting a process costs more than most cases, all of them are one test: NAME (the program's).
function(semantrix_register program)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "TIMEOUT;FILTER;NAME" "LABELS")
  if(NOT arg_FILTER)
    set(arg_FILTER "*")
  endif()
  if(NOT arg_NAME)
    set(arg_NAME ${program})
  endif()
  if(SEMANTRIX_SANITIZE)
    add_test(NAME ${arg_NAME} COMMAND ${program} --gtest_brief=1 --gtest_filter=${arg_FILTER})
    set_tests_properties(${arg_NAME} PROPERTIES LABELS "${arg_LABELS}" TIMEOUT 600)
  else()
    gtest_discover_tests(${program} TEST_FILTER ${arg_FILTER} TEST_LIST ${arg_NAME}
      DISCOVERY_TIMEOUT 60 PROPERTIES LABELS "${arg_LABELS}" TIMEOUT ${arg_TIMEOUT})
  endif()
endfunction()

# semantrix_gtest(NAME LABEL label [TIMEOUT seconds] [SOURCES file…] [LINKS target…])
#   One executable, registered as above. SOURCES default to NAME.cpp.
function(semantrix_gtest name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "LABEL;TIMEOUT" "SOURCES;LINKS")
  if(NOT arg_SOURCES)
    set(arg_SOURCES ${name}.cpp)
  endif()
  if(NOT arg_TIMEOUT)
    set(arg_TIMEOUT 60)
  endif()
  add_executable(${name} ${arg_SOURCES})
  target_link_libraries(${name} PRIVATE semantrix_conformance GTest::gtest_main ${arg_LINKS})
  target_precompile_headers(${name} REUSE_FROM semantrix_test_pch)
  semantrix_register(${name} LABELS ${arg_LABEL} TIMEOUT ${arg_TIMEOUT})
endfunction()

# semantrix_python_test(NAME LABEL label SCRIPT file [TIMEOUT seconds] [ARGS …])
function(semantrix_python_test name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "LABEL;SCRIPT;TIMEOUT" "ARGS")
  if(NOT arg_TIMEOUT)
    set(arg_TIMEOUT 120)
  endif()
  cmake_path(ABSOLUTE_PATH arg_SCRIPT)
  add_test(NAME ${name} COMMAND Python3::Interpreter -B ${arg_SCRIPT} ${arg_ARGS})
  set_tests_properties(${name} PROPERTIES LABELS ${arg_LABEL} TIMEOUT ${arg_TIMEOUT})
endfunction()

# semantrix_server_test(NAME FORMS form… COMMAND target LABEL label [TIMEOUT seconds] [ARGS …])
#   One test: tools/servers starts the forms, the target runs with their variables (tests/support
#   reads them), and everything is stopped. TIMEOUT includes the start of the servers.
function(semantrix_server_test name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "COMMAND;LABEL;TIMEOUT" "FORMS;ARGS")
  if(NOT arg_TIMEOUT)
    set(arg_TIMEOUT 120)
  endif()
  add_test(NAME ${name} COMMAND Python3::Interpreter ${PROJECT_SOURCE_DIR}/tools/servers run
    ${arg_FORMS} -- $<TARGET_FILE:${arg_COMMAND}> ${arg_ARGS})
  set_tests_properties(${name} PROPERTIES LABELS ${arg_LABEL} TIMEOUT ${arg_TIMEOUT})
endfunction()
