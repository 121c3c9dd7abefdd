// FlowStructure: what each node of a draft is to TensorFlow 1's control flow (core/ops/control_flow_ops.cc),
// as far as the nodes around it tell. A snapshot: edits make it stale.
#pragma once

#include <string>
#include <unordered_map>
#include <vector>

#include "draft/draft.h"

namespace thaw::internal {

enum class FlowKind : std::uint8_t { other, enter, exit, next, merge, branch, loop_cond, identity };

FlowKind flow_kind_of(Bytes op);

// Whether there is a loop or a branch among the nodes from `from` on.
bool has_control_flow(const Draft& draft, NodeId from);

inline constexpr std::uint32_t kLeaves = 0;  // output of a loop's Switch when the loop is over
inline constexpr std::uint32_t kBody = 1;    // the other one, which goes round once more

class FlowStructure {
 public:
  // Throws malformed for a node of control flow without its inputs.
  explicit FlowStructure(const Draft& draft);

  struct Frame {
    std::string name;
    std::vector<NodeId> enters;  // in the order of the graph
  };

  // Neither loops nor branches.
  bool empty() const { return empty_; }
  FlowKind kind(NodeId id) const { return static_cast<FlowKind>(flags(id) & kKind); }
  // A Merge that a NextIteration comes back to.
  bool is_loop_merge(NodeId id) const { return (flags(id) & kLoopMerge) != 0; }
  // A Switch that LoopCond turns.
  bool is_loop_switch(NodeId id) const { return (flags(id) & kLoopSwitch) != 0; }
  // Any other Switch: it guards what one branch of a cond takes, or it is a pivot.
  bool is_cond_switch(NodeId id) const { return kind(id) == FlowKind::branch && !is_loop_switch(id); }
  // tf.cond begins with Switch(p, p); two inputs that are merely equal behind Identities are data.
  bool is_pivot_switch(NodeId id) const;
  bool is_constant_enter(NodeId id) const { return (flags(id) & kConstantEnter) != 0; }

  const std::vector<Frame>& frames() const { return frames_; }
  std::uint32_t frame_of(NodeId enter) const { return frame_of_.at(enter); }
  // The tensor behind any Identities.
  Edge origin(Edge edge) const;

 private:
  static constexpr std::uint8_t kKind = 7, kLoopMerge = 8, kLoopSwitch = 16, kConstantEnter = 32;

  // Nodes added since then are nothing yet.
  std::uint8_t flags(NodeId id) const { return id < flags_.size() ? flags_[id] : std::uint8_t{0}; }
  void read_kinds();
  void read_enter(NodeId id);
  void find_loop_nodes();

  const Draft& draft_;
  std::vector<std::uint8_t> flags_;
  std::vector<Frame> frames_;
  std::unordered_map<NodeId, std::uint32_t> frame_of_;
  std::unordered_map<std::string, std::uint32_t> frame_by_name_;
  mutable std::unordered_map<NodeId, Edge> origins_;  // of Identities
  bool empty_ = true;
};

}  // namespace thaw::internal
