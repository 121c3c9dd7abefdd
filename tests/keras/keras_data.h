// The files of tests/data/keras.
#pragma once

#include <fstream>
#include <iterator>
#include <string>

namespace thaw::internal {

inline std::string keras_data(const std::string& name) {
  std::ifstream in(THAW_TEST_DATA "/keras/" + name, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

}  // namespace thaw::internal
