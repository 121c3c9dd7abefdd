#include "model/producer.h"

#include <gtest/gtest.h>

namespace thaw::internal {
namespace {

TEST(Producer, IsAVersionOrAMonth) {
  const std::pair<std::int64_t, const char*> rows[] = {
      {-1, ""},
      {0, ""},
      {1, "TensorFlow before 0.12"},
      {18, "TensorFlow before 0.12"},
      {19, "TensorFlow 0.12 or so"},
      {21, "TensorFlow 1.0 or 1.1"},
      {23, "TensorFlow 1.1 or so"},
      {25, "TensorFlow 1.2 to 1.4"},
      {26, "TensorFlow 1.5 to 1.10"},
      {27, "TensorFlow 1.11 to 1.13"},
      {29, "TensorFlow 1.13 or so"},
      {30, "TensorFlow of about May 2019"},
      {561, "TensorFlow of about October 2020"},   // 2.4.1
      {1569, "TensorFlow of about July 2023"},     // 2.14.0
      {2474, "TensorFlow of about January 2026"},  // core/public/version.h of 2.21: "Updated: 2026/1/16"
      {2147483647, ""},
  };
  for (const auto& [producer, words] : rows) EXPECT_EQ(tensorflow_of_producer(producer), words) << producer;
}

}  // namespace
}  // namespace thaw::internal
