#include "passes/batch_training.h"

#include <algorithm>
#include <map>
#include <optional>

#include "draft/outputs.h"
#include "messages/attr_value.h"
#include "names/scopes.h"
#include "passes/batch_moments.h"
#include "passes/node_templates.h"
#include "passes/norm_arithmetic.h"
#include "passes/shape_inference.h"
#include "tensor/shape.h"

namespace thaw::internal {

namespace {

bool is_fused_norm(Bytes op) {
  return op == "FusedBatchNorm" || op == "FusedBatchNormV2" || op == "FusedBatchNormV3";
}

class BatchTrainer {
 public:
  BatchTrainer(Draft& draft, const Plan& plan, const std::vector<VariableNodes>& variables,
               const Contexts* contexts, const BatchTrainingOptions& options)
      : draft_(draft),
        plan_(plan),
        variables_(variables),
        contexts_(contexts),
        options_(options),
        trace_(draft, variables),
        root_(draft, "", "B2", "part of the training of batch norms"),
        served_(variables.size()) {}

  BatchTraining run() {
    std::vector<Role> roles;
    for (const Variable& variable : plan_.variables) roles.push_back(variable.role);
    NormsOfArithmetic arithmetic = find_norm_arithmetic(draft_, trace_, roles);
    for (NodeId id = 0; id < draft_.base().node_count(); ++id) {
      if (!draft_.is_removed(id) && is_fused_norm(draft_.op(id))) take_fused(id);
    }
    if (!arithmetic.norms.empty()) shapes_ = infer_shapes(draft_.base(), {});
    for (const NormArithmetic& norm : arithmetic.norms) take_arithmetic(norm);
    for (const auto& [node, why] : arithmetic.unclear) leave(node, why);
    for (std::size_t i = 0; i < variables_.size(); ++i) {
      if (roles[i] == Role::statistic && !served_[i])
        done_.left.emplace_back(variables_[i].name, "no batch norm that takes it was recognised");
    }
    return std::move(done_);
  }

 private:
  void leave(NodeId id, const std::string& why) {
    done_.left.emplace_back(draft_.name(id), why);
    for (const Edge& input : draft_.inputs_now(id)) {
      if (input.is_control()) continue;
      if (const auto variable = trace_.variable(input)) served_[*variable] = true;
    }
  }

  bool is_inside(NodeId id) const { return contexts_ != nullptr && contexts_->of(id) != kRootContext; }

  // What the switch is called, and what belongs to all norms is below.
  const std::string& stem() {
    if (stem_.empty()) stem_ = draft_.unique_name(options_.scope + "bn_training");
    return stem_;
  }

  // The switch, made when it is needed first.
  const std::string& training() {
    if (!training_.empty()) return training_;
    training_ = stem();
    const std::string off = root_.write(
        make_fill_constant(training_ + "/default", DType::boolean, Shape(), std::string(1, '\0')));
    training_ = root_.write(
        training_, "PlaceholderWithDefault", {off},
        {{"dtype", attr_of_type(DType::boolean)}, {"shape", attr_of_shape(encode_shape(Shape()))}});
    done_.training = training_ + ":0";
    return training_;
  }

