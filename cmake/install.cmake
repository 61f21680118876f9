# Installation, the CMake package that find_package(semantrix) finds, and Debian packages.
#
# Components: runtime (the shared library, if it is one), dev (headers, CMake package, static
# library), cli (the command).
option(SEMANTRIX_INSTALL "Install rules and packages" ${PROJECT_IS_TOP_LEVEL})

target_sources(semantrix PUBLIC FILE_SET HEADERS
  BASE_DIRS ${PROJECT_SOURCE_DIR}/include FILES ${semantrix_public_headers})

# The conformance suite for stores and layers that live elsewhere. Only who uses it needs GoogleTest.
find_package(GTest QUIET CONFIG)
add_library(semantrix_testing INTERFACE)
add_library(semantrix::testing ALIAS semantrix_testing)
set_target_properties(semantrix_testing PROPERTIES EXPORT_NAME testing)
target_sources(semantrix_testing INTERFACE FILE_SET HEADERS
  BASE_DIRS ${PROJECT_SOURCE_DIR}/include FILES ${semantrix_testing_headers})
target_link_libraries(semantrix_testing INTERFACE semantrix GTest::gtest)

if(NOT SEMANTRIX_INSTALL)
  return()
endif()
include(CMakePackageConfigHelpers)

install(TARGETS semantrix EXPORT semantrixTargets
  LIBRARY COMPONENT runtime NAMELINK_COMPONENT dev
  ARCHIVE COMPONENT dev
  FILE_SET HEADERS COMPONENT dev)
install(TARGETS semantrix_testing EXPORT semantrixTestingTargets FILE_SET HEADERS COMPONENT dev)

set(package_dir ${CMAKE_INSTALL_LIBDIR}/cmake/semantrix)
foreach(export IN ITEMS semantrixTargets semantrixTestingTargets)
  install(EXPORT ${export} NAMESPACE semantrix:: DESTINATION ${package_dir} COMPONENT dev)
endforeach()
configure_package_config_file(${CMAKE_CURRENT_LIST_DIR}/semantrixConfig.cmake.in
  ${PROJECT_BINARY_DIR}/semantrixConfig.cmake INSTALL_DESTINATION ${package_dir})
write_basic_package_version_file(${PROJECT_BINARY_DIR}/semantrixConfigVersion.cmake
  COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/semantrixConfig.cmake
  ${PROJECT_BINARY_DIR}/semantrixConfigVersion.cmake DESTINATION ${package_dir} COMPONENT dev)
if(TARGET semantrix_cli)
  install(TARGETS semantrix_cli RUNTIME COMPONENT cli)
  if(NOT CMAKE_CROSSCOMPILING)
    include(completion)
  endif()
endif()
foreach(pair IN ITEMS runtime:libsemantrix dev:libsemantrix-dev cli:semantrix)
  string(REPLACE ":" ";" pair ${pair})
  list(GET pair 0 component)
  list(GET pair 1 package)
  install(FILES ${PROJECT_SOURCE_DIR}/LICENSE DESTINATION ${CMAKE_INSTALL_DATADIR}/doc/${package}
    RENAME copyright COMPONENT ${component})
endforeach()

if(PROJECT_IS_TOP_LEVEL)
  include(package)
endif()
