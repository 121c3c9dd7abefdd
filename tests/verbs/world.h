// A model, and a destination in memory to thaw it into.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "checkpoint/bundle_reader.h"
#include "support/graph_text.h"
#include "thaw/thaw.h"

namespace thaw::internal {

inline const std::string kModel = R"(
  x = Placeholder f32[?,2]
  w = Const f32[2,3]
  w/read = Identity:f32 w
  steps = Const i64[] = 7
  steps/read = Identity:i64 steps
  y = MatMul:f32 x w/read
  c = Const f32[3] = 0.5 0.5 0.5
  out = Mul:f32 y c
)";

inline SourcePtr model(const std::string& text = kModel) {
  return memory_source(graph_text::graph_bytes(text), "m.pb");
}

struct World {
  std::shared_ptr<MemoryDestination> destination = std::make_shared<MemoryDestination>();

  ThawReport thaw(const ThawOptions& options = {}, const SourcePtr& source = model(),
                  const std::string& prefix = "out/model.ckpt") const {
    return thaw_model(source, prefix, options, destination);
  }
  std::map<std::filesystem::path, std::string>& files() const { return destination->files(); }
  std::vector<std::string> names() const {
    std::vector<std::string> all;
    for (const auto& [path, content] : files()) all.push_back(path.string());
    return all;
  }
  // Canonical bytes of one entry of the checkpoint.
  std::string value(const std::string& key) const {
    return open_bundle(*destination, "out/model.ckpt").value(key).bytes();
  }
};

inline ThawOptions options_of(const std::function<void(ThawOptions&)>& set) {
  ThawOptions options;
  set(options);
  return options;
}

}  // namespace thaw::internal
