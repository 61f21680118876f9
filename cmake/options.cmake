# Warnings and sanitizers of our own code; never exported to users.
add_library(semantrix_options INTERFACE)
target_compile_features(semantrix_options INTERFACE cxx_std_20)
if(SEMANTRIX_DEVELOPER_MODE)
  target_compile_options(semantrix_options INTERFACE
    -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Wnon-virtual-dtor -Woverloaded-virtual -Wundef
    -Werror)
  if(CMAKE_CXX_COMPILER_ID MATCHES Clang)
    target_compile_options(semantrix_options INTERFACE -Wthread-safety)
  endif()
endif()
if(SEMANTRIX_SANITIZE)
  # Asio's coroutines do not compile with clang's function sanitizer.
  set(sanitize_flags -fsanitize=${SEMANTRIX_SANITIZE} -fno-omit-frame-pointer
      -fno-sanitize-recover=all)
  if(CMAKE_CXX_COMPILER_ID MATCHES Clang)
    list(APPEND sanitize_flags -fno-sanitize=function)
  endif()
  add_compile_options(${sanitize_flags})
  add_link_options(${sanitize_flags})
  if(CMAKE_CXX_COMPILER_ID STREQUAL GNU)
    # GCC takes the sanitizers' own checks for uses of what is not set, and with them inlines a
    # coroutine's operator new but not its delete, which it then takes for another's.
    target_compile_options(semantrix_options INTERFACE
      -Wno-maybe-uninitialized -Wno-mismatched-new-delete)
    if(SEMANTRIX_SANITIZE MATCHES thread)
      # Asio ends reference counts with a fence, which the thread sanitizer does not see; without
      # std::atomic it counts with Boost's own, which needs none.
      add_compile_definitions(BOOST_ASIO_DISABLE_STD_ATOMIC)
    endif()
  endif()
endif()

if(SEMANTRIX_BUILD_FUZZERS)
  # The whole library tells the fuzzer which branches it took.
  add_compile_options(-fsanitize=fuzzer-no-link)
  add_link_options(-fsanitize=fuzzer-no-link)
endif()

if(SEMANTRIX_DEVELOPER_MODE AND NOT DEFINED CMAKE_CXX_COMPILER_LAUNCHER)
  find_program(SEMANTRIX_CCACHE ccache)
  if(SEMANTRIX_CCACHE)
    set(CMAKE_CXX_COMPILER_LAUNCHER ${SEMANTRIX_CCACHE})
  endif()
endif()
