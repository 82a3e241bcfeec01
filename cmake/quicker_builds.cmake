# A compiler cache and a faster linker, where they are installed.
find_program(CCACHE ccache)
find_program(MOLD mold)
if(CCACHE)
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CCACHE})
endif()
if(MOLD)
  add_link_options($<$<LINK_LANGUAGE:CXX>:-fuse-ld=mold>)
endif()
