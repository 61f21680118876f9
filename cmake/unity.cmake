# Several files compiled as one: most of a file's time goes into Asio's headers and templates, which
# its neighbours need as well. A build from nothing takes a fraction of the time, a change in one file
# more than before; for daily work on it: cmake --preset dev -DSEMANTRIX_UNITY=OFF.
#
#   semantrix_unity(target [ALONE file…])
#     ALONE: files with names of their own that a neighbour has, too.
option(SEMANTRIX_UNITY "Compile several files as one" OFF)

function(semantrix_unity target)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "ALONE")
  if(NOT SEMANTRIX_UNITY)
    return()
  endif()
  set_target_properties(${target} PROPERTIES UNITY_BUILD ON UNITY_BUILD_BATCH_SIZE 10)
  set_source_files_properties(${arg_ALONE} PROPERTIES SKIP_UNITY_BUILD_INCLUSION ON)
  if(CMAKE_CXX_COMPILER_ID STREQUAL GNU)
    # A file that another includes must not show its own names; here all are included.
    target_compile_options(${target} PRIVATE -Wno-subobject-linkage)
  endif()
endfunction()