  // Inputs x, scale, offset, mean, variance; outputs y, batch_mean, batch_variance, ... (core/ops/nn_ops.cc).
  // In training the latter two have no elements, and the outputs are what moves the averages.
  void take_fused(NodeId id) {
    const NodeDef original = draft_.node_def(id);
    const NodeAttr* is_training = original.find_attr("is_training");
    if (is_training == nullptr || attr_as_bool(is_training->value.bytes()).value_or(true))
      return leave(id, "it computes with the statistics of the batch as it is");
    if (data_input_count(original) < 5) return;
    if (is_inside(id)) return leave(id, "it is in a loop or branch");
    const DType statistics_type =
        draft_.type_attr(id, original.op == "FusedBatchNorm" ? "T" : "U").value_or(DType::float32);
    const auto inputs = draft_.inputs(id);
    ScopedNodes nodes(draft_, original.name, "B2", "part of " + original.name);
    nodes.set_device(original.device);

    NodeDef inference = original;
    inference.name = "inference";
    const std::string at_rest = nodes.write(std::move(inference));
    NodeDef trained = with_batch_statistics(original, statistics_type);
    std::string in_training = original.name;
    if (!options_.always) {
      trained.name = "training";
      in_training = nodes.write(std::move(trained));
    }

    const NodeId resting = draft_.find(at_rest);
    for (const Edge& taker : draft_.consumers(id)) {
      if (taker.is_control()) continue;
      const std::uint32_t port = draft_.inputs_now(taker.node)[taker.port].port;
      if (port == 0) continue;
      draft_.redirect(taker.node, taker.port, {resting, port},
                      {"B1", draft_.name(taker.node), "takes " + at_rest});
    }
    if (options_.always) {
      draft_.replace(id, std::move(trained), {"B1", original.name, original.op + " in training"});
    } else {
      replace_by_select(id, original, in_training, at_rest);
    }
    move_average(inputs[3], {in_training + ":1", statistics_type, original.name});
    move_average(inputs[4], {in_training + ":2", statistics_type, original.name});
    ++done_.fused;
  }

  NodeDef with_batch_statistics(NodeDef norm, DType statistics_type) {
    norm.inputs[3] = norm.inputs[4] = none(statistics_type);
    norm.drop_attr("_output_shapes");
    norm.drop_attr("exponential_avg_factor");
    norm.set_attr("is_training", attr_of_bool(true));
    return norm;
  }

  void replace_by_select(NodeId id, const NodeDef& original, const std::string& in_training,
                         const std::string& at_rest) {
    NodeDef select = make_node(original.name, "Select", {training(), in_training, at_rest});
    select.device = original.device;
    for (const NodeAttr& attr : original.attrs) {
      if (attr.key == "T" || attr.key == "_class") select.attrs.push_back(attr);
    }
    draft_.replace(id, std::move(select), {"B1", original.name, original.op + " in training or not"});
  }

  // A tensor without elements.
  const std::string& none(DType dtype) {
    std::string& name = none_[dtype];
    if (name.empty()) {
      const std::string wanted = stem() + "/none";
      name = root_.write(make_constant(wanted, Value::from_bytes(dtype, Shape({0}), "")));
    }
    return name;
  }

  void take_arithmetic(const NormArithmetic& norm) {
    if (is_inside(norm.node) || is_inside(norm.data.node))
      return leave(norm.node, "it is in a loop or branch");
    const MomentsOf of = moments_of(norm);
    const bool fits = of.shape.unknown_rank() ? of.moments_shape.rank() == 1
                                              : axes_of_moments(of.shape, of.moments_shape).has_value();
    if (!fits || !of.moments_shape.fully_defined() || shape_of(norm.mean) != of.moments_shape)
      return leave(norm.node, "the shapes of its data and its statistics are not known to fit");
    const std::string name = draft_.name(norm.node);
    ScopedNodes nodes(draft_, name + "/training", "B2", "part of " + name);
    const Moments moments = write_moments(nodes, of);
    choose(norm.mean, "moving_mean", moments.mean, of.moments_dtype);
    choose(norm.variance, "moving_variance", moments.variance, of.moments_dtype);
    move_variable(norm.mean_variable, {moments.mean, of.moments_dtype, name});
    move_variable(norm.variance_variable, {moments.variance, of.moments_dtype, name});
    ++done_.arithmetic;
  }

  Edge taken(const Edge& slot) const { return draft_.inputs_now(slot.node)[slot.port]; }

  Shape shape_of(const Edge& slot) const {
    const Edge tensor = taken(slot);
    if (!draft_.is_added(tensor.node)) return shapes_.shape(tensor.node, tensor.port);
    const auto variable = trace_.variable(tensor);
    return variable ? variable_shape(*variable) : Shape::of_unknown_rank();
  }

  MomentsOf moments_of(const NormArithmetic& norm) const {
    MomentsOf of;
    of.data = format_input(draft_.name(norm.data.node), norm.data.port);
    of.dtype = output_type(draft_, norm.data);
    if (of.dtype == DType::invalid) of.dtype = draft_.type_attr(norm.node, "T").value_or(DType::float32);
    of.shape = draft_.is_added(norm.data.node) ? Shape::of_unknown_rank()
                                               : shapes_.shape(norm.data.node, norm.data.port);
    of.moments_shape = shape_of(norm.variance);
    of.moments_dtype = draft_.type_attr(norm.variance.node, "T").value_or(DType::float32);
    return of;
  }

