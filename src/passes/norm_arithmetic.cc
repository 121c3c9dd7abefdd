#include "passes/norm_arithmetic.h"

#include <algorithm>
#include <optional>

namespace thaw::internal {

namespace {

constexpr std::size_t kMostScales = 16;

class NormFinder {
 public:
  NormFinder(const Draft& draft, const VariableTrace& trace, const std::vector<Role>& roles)
      : draft_(draft), trace_(trace), roles_(roles) {}

  NormsOfArithmetic run() {
    for (NodeId id = 0; id < draft_.base().node_count(); ++id) {
      if (draft_.is_removed(id)) continue;
      if (draft_.op(id) == "BatchNormWithGlobalNormalization") {
        take_global(id);
      } else if (draft_.op(id) == "Rsqrt" || draft_.op(id) == "Sqrt") {
        take_root(id);
      }
    }
    return std::move(found_);
  }

 private:
  std::optional<std::size_t> statistic(const Edge& tensor) const {
    const std::optional<std::size_t> variable = trace_.variable(tensor);
    return variable && roles_[*variable] == Role::statistic ? variable : std::nullopt;
  }

  // Inputs t, m, v, beta, gamma (core/ops/nn_ops.cc).
  void take_global(NodeId id) {
    const auto inputs = draft_.inputs_now(id);
    if (data_input_count(inputs) < 5) return;
    const auto mean = statistic(inputs[1]), variance = statistic(inputs[2]);
    if (mean && variance) found_.norms.push_back({id, inputs[0], {id, 1}, {id, 2}, *mean, *variance});
  }

  void take_root(NodeId root) {
    const auto of_root = draft_.inputs_now(root);
    const NodeId sum = of_root.empty() ? kNoNode : of_root[0].node;
    if (sum == kNoNode || (draft_.op(sum) != "Add" && draft_.op(sum) != "AddV2")) return;
    const auto terms = draft_.inputs_now(sum);
    if (data_input_count(terms) != 2) return;
    for (std::uint32_t slot = 0; slot < 2; ++slot) {
      const auto variance = statistic(terms[slot]);
      if (!variance || trace_.variable(terms[1 - slot]) || !trace_.is_parameter(terms[1 - slot])) continue;
      norm_ = {sum, {}, {}, {sum, slot}, 0, *variance};
      return take_scales(root);
    }
  }

  void take_scales(NodeId root) {
    scales_ = {root};
    has_mean_ = false;
    data_.clear();
    for (std::size_t next = 0; next < scales_.size() && next < kMostScales; ++next) {
      for (const Edge& taker : draft_.consumers(scales_[next])) {
        if (!taker.is_control()) follow(taker);
      }
    }
    if (!has_mean_) {
      found_.unclear.emplace_back(norm_.node, "no mean is subtracted that is a moving one");
    } else if (data_.size() != 1) {
      found_.unclear.emplace_back(norm_.node, "it normalises " + std::to_string(data_.size()) + " tensors");
    } else {
      norm_.data = data_[0];
      found_.norms.push_back(norm_);
    }
  }

  void follow(const Edge& taker) {
    const Bytes op = draft_.op(taker.node);
    const bool passes = op == "Identity" || op == "Cast" || (op == "Reshape" && taker.port == 0);
    if (passes) return scales_.push_back(taker.node);
    const bool divides = (op == "RealDiv" || op == "Div") && taker.port == 1;
    if (op != "Mul" && !divides) return;
    const auto inputs = draft_.inputs_now(taker.node);
    if (data_input_count(inputs) != 2) return;
    const std::uint32_t slot = 1 - taker.port;
    const Edge& other = inputs[slot];
    if (take_mean({taker.node, slot}, other)) return;
    if (is_scale(other)) {
      if (!divides) scales_.push_back(taker.node);
    } else {
      take_data(other);
    }
  }

  // Gamma has a number for each channel; a constant of another size is data.
  bool is_scale(const Edge& tensor) const {
    if (!trace_.is_parameter(tensor)) return false;
    const auto size = trace_.parameter_size(tensor);
    return !size ||
           size == trace_.parameter_size(draft_.inputs_now(norm_.variance.node)[norm_.variance.port]);
  }

  // mean * scale, or (-mean) * scale where there is no beta.
  bool take_mean(Edge taker, Edge tensor) {
    if (draft_.op(tensor.node) == "Neg") {
      taker = {tensor.node, 0};
      tensor = draft_.inputs_now(tensor.node)[0];
    }
    return set_mean(taker, tensor);
  }

  bool set_mean(const Edge& taker, const Edge& tensor) {
    const std::optional<std::size_t> mean = statistic(tensor);
    if (!mean || *mean == norm_.variance_variable || has_mean_) return false;
    norm_.mean = taker;
    norm_.mean_variable = *mean;
    has_mean_ = true;
    return true;
  }

  void take_data(const Edge& tensor) {
    const auto inputs = draft_.inputs_now(tensor.node);
    const bool centred = draft_.op(tensor.node) == "Sub" && data_input_count(inputs) == 2 &&
                         set_mean({tensor.node, 1}, inputs[1]);
    const Edge data = centred ? inputs[0] : tensor;
    if (std::ranges::find(data_, data) == data_.end()) data_.push_back(data);
  }

  const Draft& draft_;
  const VariableTrace& trace_;
  const std::vector<Role>& roles_;
  NormsOfArithmetic found_;
  NormArithmetic norm_;
  std::vector<NodeId> scales_;  // 1 / sqrt(variance + epsilon), times gamma
  std::vector<Edge> data_;
  bool has_mean_ = false;
};

}  // namespace

NormsOfArithmetic find_norm_arithmetic(const Draft& draft, const VariableTrace& trace,
                                       const std::vector<Role>& roles) {
  return NormFinder(draft, trace, roles).run();
}

}  // namespace thaw::internal
