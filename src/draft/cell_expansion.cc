#include "draft/cell_expansion.h"

#include <bit>

#include "messages/attr_value.h"
#include "tensor/tensor_proto.h"
#include "thaw/error.h"

namespace thaw::internal {

namespace {

DType type_of(const NodeDef& node) {
  const NodeAttr* attr = node.find_attr("T");
  return attr == nullptr ? DType::invalid : attr_as_type(attr->value.bytes()).value_or(DType::invalid);
}

float real_attr(const NodeDef& node, Bytes key, float otherwise) {
  const NodeAttr* attr = node.find_attr(key);
  if (attr == nullptr) return otherwise;
  const std::string value = attr->value.bytes();
  const AttrView view = view_attr(value);
  if (view.kind != AttrKind::f) return otherwise;
  return std::bit_cast<float>(static_cast<std::uint32_t>(view.scalar));
}

// Adds nodes below a scope; what a method gives is the name of a tensor.
class CellWriter {
 public:
  CellWriter(const NodeDef& cell, std::string scope, const std::string& anchor)
      : cell_(cell), scope_(std::move(scope)), type_(type_of(cell)) {
    if (!anchor.empty()) controls_.push_back("^" + anchor);
  }

  CellExpansion run() && {
    if (cell_.op == "GRUBlockCell") {
      write_gru();
    } else {
      write_lstm();
    }
    return std::move(done_);
  }

 private:
  // lstm_ops.h, LSTMBlockCellFprop: x, cs_prev, h_prev, w, wci, wcf, wco, b to i, cs, f, o, ci, co, h.
  void write_lstm() {
    const NodeAttr* attr = cell_.find_attr("use_peephole");
    const bool peephole = attr != nullptr && attr_as_bool(attr->value.bytes()).value_or(false);
    const float clip = real_attr(cell_, "cell_clip", 3);
    const std::string& state = in(1);
    const std::string gates = split("gates", layer("product", {in(0), in(2)}, in(3), in(7)), 4);
    std::string input_gate = gates, forget_gate = gates + ":2", output_gate = gates + ":3";
    forget_gate =
        add("forget_bias", forget_gate, real("forget_bias/value", real_attr(cell_, "forget_bias", 1)));
    if (peephole) {
      input_gate = add("input_peephole", input_gate, multiply("input_peephole/product", state, in(4)));
      forget_gate = add("forget_peephole", forget_gate, multiply("forget_peephole/product", state, in(5)));
    }
    const std::string i = unary("i", "Sigmoid", input_gate), ci = unary("ci", "Tanh", gates + ":1");
    const std::string f = unary("f", "Sigmoid", forget_gate);
    std::string cs = add("cs", multiply("cs/new", i, ci), multiply("cs/old", f, state));
    if (clip > 0) {
      const std::string least = real("cs/least", -clip), most = real("cs/most", clip);
      cs = write("cs/clipped", "ClipByValue", {cs, least, most});
    }
    const std::string co = unary("co", "Tanh", cs);
    if (peephole)
      output_gate = add("output_peephole", output_gate, multiply("output_peephole/product", cs, in(6)));
    const std::string o = unary("o", "Sigmoid", output_gate);
    finish({i, cs, f, o, ci, co, multiply("h", o, co)});
  }

  // gru_ops.h, GRUBlockCellFprop: x, h_prev, w_ru, w_c, b_ru, b_c to r, u, c, h.
  void write_gru() {
    const std::string& state = in(1);
    const std::string gates = split("gates", layer("gates/product", {in(0), state}, in(2), in(4)), 2);
    const std::string r = unary("r", "Sigmoid", gates), u = unary("u", "Sigmoid", gates + ":1");
    const std::string reset = multiply("reset", state, r);
    const std::string c = unary("c", "Tanh", layer("c/product", {in(0), reset}, in(3), in(5)));
    const std::string kept = multiply("h/kept", u, write("h/difference", "Sub", {state, c}));
    finish({r, u, c, add("h", kept, c)});
  }

  const std::string& in(std::size_t slot) const { return cell_.inputs[slot]; }

