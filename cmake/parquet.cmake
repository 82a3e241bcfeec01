# aludel_parquet(LIB): links Apache Arrow into LIB where `make parquet` has put it (the C++ libraries inside the
# pyarrow wheel, below build/pyarrow), else says that Parquet is off. ALUDEL_PYARROW names another folder of that kind.
set(ALUDEL_PYARROW ${PROJECT_SOURCE_DIR}/build/pyarrow/pyarrow CACHE PATH "The pyarrow package, for Parquet")
function(aludel_parquet lib)
  file(GLOB libraries ${ALUDEL_PYARROW}/libparquet.so.* ${ALUDEL_PYARROW}/libarrow.so.*)
  list(LENGTH libraries count)
  if(NOT count EQUAL 2 OR NOT EXISTS ${ALUDEL_PYARROW}/include/parquet/arrow/reader.h)
    message(STATUS "Arrow not found: built without Parquet (make parquet sets it up)")
    set_property(GLOBAL APPEND PROPERTY ALUDEL_PARTS "parquet no")
    return()
  endif()
  set_property(GLOBAL APPEND PROPERTY ALUDEL_PARTS "parquet yes")
  set(sources ${PROJECT_SOURCE_DIR}/aludel/${lib}/formats/parquet.cpp)
  file(GLOB parts ${PROJECT_SOURCE_DIR}/aludel/${lib}/formats/parquet/*.cpp)
  # Only these files see Arrow's headers; they take long to compile, and are no part of a unity file.
  set_source_files_properties(${sources} ${parts} PROPERTIES COMPILE_DEFINITIONS ALUDEL_PARQUET=1
    COMPILE_OPTIONS "-isystem;${ALUDEL_PYARROW}/include" SKIP_UNITY_BUILD_INCLUSION ON)
  target_link_libraries(aludel_${lib} PUBLIC ${libraries})
  # libparquet exports a simdjson of its own, of another version: ours must be found first. What Arrow reads with it
  # (JSON in geometry columns) is refused before it is met, in formats/parquet/read_rows.cpp.
  target_link_options(aludel_${lib} PUBLIC $<TARGET_FILE:simdjson::simdjson> -Wl,-rpath,${ALUDEL_PYARROW})
endfunction()
