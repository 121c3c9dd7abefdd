# The targets under libFuzzer: build-fuzz/tests/thaw_fuzz. The ordinary tests have them, too (fuzz_test.cc).
add_executable(thaw_fuzz ${fuzz_sources} fuzz/fuzz_main.cc hostile/mutation.cc)
protobuf_generate(TARGET thaw_fuzz PROTOS ${CMAKE_CURRENT_SOURCE_DIR}/oracle/tensor.proto
                  ${CMAKE_CURRENT_SOURCE_DIR}/oracle/graph.proto IMPORT_DIRS ${CMAKE_CURRENT_SOURCE_DIR})
target_compile_options(thaw_fuzz PRIVATE -Wno-conversion)
target_include_directories(thaw_fuzz SYSTEM PRIVATE ${CMAKE_CURRENT_BINARY_DIR} ${CMAKE_CURRENT_BINARY_DIR}/oracle)
target_include_directories(thaw_fuzz PRIVATE ${PROJECT_SOURCE_DIR}/src ${CMAKE_CURRENT_SOURCE_DIR})
target_compile_definitions(thaw_fuzz PRIVATE FMT_HEADER_ONLY THAW_TEST_DATA="${CMAKE_CURRENT_SOURCE_DIR}/data")
target_link_libraries(thaw_fuzz PRIVATE thaw_core GTest::gtest ${THAW_LEVELDB} protobuf::libprotobuf snappy)
target_link_options(thaw_fuzz PRIVATE -fsanitize=fuzzer)