  std::string write(const std::string& name, Bytes op, std::vector<std::string> inputs) {
    NodeDef node;
    node.name = scope_ + "/" + name;
    node.op = op;
    node.inputs = std::move(inputs);
    node.device = cell_.device;
    node.set_attr("T", attr_of_type(type_));
    done_.added.push_back(std::move(node));
    return done_.added.back().name;
  }

  NodeDef& last() { return done_.added.back(); }
  std::string unary(const std::string& name, Bytes op, const std::string& x) { return write(name, op, {x}); }
  std::string add(const std::string& name, const std::string& a, const std::string& b) {
    return write(name, "Add", {a, b});
  }
  std::string multiply(const std::string& name, const std::string& a, const std::string& b) {
    return write(name, "Mul", {a, b});
  }

  std::string constant(const std::string& name, DType type, std::uint32_t bits) {
    std::string element;
    for (int shift = 0; shift < 32; shift += 8) element += static_cast<char>(bits >> shift);
    const std::string made = write(name, "Const", controls_);
    last().drop_attr("T");
    last().set_attr("dtype", attr_of_type(type));
    last().set_attr("value", attr_of_tensor(write_fill(type, Shape(), element)));
    return made;
  }

  std::string real(const std::string& name, float number) {
    const std::string made = constant(name, DType::float32, std::bit_cast<std::uint32_t>(number));
    if (type_ == DType::float32) return made;
    const std::string cast = write(name + "/cast", "Cast", {made});
    last().drop_attr("T");
    last().set_attr("SrcT", attr_of_type(DType::float32));
    last().set_attr("DstT", attr_of_type(type_));
    return cast;
  }

  // [a, b] * weights + bias
  std::string layer(const std::string& name, std::vector<std::string> inputs, const std::string& weights,
                    const std::string& bias) {
    inputs.push_back(constant(name + "/axis", DType::int32, 1));
    const std::string joined = write(name + "/inputs", "ConcatV2", std::move(inputs));
    last().set_attr("N", attr_of_int(2));
    last().set_attr("Tidx", attr_of_type(DType::int32));
    const std::string product = write(name, "MatMul", {joined, weights});
    last().set_attr("transpose_a", attr_of_bool(false));
    last().set_attr("transpose_b", attr_of_bool(false));
    return write(name + "/biased", "BiasAdd", {product, bias});
  }

  std::string split(const std::string& name, const std::string& value, std::int64_t parts) {
    const std::string axis = constant(name + "/axis", DType::int32, 1);
    const std::string made = write(name, "Split", {axis, value});
    last().set_attr("num_split", attr_of_int(parts));
    return made;
  }

  void finish(std::vector<std::string> results) {
    NodeDef& cell = done_.cell;
    cell.name = cell_.name;
    cell.op = "IdentityN";
    cell.device = cell_.device;
    cell.unknown = cell_.unknown;
    cell.set_attr("T", attr_of_types(std::vector<DType>(results.size(), type_)));
    for (const NodeAttr& attr : cell_.attrs) {
      if (attr.key == "_class") cell.attrs.push_back(attr);
    }
    cell.inputs = std::move(results);
    const auto controls = cell_.inputs.begin() + static_cast<std::ptrdiff_t>(data_input_count(cell_));
    cell.inputs.insert(cell.inputs.end(), controls, cell_.inputs.end());
  }

  const NodeDef& cell_;
  std::string scope_;
  DType type_;
  std::vector<std::string> controls_;
  CellExpansion done_;
};

}  // namespace

bool is_cell(Bytes op) { return op == "LSTMBlockCell" || op == "GRUBlockCell"; }

bool is_expandable(const NodeDef& node) {
  const DType type = type_of(node);
  const std::size_t inputs = data_input_count(node);
  const bool fits = (node.op == "LSTMBlockCell" && inputs == 8) || (node.op == "GRUBlockCell" && inputs == 6);
  return fits && (type == DType::float32 || type == DType::float16);
}

CellExpansion expand_cell(const NodeDef& cell, const std::string& scope, const std::string& anchor) {
  return CellWriter(cell, scope, anchor).run();
}

}  // namespace thaw::internal
