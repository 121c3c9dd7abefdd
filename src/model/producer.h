// Which TensorFlow wrote a graph, as far as GraphDef.versions.producer tells.
#pragma once

#include <cstdint>
#include <string>

namespace thaw::internal {

// "TensorFlow 1.5 to 1.10", "TensorFlow of about October 2020"; empty for 0 and less.
std::string tensorflow_of_producer(std::int64_t producer);

}  // namespace thaw::internal
