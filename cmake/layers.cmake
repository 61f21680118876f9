# One OBJECT library a folder of src/. A folder sees the public headers and the folders it names,
# and nothing else: an include that points up does not compile.
#
# Private headers are included as "folder/header.hpp".
#
#   semantrix_layer(memory SOURCES engine.cpp … USES base eviction [LINKS PkgConfig::zstd]
#     [ALONE file…])   see unity.cmake
include(unity)

set_property(GLOBAL PROPERTY semantrix_layers "")

# In an archive nothing is shown to whatever links it further; in a shared library the linker's
# version script (exports.map) chooses, so that the headers need no export macro.
set(semantrix_visibility hidden)
if(BUILD_SHARED_LIBS)
  set(semantrix_visibility default)
endif()

function(semantrix_layer name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "SOURCES;USES;LINKS;ALONE")
  string(REPLACE "/" "_" target semantrix_${name})
  add_library(${target} OBJECT ${arg_SOURCES})
  set_target_properties(${target} PROPERTIES POSITION_INDEPENDENT_CODE ON
    CXX_VISIBILITY_PRESET ${semantrix_visibility} VISIBILITY_INLINES_HIDDEN ON)
  target_include_directories(${target} PUBLIC ${PROJECT_SOURCE_DIR}/include)
  # "folder/header.hpp" resolves only through the symbolic folders of the layers named in USES.
  set(view ${PROJECT_BINARY_DIR}/layer_views/${target})
  file(MAKE_DIRECTORY ${view})
  foreach(folder IN ITEMS ${name} ${arg_USES})
    cmake_path(GET folder PARENT_PATH parent)
    file(MAKE_DIRECTORY ${view}/${parent})
    file(CREATE_LINK ${PROJECT_SOURCE_DIR}/src/${folder} ${view}/${folder} SYMBOLIC)
  endforeach()
  target_include_directories(${target} PRIVATE ${view})
  target_link_libraries(${target} PRIVATE semantrix_options PUBLIC ${arg_LINKS})
  semantrix_unity(${target} ALONE ${arg_ALONE})
  set_property(GLOBAL APPEND PROPERTY semantrix_layers ${target})
endfunction()
