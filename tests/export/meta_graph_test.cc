// The MetaGraphDef around the graph, byte for byte: SaverDef, VariableDefs, collections, signatures.
#include "export/meta_graph.h"

#include <gmock/gmock.h>

#include <map>

#include "passes/thawed.h"
#include "support/throws_error.h"

namespace thaw::internal {
namespace {

using namespace std::string_literals;
using testing::ElementsAre;
using testing::ElementsAreArray;
using testing::Pair;

// Fields of a message: number and payload, in order.
std::vector<std::pair<std::uint32_t, std::string>> fields_of(const std::string& message) {
  std::vector<std::pair<std::uint32_t, std::string>> fields;
  Window window{Bytes(message)};
  Walk walk(window);
  for (Field field; walk.next(field);) {
    const bool bytes = field.type == WireType::length_delimited;
    fields.emplace_back(field.number, bytes ? message.substr(field.payload.at, field.payload.size)
                                            : std::to_string(field.scalar));
  }
  return fields;
}

std::string field(const std::string& message, std::uint32_t number) {
  for (const auto& [at, payload] : fields_of(message)) {
    if (at == number) return payload;
  }
  return "absent";
}

// Entries of a map<string, message> field.
std::map<std::string, std::string> entries(const std::string& message, std::uint32_t number) {
  std::map<std::string, std::string> found;
  for (const auto& [at, entry] : fields_of(message)) {
    if (at == number) found[field(entry, 1)] = field(entry, 2);
  }
  return found;
}

// The values of a CollectionDef of kind bytes_list.
std::vector<std::string> values(const std::string& collection) {
  std::vector<std::string> found;
  for (const auto& [number, value] : fields_of(field(collection, 2))) {
    EXPECT_EQ(number, 1u);
    found.push_back(value);
  }
  return found;
}

std::string length_delimited(std::uint32_t number, const std::string& text) {
  std::string out;
  MessageWriter(out).bytes(number, text);
  return out;
}

const std::string kModel = R"(
  x = Placeholder f32[?,2]
  w = Const f32[2,2]
  w/read = Identity:f32 w
  conv = Conv2D:f32 x w/read
  g = Const f32[2]
  g/read = Identity:f32 g
  moving_mean = Const f32[2]
  moving_mean/read = Identity:f32 moving_mean
  bn = FusedBatchNorm:f32 conv g/read g/read moving_mean/read moving_mean/read | is_training=false
)";

TEST(MetaGraph, HoldsTheSaverDefOfTensorFlowsOwnSaver) {
  const std::string meta = thaw_text(kModel).meta;
  EXPECT_EQ(
      field(meta, 3),
      "\x0a\x0csave/Const:0\x12\x19save/control_dependency:0\x1a\x10save/restore_all\x20\x05\x35\x00\x40\x1c\x46\x38\x02"s);
}

TEST(MetaGraph, HoldsVariableDefs) {
  const std::map<std::string, std::string> collections = entries(thaw_text(kModel).meta, 4);
  const std::string w = length_delimited(1, "w:0") + length_delimited(2, "w/Assign") +
                        length_delimited(3, "w/Read/ReadVariableOp:0") + "\x28\x01" +
                        length_delimited(6, "w/Initializer/nan:0") + "\x38\x01";
  const std::string mean = length_delimited(1, "moving_mean:0") + length_delimited(2, "moving_mean/Assign") +
                           length_delimited(3, "moving_mean/Read/ReadVariableOp:0") + "\x28\x01" +
                           length_delimited(6, "moving_mean/Initializer/nan:0");
  ASSERT_EQ(collections.size(), 3u);  // and that of model/origin.h
  EXPECT_EQ(values(collections.at("thaw_origin")).size(), 1u);
  const auto all = values(collections.at("variables")),
             trained = values(collections.at("trainable_variables"));
  ASSERT_EQ(all.size(), 3u);
  ASSERT_EQ(trained.size(), 2u);
  EXPECT_EQ(all[1], mean);
  EXPECT_EQ(all[2], w);
  EXPECT_THAT(trained, ElementsAre(all[0], w));  // the very same bytes in both
}

TEST(MetaGraph, HoldsVariableDefsOfRefStyle) {
  const auto all = values(entries(thaw_text(kModel, in_ref_style()).meta, 4).at("variables"));
  EXPECT_EQ(all.at(2), length_delimited(1, "w:0") + length_delimited(2, "w/Assign") +
                           length_delimited(3, "w/read:0") + length_delimited(6, "w/Initializer/nan:0") +
                           "\x38\x01");
}

TEST(MetaGraph, SaysWhichSliceAPartIs) {
  const std::string meta = thaw_text(R"(
    x = Placeholder f32[?,4]
    e/part_0 = Const f32[1,3]
    e/part_0/read = Identity:f32 e/part_0
    e/part_1 = Const f32[3,3]
    e/part_1/read = Identity:f32 e/part_1
    axis = Const i32[] = 0
    e/ConcatPartitions/concat = ConcatV2:f32 e/part_0/read e/part_1/read axis | N=2
    y = MatMul:f32 x e/ConcatPartitions/concat
  )")
                               .meta;
  const std::string second = values(entries(meta, 4).at("variables")).at(1);
  EXPECT_EQ(field(second, 1), "e/part_1:0");
  EXPECT_THAT(fields_of(field(second, 4)),
              ElementsAre(Pair(1, "e"), Pair(2, "\x04\x03"), Pair(3, "\x01\0"s), Pair(4, "\x03\x03")));
}

TEST(MetaGraph, PutsLeftOverVariablesAmongTheLocalOnes) {
  const std::string meta = thaw_text(R"(
    x = Placeholder f32[?,2]
    w = Const f32[2,2]
    w/read = Identity:f32 w
    y = MatMul:f32 x w/read
    state = VariableV2 | container= dtype=:f32 shape=(2) shared_name=
    state/read = Identity:f32 state
    z = Add:f32 y state/read
  )")
                               .meta;
  const std::map<std::string, std::string> collections = entries(meta, 4);
  EXPECT_THAT(
      values(collections.at("local_variables")),
      ElementsAre(length_delimited(1, "state:0") + length_delimited(2, "state/Assign") +
                  length_delimited(3, "state/read:0") + length_delimited(6, "state/Initializer/zeros:0")));
  EXPECT_EQ(values(collections.at("variables")).size(), 1u);
}

TEST(MetaGraph, HoldsTheGraphAsItWasOtherwise) {
  std::string versions;
  MessageWriter(versions).bytes(4, "\x08\x1b\x10\x0c").varint(3, 17).bytes(99, "later");
  const Thawed thawed = thaw_bytes(versions + graph_text::graph_bytes(kModel));
  const std::string graph = field(thawed.meta, 2);
  EXPECT_EQ(field(graph, 4), "\x08\x1b\x10\x0c");
  EXPECT_EQ(field(graph, 3), "17");
  EXPECT_EQ(field(graph, 99), "later");
  // Absent versions mean producer 0 and stay absent.
  EXPECT_EQ(field(field(thaw_text(kModel).meta, 2), 4), "absent");
  EXPECT_EQ(field(thawed.meta, 1), "");
}

// -- signatures

std::string endpoint(const std::string& key, const std::string& tensor, const std::string& type_and_shape) {
  return length_delimited(1, key) + length_delimited(2, length_delimited(1, tensor) + type_and_shape);
}

TEST(MetaGraph, HoldsASignatureOfPlaceholdersAndLooseEnds) {
  const std::map<std::string, std::string> signatures = entries(thaw_text(kModel).meta, 5);
  ASSERT_EQ(signatures.size(), 1u);
  const auto parts = fields_of(signatures.at("serving_default"));
  ASSERT_GE(parts.size(), 3u);
  EXPECT_EQ(
      parts[0],
      (std::pair<std::uint32_t, std::string>(
          1, endpoint(
                 "x", "x:0",
                 "\x10\x01\x1a\x11\x12\x0b\x08\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01\x12\x02\x08\x02"s))));
  EXPECT_EQ(parts[1],
            (std::pair<std::uint32_t, std::string>(2, endpoint("bn", "bn:0", "\x10\x01\x1a\x02\x18\x01"s))));
  EXPECT_EQ(parts.back(), (std::pair<std::uint32_t, std::string>(3, "tensorflow/serving/predict")));
}

std::vector<std::string> outputs_of(const std::vector<std::string>& wanted) {
  ThawOptions options;
  options.outputs = wanted;
  std::vector<std::string> outputs;
  for (const auto& [number, part] :
       fields_of(entries(thaw_text(kModel, options).meta, 5).at("serving_default"))) {
    if (number == 2) outputs.push_back(field(part, 1) + " " + field(field(part, 2), 1));
  }
  return outputs;
}

TEST(MetaGraph, HoldsTheOutputsThatWereAskedFor) {
  EXPECT_THAT(outputs_of({"conv"}), ElementsAreArray({"conv conv:0"}));
  EXPECT_THAT(outputs_of({"conv:0", "bn:1", "bn:0"}),
              ElementsAreArray({"conv conv:0", "bn_1 bn:1", "bn bn:0"}));
  EXPECT_THAT(outputs_of({"bn"}),
              ElementsAreArray({"bn bn:0", "bn_1 bn:1", "bn_2 bn:2", "bn_3 bn:3", "bn_4 bn:4"}));
  EXPECT_THAT([] { outputs_of({"conv:1"}); }, throws_error(ErrorKind::usage, "'conv:1', which has 1 output"));
}

TEST(MetaGraph, CarriesSignaturesUnderTheNamesOfNow) {
  std::string meta, entry;
  MessageWriter(entry).bytes(1, "mine").bytes(2, "\x1a\x04made");
  MessageWriter(meta).bytes(2, graph_text::graph_bytes(kModel)).bytes(5, entry);
  const std::map<std::string, std::string> kept = entries(thaw_bytes(meta).meta, 5);
  EXPECT_EQ(kept.at("mine"), "\x1a\x04made");
  EXPECT_EQ(kept.size(), 2u);
  ThawOptions renamed;
  renamed.scope = "s";
  EXPECT_EQ(entries(thaw_bytes(meta, renamed).meta, 5).contains("mine"), true);
}

// Below producer 24 a Placeholder's empty shape says that nothing is known.
TEST(MetaGraph, ReadsOldPlaceholdersAsTensorFlowDoes) {
  const auto shape_of_input = [](const std::string& bytes) {
    const std::string signature = entries(thaw_bytes(bytes).meta, 5).at("serving_default");
    return field(field(field(signature, 1), 2), 3);
  };
  const std::string graph = graph_text::graph_bytes(
      "x = Placeholder f32[]\nw = Const f32[2]\nw/read = Identity:f32 w\ny = Mul:f32 x w/read\n");
  EXPECT_EQ(shape_of_input(graph + "\x22\x02\x08\x17"), "\x18\x01");
  EXPECT_EQ(shape_of_input(graph + "\x22\x02\x08\x18"), "");
  EXPECT_EQ(shape_of_input(graph), "\x18\x01");
}

}  // namespace
}  // namespace thaw::internal
