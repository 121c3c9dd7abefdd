// The proof looks at what was written, not at what was meant: every change to the staged graph that nothing
// explains is found.
#include "compare/prove_graph.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "compare/compare_values.h"
#include "compare/edited.h"
#include "support/throws_error.h"

namespace thaw::internal {
namespace {

const std::string kGraphModel = R"(
  x = Placeholder f32[?,2] @/gpu:0
  l/w = Const f32[2,2]
  l/w/read = Identity:f32 l/w | _class=[loc:@l/w]
  l/b = Const f32[2]
  shape = Const i32[2] = -1 2
  large = Const f32[100]
  y = MatMul:f32 x l/w/read | transpose_b=false
  z = BiasAdd:f32 y l/b
  r = Reshape:f32 z shape
  s = Add:f32 r large ^x | _class=[loc:@r]
  in = Enter:f32 s | frame_name=loop
  side = Sub:f32 r y
)";

GraphProof prove(const Thawed& thawed, const SourcePtr& written) {
  return prove_graph(thawed.done.draft, WrittenGraph(written, thawed.done.draft.base()), thawed.done.plan,
                     thawed.done.allowed);
}

TEST(ProveGraph, CountsWhatIsEqualAndWhatIsExplained) {
  for (const ThawOptions& options : {ThawOptions{}, in_ref_style()}) {
    const Thawed thawed = thaw_text(kGraphModel, options);
    const GraphProof proof = prove(thawed, memory_source(thawed.meta));
    EXPECT_EQ(proof.equal + proof.explained, 12u);
    // w, b; in resource style also the read and who took b itself.
    EXPECT_EQ(proof.explained, options.style == VariableStyle::resource ? 4u : 2u);
  }
}

struct GraphMutation {
  const char* what;
  std::string node;
  Edit edit;
  std::string message;
};

class Mutations : public testing::TestWithParam<GraphMutation> {};

TEST_P(Mutations, AreFound) {
  const GraphMutation& mutation = GetParam();
  for (const ThawOptions& options : {ThawOptions{}, in_ref_style()}) {
    const Thawed thawed = thaw_text(kGraphModel, options);
    if (thawed.graph->find(mutation.node) == kNoNode) continue;
    const auto written = edited(thawed, mutation.node, mutation.edit);
    EXPECT_THAT([&] { prove(thawed, written); }, throws_error(ErrorKind::bug, mutation.message));
  }
}

void set_input(NodeDef& node, std::size_t slot, const char* input) { node.inputs.at(slot) = input; }

const GraphMutation kGraphMutations[] = {
    {"NodeIsGone", "side", [](NodeDef& node) { node.name.clear(); }, "node 'side' is gone"},
    {"NodeHasAnotherName", "side", [](NodeDef& node) { node.name = "other"; }, "node 'side' is gone"},
    {"OtherOperation", "side", [](NodeDef& node) { node.op = "Add"; }, "node 'side' was 'Sub' and is 'Add'"},
    {"OtherAttribute", "y", [](NodeDef& node) { node.set_attr("transpose_b", attr_of_bool(true)); },
     "node 'y' has other attributes"},
    {"OneAttributeMore", "y", [](NodeDef& node) { node.set_attr("transpose_a", attr_of_bool(false)); },
     "node 'y' has other attributes"},
    {"OneAttributeLess", "y", [](NodeDef& node) { node.drop_attr("transpose_b"); },
     "node 'y' has other attributes"},
    {"InputsExchanged", "side", [](NodeDef& node) { std::swap(node.inputs[0], node.inputs[1]); },
     "node 'side' takes 'y' in place of 'r'"},
    {"OtherOutput", "side", [](NodeDef& node) { set_input(node, 0, "r:1"); }, "node 'side' takes"},
    {"InputLost", "s", [](NodeDef& node) { node.inputs.pop_back(); },
     "node 's' has another number of inputs"},
    {"InputGained", "y", [](NodeDef& node) { node.inputs.push_back("^x"); },
     "node 'y' has another number of inputs"},
    {"OtherControl", "s", [](NodeDef& node) { set_input(node, 2, "^y"); },
     "node 's' takes 'y' in place of 'x'"},
    {"WeightsExchanged", "z", [](NodeDef& node) { set_input(node, 1, "l/w/read"); },
     "node 'z' takes 'l/w/read' in place of 'l/b'"},
    {"ReadOfAnother", "l/w/read", [](NodeDef& node) { set_input(node, 0, "l/b"); }, "node 'l/w/read' takes"},
    {"DeviceLost", "x", [](NodeDef& node) { node.device.clear(); }, "node 'x' has another device"},
    {"DeviceGained", "r", [](NodeDef& node) { node.device = "/cpu:0"; }, "node 'r' has another device"},
    {"OtherPlace", "s", [](NodeDef& node) { node.set_attr("_class", attr_of_strings({"loc:@y"})); },
     "node 's' is colocated with 'loc:@y'"},
    {"PlaceLost", "s", [](NodeDef& node) { node.drop_attr("_class"); }, "node 's' is colocated with others"},
    {"OtherFrame", "in", [](NodeDef& node) { node.set_attr("frame_name", attr_of_string("elsewhere")); },
     "node 'in'"},
    {"ShapeOfAVariable", "l/w",
     [](NodeDef& node) { node.set_attr("shape", attr_of_shape("\x12\x02\x08\x04")); },
     "node 'l/w' is not a variable"},
    {"TypeOfAVariable", "l/w", [](NodeDef& node) { node.set_attr("dtype", attr_of_type(DType::float64)); },
     "node 'l/w' is not a variable"},
    {"VariableStillAConstant", "l/w", [](NodeDef& node) { node.op = "Const"; },
     "node 'l/w' is not a variable"},
    {"SmallNumbers", "shape",
     [](NodeDef& node) {
       node.set_attr("value", attr_of_tensor("\x08\x03\x12\x04\x12\x02\x08\x02\x3a\x02\x01\x02"));
     },
     "node 'shape'"},
    {"OneByteOfALargeConstant", "large",
     [](NodeDef& node) {
       std::string value = node.find_attr("value")->value.bytes();
       value.back() ^= 1;
       node.set_attr("value", value);
     },
     "node 'large' holds other numbers"},
    {"ShapeOfALargeConstant", "large",
     [](NodeDef& node) {
       std::string value = node.find_attr("value")->value.bytes();
       value.replace(value.find("\x12\x02\x08\x64"), 4, "\x12\x02\x08\x63");
       node.set_attr("value", value);
     },
     "node 'large'"},
};

INSTANTIATE_TEST_SUITE_P(ProveGraph, Mutations, testing::ValuesIn(kGraphMutations),
                         [](const auto& tested) { return tested.param.what; });

TEST(ProveGraph, FindsANodeThatNobodyAdded) {
  const Thawed thawed = thaw_text(kGraphModel);
  std::string bytes = thawed.done.draft.emit().bytes();
  EXPECT_NO_THROW(prove(thawed, memory_source(bytes)));
  bytes += graph_text::graph_bytes("stray = NoOp\n");
  EXPECT_THAT([&] { prove(thawed, memory_source(bytes)); }, throws_error(ErrorKind::bug, "nodes"));
}

// A handle passed on as if it were a value: TensorFlow would take it only where types happen to agree.
TEST(ProveGraph, FindsAHandleInPlaceOfAValue) {
  const Thawed thawed = thaw_text(kGraphModel);
  const auto written = edited(thawed, "z", [](NodeDef& node) { set_input(node, 1, "l/b"); });
  EXPECT_THAT([&] { prove(thawed, written); }, throws_error(ErrorKind::bug, "node 'z' takes 'l/b'"));
}

TEST(ProveGraph, AllowsWhatTheUserAskedForAndNoMore) {
  ThawOptions options;
  options.clear_devices = true;
  options.inputs = {"x[5,2]"};
  options.scope = "new";
  options.rename = {"l/w=kernel"};
  const Thawed thawed = thaw_text(kGraphModel, options);
  EXPECT_EQ(
      prove(thawed, memory_source(thawed.meta)).equal + prove(thawed, memory_source(thawed.meta)).explained,
      12u);
  const auto moved = edited(thawed, "new/x", [](NodeDef& node) { node.device = "/cpu:0"; });
  EXPECT_THAT([&] { prove(thawed, moved); }, throws_error(ErrorKind::bug, "'x' has another device"));
  const auto retyped =
      edited(thawed, "new/x", [](NodeDef& node) { node.set_attr("dtype", attr_of_type(DType::int32)); });
  EXPECT_THAT([&] { prove(thawed, retyped); }, throws_error(ErrorKind::bug, "'x' has other attributes"));
}

// -- values

TEST(SameValue, ComparesTypesShapesAndBits) {
  const auto value = [](DType dtype, std::vector<std::int64_t> dims, const std::string& bytes) {
    return Value::from_bytes(dtype, Shape(std::move(dims)), bytes);
  };
  const Value base = value(DType::uint8, {4}, "abcd");
  EXPECT_TRUE(same_value(base, base));
  EXPECT_TRUE(same_value(base, Value::from_range(DType::uint8, Shape({4}), memory_source("-abcd-"), {1, 4})));
  EXPECT_FALSE(same_value(base, value(DType::uint8, {4}, "abce")));
  EXPECT_FALSE(same_value(base, value(DType::uint8, {2, 2}, "abcd")));
  EXPECT_FALSE(same_value(base, value(DType::int8, {4}, "abcd")));
  EXPECT_TRUE(same_value(value(DType::uint8, {0}, ""), value(DType::uint8, {0}, "")));
  // Bits, not numbers: a NaN equals itself, zero and minus zero differ.
  EXPECT_TRUE(same_value(value(DType::float32, {}, std::string("\0\0\xc0\x7f", 4)),
                         value(DType::float32, {}, std::string("\0\0\xc0\x7f", 4))));
  EXPECT_FALSE(same_value(value(DType::float32, {}, std::string("\0\0\0\x80", 4)),
                          value(DType::float32, {}, std::string(4, '\0'))));
}

TEST(SameValue, LooksAtTheVeryLastByte) {
  std::string bytes(200 * 1000 + 3, 'a'), other = bytes;
  other.back() = 'b';
  const auto of = [](const std::string& content) {
    return Value::from_bytes(DType::uint8, Shape({static_cast<std::int64_t>(content.size())}), content);
  };
  EXPECT_TRUE(same_value(of(bytes), of(bytes)));
  EXPECT_FALSE(same_value(of(bytes), of(other)));
}

TEST(SameValue, ComparesStringsOneByOne) {
  const auto of = [](std::vector<std::string> texts) {
    const auto count = static_cast<std::int64_t>(texts.size());
    return Value::from_strings(Shape({count}), std::move(texts));
  };
  EXPECT_TRUE(same_value(of({"a", "bc"}), of({"a", "bc"})));
  EXPECT_FALSE(same_value(of({"a", "bc"}), of({"ab", "c"})));
  EXPECT_FALSE(same_value(of({"a", "b"}), of({"a", "x"})));
}

}  // namespace
}  // namespace thaw::internal
