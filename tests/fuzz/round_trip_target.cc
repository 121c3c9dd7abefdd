// What is thawed, and a graph by protobuf's own parser, is verified, freezes to the graph that it was, and
// differs from it in nothing.
#include <algorithm>

#include "fuzz/small_disk.h"
#include "fuzz/targets.h"
#include "fuzz/test_data.h"
#include "graph.pb.h"
#include "thaw/diff.h"
#include "thaw/freeze.h"
#include "thaw/thaw.h"
#include "thaw/verify.h"

namespace thaw::internal {

namespace {

void check_way_back(const SourcePtr& model, const std::shared_ptr<Destination>& disk) {
  const VerifyReport verified = verify_model(model, "out/model.ckpt", {}, disk);
  // Parts that nothing asks for are copied as they are, damaged or not: then the result is as damaged.
  const bool all_copied = std::ranges::all_of(verified.problems, [](const VerifyProblem& problem) {
    return problem.kind == ProblemKind::damaged && problem.file.ends_with(".meta");
  });
  require(all_copied, "not verified: " + to_text(verified, {}));
  if (!verified.verified()) return;
  freeze_model("out/model.ckpt", "out/again.pb", {}, disk);
  const auto files = destination_with("out/was", model, disk);
  const DiffReport diff = diff_models("out/was", "out/again.pb", {}, files);
  require(!diff.differs(), "another graph: " + to_text(diff, {}));
}

// A name that no tensor's name can begin with: "^x" is a control input, "x:1" an output of x. TensorFlow
// imports no such node, and `freeze` cannot be told of it.
bool is_no_name(const std::string& node) {
  return node.starts_with("^") || node.find(':') != std::string::npos;
}

// By protobuf's own parser, and with names that say which node is meant.
bool is_whole(const std::string& input) {
  oracle::Graph graph;
  if (!graph.ParseFromString(input)) return false;
  return std::ranges::none_of(graph.node(), [](const auto& node) { return is_no_name(node.name()); });
}

void run_round_trip(const std::string& input) {
  const auto disk = std::make_shared<SmallDisk>();
  const SourcePtr model = memory_source(input, "model");
  if (!goes_through([&] { thaw_model(model, "out/model.ckpt", {}, disk); })) return;
  if (!is_whole(input)) return;
  try {
    check_way_back(model, disk);
  } catch (const std::exception& error) {
    throw Violation{std::string("no way back: ") + error.what()};
  }
}

}  // namespace

FuzzTarget round_trip_target() {
  return {"round_trip", "a model of any kind", run_round_trip, model_target().mutate, model_target().seeds};
}

}  // namespace thaw::internal
