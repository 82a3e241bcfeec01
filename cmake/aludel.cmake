# aludel_library(NAME DEPS a b LINK c): a static library of folder aludel/NAME; *_test.cpp beside its sources become
# one gtest binary. DEPS are libraries of ours, LINK is third party. SEPARATE: never a unity build, for kernels that are one another's twins.
# FAST: -O3, for libraries that every byte of a crawl goes through (for text and curate, 7 % less time for a run; -Wrestrict is wrong there, GCC bug 105651).
function(aludel_library name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "SEPARATE;FAST" "" "DEPS;LINK")
  if(NOT EXISTS ${PROJECT_SOURCE_DIR}/aludel/${name})
    return()
  endif()
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/aludel/${name}/*.cpp)
  set(tests ${sources})
  list(FILTER sources EXCLUDE REGEX "_test\\.cpp$")
  list(FILTER tests INCLUDE REGEX "_test\\.cpp$")
  foreach(source IN LISTS sources)  # foreach_target.h includes its source once per target: never in a unity file
    file(STRINGS ${source} highway REGEX "foreach_target\\.h")
    if(highway)
      set_source_files_properties(${source} PROPERTIES SKIP_UNITY_BUILD_INCLUSION ON)
    endif()
  endforeach()
  add_library(aludel_${name} STATIC ${sources})
  add_library(aludel::${name} ALIAS aludel_${name})
  if(arg_SEPARATE)
    set_target_properties(aludel_${name} PROPERTIES UNITY_BUILD OFF)
  endif()
  if(arg_FAST)
    target_compile_options(aludel_${name} PRIVATE $<$<CONFIG:RelWithDebInfo>:-O3> $<$<CXX_COMPILER_ID:GNU>:-Wno-restrict>)
  endif()
  target_include_directories(aludel_${name} PUBLIC ${PROJECT_SOURCE_DIR})
  foreach(dep IN LISTS arg_DEPS)
    if(NOT TARGET aludel::${dep})
      list(REMOVE_ITEM arg_DEPS ${dep})
    endif()
  endforeach()
  string(JOIN " " line ${name} ${arg_DEPS})
  file(APPEND ${PROJECT_BINARY_DIR}/generated/libraries.txt "${line}\n")
  list(TRANSFORM arg_DEPS PREPEND aludel::)
  target_link_libraries(aludel_${name} PUBLIC ${arg_DEPS} ${arg_LINK} PRIVATE aludel_warnings)
  if(tests AND BUILD_TESTING)
    add_executable(${name}_test ${tests})
    target_link_libraries(${name}_test PRIVATE aludel_${name} aludel_warnings GTest::gtest_main)
    target_compile_definitions(${name}_test PRIVATE ALUDEL_SOURCE_DIR="${PROJECT_SOURCE_DIR}")
    aludel_discover_tests(${name}_test unit)
  endif()
endfunction()

# The program: app/ without main as a library (so that tests reach it), with one command per app/commands/*.cpp.
function(aludel_app)
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/app/*.cpp)
  list(REMOVE_ITEM sources ${PROJECT_SOURCE_DIR}/app/main.cpp)
  list(FILTER sources EXCLUDE REGEX "_test\\.cpp$")
  add_library(aludel_app STATIC ${sources})
  set_target_properties(aludel_app PROPERTIES UNITY_BUILD OFF)  # every command has its own `run`
  foreach(name base io exec text report safety curate planted synthetic tensor models infer eval train serve)
    if(TARGET aludel_${name})
      target_link_libraries(aludel_app PUBLIC aludel_${name})
    endif()
  endforeach()
  target_link_libraries(aludel_app PRIVATE aludel_warnings)
  set_source_files_properties(app/commands/curate/make_run.cpp PROPERTIES COMPILE_DEFINITIONS "ALUDEL_VERSION=\"${PROJECT_VERSION}\"")
  aludel_registry(app FOLDER commands TYPE CommandSpec PREFIX command_ HEADER app/command.h)
  add_executable(aludel app/main.cpp)
  aludel_version(aludel)
  target_link_libraries(aludel PRIVATE aludel_app aludel_warnings)
endfunction()

# What `aludel --version` says. The commit is asked for at every build, and compiled anew only when it is another.
function(aludel_version target)
  get_property(parts GLOBAL PROPERTY ALUDEL_PARTS)
  string(JOIN ", " parts ${parts})
  target_compile_definitions(${target} PRIVATE ALUDEL_VERSION="${PROJECT_VERSION}" ALUDEL_PARTS="${parts}")
  set(header ${PROJECT_BINARY_DIR}/generated/commit.h)
  add_custom_target(aludel_commit BYPRODUCTS ${header} COMMAND ${CMAKE_COMMAND} -D SOURCE=${PROJECT_SOURCE_DIR}
    -D HEADER=${header} -P ${PROJECT_SOURCE_DIR}/cmake/commit.cmake)
  add_dependencies(${target} aludel_commit)
  target_include_directories(${target} PRIVATE ${PROJECT_BINARY_DIR})
endfunction()

# The label is LABEL, or slow for a suite whose name ends in Slow, or golden for one that has Golden in it. A suite whose
# name ends in Timed runs alone, since what else runs then would be in its times.
function(aludel_discover_tests target label)
  set_target_properties(${target} PROPERTIES UNITY_BUILD ${ALUDEL_UNITY_TESTS} UNITY_BUILD_BATCH_SIZE 8)
  gtest_discover_tests(${target} TEST_FILTER "-*Slow.*:*Golden*:*Timed.*" PROPERTIES LABELS ${label})
  gtest_discover_tests(${target} TEST_FILTER "*Timed.*" TEST_LIST ${target}_timed PROPERTIES LABELS ${label} RUN_SERIAL TRUE)
  gtest_discover_tests(${target} TEST_FILTER "*Slow.*" TEST_LIST ${target}_slow PROPERTIES LABELS slow)
  gtest_discover_tests(${target} TEST_FILTER "*Golden*" TEST_LIST ${target}_golden PROPERTIES LABELS golden)
endfunction()

# aludel_registry(LIB FOLDER f TYPE T PREFIX p HEADER h [NAME n] [DECLARED]): every f/<stem>.cpp must define
# `constinit const T p<stem>`; writes the stem-sorted table all_<n>(), n = f as an identifier unless given.
# A missing symbol is a link error, an empty folder a configure error. Folders inside f are helpers, not members.
# DECLARED: generated/<LIB>_<n>.h declares the members, for code that names them.
function(aludel_registry lib)
  cmake_parse_arguments(PARSE_ARGV 1 arg "DECLARED" "FOLDER;TYPE;PREFIX;HEADER;NAME" "")
  if(NOT arg_NAME)
    string(MAKE_C_IDENTIFIER ${arg_FOLDER} arg_NAME)
  endif()
  if(NOT TARGET aludel_${lib})
    return()
  endif()
  set(folder aludel/${lib}/${arg_FOLDER})
  if(lib STREQUAL app)
    set(folder app/${arg_FOLDER})
  endif()
  file(GLOB files CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/${folder}/*.cpp)
  list(FILTER files EXCLUDE REGEX "_test\\.cpp$")
  list(SORT files)
  if(NOT files)
    message(FATAL_ERROR "aludel_registry: no members in ${folder}")
  endif()
  foreach(file IN LISTS files)
    get_filename_component(stem ${file} NAME_WE)
    string(APPEND externs "extern const ${arg_TYPE} ${arg_PREFIX}${stem};\n")
    string(APPEND entries "    &${arg_PREFIX}${stem},\n")
  endforeach()
  if(arg_DECLARED)
    file(CONFIGURE OUTPUT ${PROJECT_BINARY_DIR}/generated/${lib}_${arg_NAME}.h @ONLY CONTENT
"#pragma once
// Generated by aludel_registry() from ${folder}/. Do not edit.
#include \"${arg_HEADER}\"
namespace aludel::${lib} {
${externs}}  // namespace aludel::${lib}
")
    target_include_directories(aludel_${lib} PUBLIC ${PROJECT_BINARY_DIR})
  endif()
  set(out ${PROJECT_BINARY_DIR}/generated/${lib}_${arg_NAME}.cpp)
  file(CONFIGURE OUTPUT ${out} @ONLY CONTENT
"// Generated by aludel_registry() from ${folder}/. Do not edit.
#include \"${arg_HEADER}\"
namespace aludel::${lib} {
${externs}
std::span<const ${arg_TYPE}* const> all_${arg_NAME}() {
  static constexpr const ${arg_TYPE}* kTable[] = {
${entries}  };
  return kTable;
}
}  // namespace aludel::${lib}
")
  set_source_files_properties(${out} PROPERTIES SKIP_UNITY_BUILD_INCLUSION ON)
  target_sources(aludel_${lib} PRIVATE ${out})
endfunction()

# aludel_embed(LIB FOLDER f NAME n EXTENSION e): puts the files f/*.e, at most 64 KiB each, into the library as the
# name-sorted table all_<n>() of EmbeddedFile.
function(aludel_embed lib)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "FOLDER;NAME;EXTENSION" "")
  if(NOT TARGET aludel_${lib})
    return()
  endif()
  file(GLOB files CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/${arg_FOLDER}/*.${arg_EXTENSION})
  list(SORT files)
  if(NOT files)
    message(FATAL_ERROR "aludel_embed: no *.${arg_EXTENSION} in ${arg_FOLDER}")
  endif()
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${files})
  foreach(file IN LISTS files)
    get_filename_component(stem ${file} NAME_WE)
    file(READ ${file} content)
    string(APPEND entries "    {\"${stem}\", R\"embedded(${content})embedded\"},\n")
  endforeach()
  set(out ${PROJECT_BINARY_DIR}/generated/${lib}_${arg_NAME}.cpp)
  file(CONFIGURE OUTPUT ${out} @ONLY CONTENT
"// Generated by aludel_embed() from ${arg_FOLDER}/. Do not edit.
#include <span>
#include \"aludel/base/embedded.h\"
namespace aludel::${lib} {
std::span<const EmbeddedFile> all_${arg_NAME}();
std::span<const EmbeddedFile> all_${arg_NAME}() {
  static constexpr EmbeddedFile kTable[] = {
${entries}  };
  return kTable;
}
}  // namespace aludel::${lib}
")
  set_source_files_properties(${out} PROPERTIES SKIP_UNITY_BUILD_INCLUSION ON)
  target_sources(aludel_${lib} PRIVATE ${out})
endfunction()

# One libFuzzer binary per fuzz/<format>_fuzz.cpp, and `fuzz_run`: the saved corpus, then ALUDEL_FUZZ_SECONDS each.
function(aludel_fuzzers)
  file(GLOB files CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/fuzz/*_fuzz.cpp)
  if(NOT files)
    message(FATAL_ERROR "aludel_fuzzers: no fuzz/*_fuzz.cpp")
  endif()
  set(seconds $ENV{ALUDEL_FUZZ_SECONDS})
  if(NOT seconds MATCHES "^[1-9][0-9]*$")  # libFuzzer reads anything else as "for ever"
    set(seconds 60)
  endif()
  add_custom_target(fuzz_run)
  foreach(file IN LISTS files)
    get_filename_component(fuzzer ${file} NAME_WE)
    string(REGEX REPLACE "_fuzz$" "" format ${fuzzer})
    add_executable(${fuzzer} ${file})
    target_link_libraries(${fuzzer} PRIVATE ${ARGN} aludel_warnings)
    target_link_options(${fuzzer} PRIVATE -fsanitize=fuzzer)
    set(found ${PROJECT_BINARY_DIR}/found/${format})
    add_custom_command(TARGET fuzz_run POST_BUILD USES_TERMINAL VERBATIM
      COMMAND ${CMAKE_COMMAND} -E make_directory ${found}
      COMMAND ${fuzzer} -runs=0 ${PROJECT_SOURCE_DIR}/fuzz/corpus/${format}
      COMMAND ${fuzzer} -max_total_time=${seconds} ${found} ${PROJECT_SOURCE_DIR}/fuzz/corpus/${format})
    add_dependencies(fuzz_run ${fuzzer})
  endforeach()
endfunction()

# One program per bench/<problem>/<name>_bench.cpp, built on demand: `cmake --build --preset release --target <name>_bench`.
function(aludel_benches)
  file(GLOB files CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/bench/*/*_bench.cpp)
  foreach(file IN LISTS files)
    get_filename_component(bench ${file} NAME_WE)
    add_executable(${bench} EXCLUDE_FROM_ALL ${file})
    target_link_libraries(${bench} PRIVATE ${ARGN} aludel_warnings)
  endforeach()
endfunction()

# aludel_optional(LIB LIBRARY l HEADER h DEFINE d): links l into LIB and defines d where the machine has both, else says so.
function(aludel_optional lib)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "LIBRARY;HEADER;DEFINE" "")
  find_library(${arg_DEFINE}_LIBRARY ${arg_LIBRARY})
  find_path(${arg_DEFINE}_HEADER ${arg_HEADER})
  if(${arg_DEFINE}_LIBRARY AND ${arg_DEFINE}_HEADER)
    target_link_libraries(aludel_${lib} PRIVATE ${${arg_DEFINE}_LIBRARY})
    target_compile_definitions(aludel_${lib} PRIVATE ${arg_DEFINE}=1)
    set_property(GLOBAL APPEND PROPERTY ALUDEL_PARTS "${arg_LIBRARY} yes")
  else()
    set_property(GLOBAL APPEND PROPERTY ALUDEL_PARTS "${arg_LIBRARY} no")
    message(STATUS "${arg_LIBRARY} not found: built without it")
  endif()
endfunction()