  // What takes the moving statistic takes that of the batch in training.
  void choose(const Edge& slot, const std::string& name, const std::string& moment, DType dtype) {
    const Edge moving = taken(slot);
    ScopedNodes chosen(draft_, draft_.name(slot.node), "B3", "in training or not");
    const std::string given = options_.always
                                  ? chosen.write(name, "Identity", {moment}, {{"T", attr_of_type(dtype)}})
                                  : chosen.select(name, dtype, training(), moment,
                                                  format_input(draft_.name(moving.node), moving.port));
    draft_.redirect(slot.node, slot.port, {draft_.find(given), 0},
                    {"B3", draft_.name(slot.node), "takes " + given});
  }

  struct Moment {
    std::string tensor;
    DType dtype;
    std::string norm;  // the node
  };

  void move_average(const Edge& statistic, const Moment& moment) {
    if (const auto variable = trace_.variable(statistic)) return move_variable(*variable, moment);
    done_.left.emplace_back(draft_.name(statistic.node), "it is no variable, and does not move");
  }

  const Shape& variable_shape(std::size_t index) const {
    return plan_.checkpoint.blobs[plan_.variables[index].blob].shape();
  }

  // variable -= (variable - moment) * (1 - momentum), as assign_moving_average
  // (python/training/moving_averages.py) has it without bias correction; nothing moves while nobody trains.
  void move_variable(std::size_t index, const Moment& moment) {
    const VariableNodes& variable = variables_[index];
    served_[index] = true;
    const std::string scope(parent_scope(variable.name));
    const std::string name =
        draft_.unique_name(scope.empty() ? "AssignMovingAvg" : scope + "/AssignMovingAvg");
    ScopedNodes nodes(draft_, name, "B4", "moves " + variable.name);
    const std::string read = variable.snapshot.substr(0, variable.snapshot.rfind(':'));
    std::string value = nodes.reshape("moment", moment.tensor, moment.dtype, variable_shape(index));
    value = nodes.cast("moment/cast", value, moment.dtype, variable.dtype);
    if (!options_.always) value = nodes.select("value", variable.dtype, training(), value, read);
    const ScopedNodes::Attrs type{{"T", attr_of_type(variable.dtype)}};
    const std::string difference = nodes.write("sub", "Sub", {read, value}, type);
    const std::string step = nodes.write("mul", "Mul", {difference, rate(variable.dtype)}, type);
    NodeDef assign =
        make_node(name, variable.is_resource ? "AssignSubVariableOp" : "AssignSub", {variable.name, step});
    assign.set_attr(variable.is_resource ? "dtype" : "T", attr_of_type(variable.dtype));
    if (!variable.is_resource) assign.set_attr("use_locking", attr_of_bool(false));
    colocate(assign, variable.name);
    draft_.add(std::move(assign), kNoNode, {"B4", name, "moves " + variable.name});
    done_.updates.push_back({name, moment.norm});
  }

  const std::string& rate(DType dtype) {
    std::string& name = rate_[dtype];
    if (name.empty()) name = root_.real(stem() + "/rate", dtype, 1.0 - options_.momentum);
    return name;
  }

  Draft& draft_;
  const Plan& plan_;
  const std::vector<VariableNodes>& variables_;
  const Contexts* contexts_;
  const BatchTrainingOptions& options_;
  VariableTrace trace_;
  ScopedNodes root_;
  InferredShapes shapes_;
  BatchTraining done_;
  std::string stem_, training_;
  std::map<DType, std::string> none_, rate_;
  std::vector<bool> served_;  // variables that a norm was found for
};

}  // namespace

BatchTraining train_batch_norms(Draft& draft, const Plan& plan, const std::vector<VariableNodes>& variables,
                                const Contexts* contexts, const BatchTrainingOptions& options) {
  return BatchTrainer(draft, plan, variables, contexts, options).run();
}

}  // namespace thaw::internal
