# The Python package's extension module (python/): what it needs of the rest.
#
# A wheel carries what it links. OpenSSL is linked from its archives, as pyproject.toml asks; here are
# zstd and xxHash likewise, and {fmt}, of which Debian has no archive, from its headers. Boost's
# archives are not made for shared objects: its libraries lie beside the module (python/).
option(SEMANTRIX_BUILD_PYTHON "Build the Python package's extension module" OFF)

if(SEMANTRIX_BUILD_PYTHON AND SKBUILD)
  foreach(package IN ITEMS zstd xxhash)
    find_library(semantrix_${package}_archive lib${package}.a HINTS ${${package}_LIBRARY_DIRS})
    if(semantrix_${package}_archive)
      set_target_properties(PkgConfig::${package} PROPERTIES
        INTERFACE_LINK_LIBRARIES ${semantrix_${package}_archive})
    endif()
  endforeach()
  target_compile_definitions(fmt::fmt INTERFACE FMT_HEADER_ONLY)
endif()
