# The Python package's extension module (python/). pyproject.toml switches it on.
option(SEMANTRIX_BUILD_PYTHON "Build the Python package's extension module" OFF)
