#include "draft/norm_unfolding.h"

#include "messages/attr_value.h"
#include "tensor/number_element.h"
#include "tensor/tensor_proto.h"
#include "wire/message_writer.h"

namespace thaw::internal {

namespace {

// An AttrValue: 4 f.
std::string epsilon_attr() {
  std::string attr;
  MessageWriter(attr).real(4, static_cast<float>(kUnfoldedEpsilon));
  return attr;
}

class NormWriter {
 public:
  NormWriter(const FoldedNorm& folded, std::string scope) : folded_(folded), scope_(std::move(scope)) {}

  NormUnfolding run() && {
    const std::string gamma = parameter("gamma", 1), mean = parameter("moving_mean", 0),
                      variance = parameter("moving_variance", kUnfoldedVariance);
    if (folded_.is_image) {
      write_fused(gamma, mean, variance);
    } else {
      write_arithmetic(gamma, mean, variance);
    }
    return std::move(done_);
  }

 private:
  const std::string& data() const { return folded_.biased.inputs[folded_.data_slot]; }
  const std::string& beta() const { return folded_.biased.inputs[folded_.bias_slot]; }

  NodeDef& add(const std::string& name, Bytes op, std::vector<std::string> inputs) {
    NodeDef node;
    node.name = scope_ + "/" + name;
    node.op = op;
    node.inputs = std::move(inputs);
    done_.added.push_back(std::move(node));
    return done_.added.back();
  }

  // A constant as freezers leave one of a variable: every number written out, and its read.
  std::string parameter(const std::string& name, double number) {
    const std::string element = number_element(folded_.dtype, number).value();
    std::string all;
    for (std::int64_t i = 0; i < folded_.channels; ++i) all += element;
    const Value value = Value::from_bytes(folded_.dtype, Shape({folded_.channels}), std::move(all));
    NodeDef& constant = add(name, "Const", {});
    constant.set_attr("dtype", attr_of_type(folded_.dtype));
    constant.set_attr("value", attr_of_tensor(write_tensor(value).bytes()));
    NodeDef& read = add(name + "/read", "Identity", {scope_ + "/" + name});
    read.set_attr("T", attr_of_type(folded_.dtype));
    read.set_attr("_class", attr_of_strings({"loc:@" + scope_ + "/" + name}));
    return read.name;
  }

  // Its place in the graph is that of the node whose name it takes.
  void finish(Bytes op, std::vector<std::string> inputs) {
    const NodeDef& biased = folded_.biased;
    for (std::size_t i = data_input_count(biased); i < biased.inputs.size(); ++i)
      inputs.push_back(biased.inputs[i]);
    done_.norm.name = biased.name;
    done_.norm.op = op;
    done_.norm.inputs = std::move(inputs);
    done_.norm.device = biased.device;
    done_.norm.unknown = biased.unknown;
    done_.norm.set_attr("T", attr_of_type(folded_.dtype));
  }

  void write_fused(const std::string& gamma, const std::string& mean, const std::string& variance) {
    finish("FusedBatchNormV3", {data(), gamma, beta(), mean, variance});
    const NodeAttr* format = folded_.biased.find_attr("data_format");
    done_.norm.set_attr("data_format", format ? format->value.bytes() : attr_of_string("NHWC"));
    done_.norm.set_attr("epsilon", epsilon_attr());
    done_.norm.set_attr("is_training", attr_of_bool(false));
    done_.norm.set_attr("U", attr_of_type(folded_.dtype));
  }

  // tf.nn.batch_normalization (python/ops/nn_impl.py)
  void write_arithmetic(const std::string& gamma, const std::string& mean, const std::string& variance) {
    NodeDef& epsilon = add("batchnorm/add/y", "Const", {});
    epsilon.set_attr("dtype", attr_of_type(folded_.dtype));
    epsilon.set_attr("value",
                     attr_of_tensor(write_fill(folded_.dtype, Shape(),
                                               number_element(folded_.dtype, kUnfoldedEpsilon).value())));
    const std::string sum = typed("add", "Add", {variance, scope_ + "/batchnorm/add/y"});
    const std::string root = typed("Rsqrt", "Rsqrt", {sum});
    const std::string scale = typed("mul", "Mul", {root, gamma});
    const std::string scaled = typed("mul_1", "Mul", {data(), scale});
    const std::string centre = typed("mul_2", "Mul", {mean, scale});
    const std::string offset = typed("sub", "Sub", {beta(), centre});
    finish("Add", {scaled, offset});
  }

  std::string typed(const std::string& name, Bytes op, std::vector<std::string> inputs) {
    NodeDef& node = add("batchnorm/" + name, op, std::move(inputs));
    node.set_attr("T", attr_of_type(folded_.dtype));
    return node.name;
  }

  const FoldedNorm& folded_;
  std::string scope_;
  NormUnfolding done_;
};

}  // namespace

NormUnfolding unfold_norm(const FoldedNorm& folded, const std::string& scope) {
  return NormWriter(folded, scope).run();
}

}  // namespace thaw::internal
