// Exactly what was changed is found, and nothing where only the writing differs.
#include "compare/compare_graphs.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "compare/compared_text.h"
#include "support/throws_error.h"

namespace thaw::internal {
namespace {

using graph_text::graph_of;
using testing::ElementsAre;
using testing::ElementsAreArray;
using testing::IsEmpty;

const std::string kModel = R"(
  x = Placeholder f32[?,2]
  w = Const f32[2,2] = 1 2 3 4
  w/read = Identity:f32 w | _class=[loc:@w]
  y = MatMul:f32 x w/read | transpose_b=false @/gpu:0
  large = Const f32[100]
  z = Add:f32 y large ^x
  call = PartitionedCall z | f=%f Tin=[:f32] Tout=[:f32]
  function f x:f32 -> y:f32
    c = Const f32[2] = 1 2
    t = Add:f32 x c:output:0
    g = PartitionedCall t:z:0 | f=%g Tin=[:f32] Tout=[:f32]
    return g:output:0
  end
  function g x:f32 -> y:f32
    t = Tanh:f32 x
    return t:y:0
  end
)";

TEST(CompareGraphs, FindsNothingInTheSameGraph) {
  const GraphDifference found = compare_graphs(*graph_of(kModel), *graph_of(kModel));
  EXPECT_THAT(lines_of(found), IsEmpty());
  EXPECT_EQ(found.nodes.equal, 7u);
  EXPECT_EQ(found.functions_equal, 2u);
}

struct Mutation {
  const char* what;
  std::string old, now;
  Lines lines;
};

class GraphMutations : public testing::TestWithParam<Mutation> {};

TEST_P(GraphMutations, AreFoundAndNothingElse) {
  const Mutation& mutation = GetParam();
  EXPECT_THAT(compared(kModel, with(kModel, mutation.old, mutation.now)), ElementsAreArray(mutation.lines));
}

INSTANTIATE_TEST_SUITE_P(
    Nodes, GraphMutations,
    testing::Values(
        Mutation{"Added", "  large =", "  more = Relu:f32 y\n  large =", {"+ more Relu"}},
        Mutation{"Removed",
                 "  call = PartitionedCall z | f=%f Tin=[:f32] Tout=[:f32]\n",
                 "",
                 {"- call PartitionedCall"}},
        Mutation{"Rewired", "MatMul:f32 x w", "MatMul:f32 w w", {"y input 0: x -> w"}},
        Mutation{"OtherOutput", "Add:f32 y large", "Add:f32 y:1 large", {"z input 0: y -> y:1"}},
        Mutation{"InputMore", "Add:f32 y large", "Add:f32 y large x", {"z input 2:  -> x"}},
        Mutation{"InputLess", "Add:f32 y large", "Add:f32 y", {"z input 1: large -> "}},
        Mutation{"ControlGone", " ^x", "", {"z control: ^x -> "}},
        Mutation{"ControlMore", " ^x", " ^x ^w", {"z control:  -> ^w"}},
        Mutation{"Op", "z = Add:f32", "z = AddV2:f32", {"z op: Add -> AddV2"}},
        Mutation{"Device", "/gpu:0", "/cpu:0", {"y device: /gpu:0 -> /cpu:0"}},
        Mutation{
            "Attribute", "transpose_b=false", "transpose_b=true", {"y attribute transpose_b: false -> true"}},
        Mutation{"AttributeMore",
                 "transpose_b=false",
                 "transpose_b=false mine=[1,2]",
                 {"y attribute mine:  -> [1,2]"}},
        Mutation{"HiddenAttribute",
                 "transpose_b=false",
                 "transpose_b=false _XlaCompile=true",
                 {"y attribute _XlaCompile:  -> true"}},
        Mutation{"DefaultLeftOut", "transpose_b=false", "", {}},
        Mutation{"DefaultFilledIn", "transpose_b=false", "transpose_b=false transpose_a=false", {}},
        Mutation{"NotTheDefaultFilledIn",
                 "transpose_b=false",
                 "transpose_a=true",
                 {"y attribute transpose_a: false -> true"}},
        Mutation{"ShapesNoted", "transpose_b=false", "transpose_b=false _output_shapes=[1]", {}},
        Mutation{
            "Places", "[loc:@w]", "[loc:@w,loc:@x]", {"w/read attribute _class: loc:@w -> loc:@w,loc:@x"}},
        Mutation{"PlacesGone", " | _class=[loc:@w]", "", {"w/read attribute _class: loc:@w -> "}},
        Mutation{"ShapeOfPlaceholder", "f32[?,2]", "f32[?,3]", {"x attribute shape: [?,2] -> [?,3]"}},
        Mutation{"Values",
                 "f32[2,2] = 1 2 3 4",
                 "f32[2,2] = 1 2 3 6",
                 {"w value value: float32 [2,2] 1,2,3,4 -> float32 [2,2] 1,2,3,6 (1 of 4, 2.000000)"}},
        Mutation{"ShapeOfValue",
                 "f32[2,2] = 1",
                 "f32[4] = 1",
                 {"w value value: float32 [2,2] 1,2,3,4 -> float32 [4] 1,2,3,4"}},
        Mutation{"TypeOfValue",
                 "w = Const f32[2,2]",
                 "w = Const i32[2,2]",
                 {"w attribute dtype: float32 -> int32",
                  "w value value: float32 [2,2] 1,2,3,4 -> int32 [2,2] 1,2,3,4"}}),
    [](const auto& test) { return std::string(test.param.what); });

INSTANTIATE_TEST_SUITE_P(
    Functions, GraphMutations,
    testing::Values(
        Mutation{"Node", "t = Tanh:f32 x", "t = Sin:f32 x", {"g/t op: Tanh -> Sin"}},
        Mutation{"Constant",
                 "f32[2] = 1 2",
                 "f32[2] = 1 3",
                 {"f/c value value: float32 [2] 1,2 -> float32 [2] 1,3 (1 of 2, 1.000000)"}},
        Mutation{"NodeMore", "    return t:y:0", "    u = Tanh:f32 x\n    return t:y:0", {"+ g/u Tanh"}},
        Mutation{"Input",
                 "Add:f32 x c:output:0",
                 "Add:f32 c:output:0 x",
                 {"f/t input 0: x -> c:output:0", "f/t input 1: c:output:0 -> x"}},
        Mutation{"Return", "    return t:y:0", "    return x", {"g signature return y: t:y:0 -> x"}},
        Mutation{"Argument", "g x:f32", "g x:f64", {"g signature argument 0: x float32 -> x float64"}},
        Mutation{"ArgumentMore", "g x:f32", "g x:f32 k:i32", {"g signature argument 1:  -> k int32"}},
        Mutation{"OtherName", "%g", "%h", {"f/g attribute f: g -> h"}},
        // Of equal contents, and whoever calls it.
        Mutation{"Renamed", "%g", "%g_frozen_7", {"f/g attribute f: g -> g_frozen_7"}}),
    [](const auto& test) { return std::string(test.param.what); });

TEST(CompareGraphs, FunctionsOfEqualContentsAreTheSame) {
  const std::string renamed =
      with(with(kModel, "function g x", "function g_frozen_7 x"), "%g", "%g_frozen_7");
  EXPECT_THAT(compared(kModel, renamed), ElementsAreArray({"function g=g_frozen_7"}));
  const std::string both = with(with(renamed, "function f x", "function __other x"), "%f", "%__other");
  EXPECT_THAT(compared(kModel, both), ElementsAreArray({"function f=__other", "function g=g_frozen_7"}));
  // Other contents, too, and still the only one of that name.
  const std::string other = with(renamed, "Tanh", "Sin");
  EXPECT_THAT(compared(kModel, other), ElementsAreArray({"g=g_frozen_7/t op: Tanh -> Sin"}));
  const std::string unlike =
      with(with(with(kModel, "function g x", "function h x"), "%g", "%h"), "Tanh", "Sin");
  EXPECT_THAT(compared(kModel, unlike),
              ElementsAreArray({"- function g", "+ function h", "f/g attribute f: g -> h"}));
}

// Two that differ in what they call only are told apart, although what they call has other names.
TEST(CompareGraphs, FunctionsAreToldApartByWhomTheyCall) {
  const std::string two = R"(
    x = Placeholder f32[2]
    a = PartitionedCall x | f=%a Tin=[:f32] Tout=[:f32]
    b = PartitionedCall x | f=%b Tin=[:f32] Tout=[:f32]
    function a x:f32 -> y:f32
      c = PartitionedCall x | f=%sin Tin=[:f32] Tout=[:f32]
      return c:output:0
    end
    function b x:f32 -> y:f32
      c = PartitionedCall x | f=%cos Tin=[:f32] Tout=[:f32]
      return c:output:0
    end
    function sin x:f32 -> y:f32
      t = Sin:f32 x
      return t:y:0
    end
    function cos x:f32 -> y:f32
      t = Cos:f32 x
      return t:y:0
    end
)";
  std::string other = two;
  for (const auto& [old, now] : {std::pair("a", "p"), {"b", "o"}, {"sin", "m"}, {"cos", "n"}}) {
    other = with(other, std::string("function ") + old + " ", std::string("function ") + now + " ");
    other = with(other, std::string("%") + old + " ", std::string("%") + now + " ");
  }
  EXPECT_THAT(compared(two, other),
              ElementsAreArray({"function a=p", "function b=o", "function sin=m", "function cos=n"}));
  const std::string swapped = with(with(with(other, "%m", "%k"), "%n", "%m"), "%k", "%n");
  EXPECT_THAT(compared(two, swapped),
              ElementsAreArray({"a attribute f: a -> p", "b attribute f: b -> o", "function a=o",
                                "function b=p", "function sin=m", "function cos=n"}));
}

TEST(CompareGraphs, NamesOfAAreTranslated) {
  NameRules rules;
  rules.add("w=v", "--rename");
  CompareWishes wishes;
  wishes.rename = &rules;
  const std::string renamed =
      with(with(with(with(kModel, "  w =", "  v ="), "  w/read", "  v/read"), "x w/read", "x v/read"),
           "32 w | _class=[loc:@w]", "32 v | _class=[loc:@v]");
  EXPECT_THAT(compared(kModel, renamed, wishes), IsEmpty());
  NameRules others;
  others.add("w=v", "--rename");
  wishes.rename = &others;
  EXPECT_THAT(compared(kModel, with(renamed, "f32[2,2] = 1", "f32[2,2] = 2"), wishes),
              ElementsAreArray(
                  {"w=v value value: float32 [2,2] 1,2,3,4 -> float32 [2,2] 2,2,3,4 (1 of 4, 1.000000)"}));
}

TEST(CompareGraphs, TwoNamesThatBecomeOneAreRefused) {
  NameRules rules;
  rules.add("w=x", "--rename");
  CompareWishes wishes;
  wishes.rename = &rules;
  EXPECT_THAT([&] { compared(kModel, kModel, wishes); },
              throws_error(ErrorKind::usage, "two nodes would be called 'x'"));
}

TEST(CompareGraphs, OrderDoesNotMatter) {
  const std::string a = "a = Const i32[] = 1\nb = Const i32[] = 2\nc = Add:i32 a b ^a ^b\n";
  const std::string b = "c = Add:i32 a:0 b:0 ^b ^a ^b\nb = Const i32[] = 2\na = Const i32[] = 1\n";
  EXPECT_THAT(compared(a, b), IsEmpty());
}

TEST(CompareGraphs, ATolerance) {
  const std::string other = with(kModel, "f32[2,2] = 1 2 3 4", "f32[2,2] = 1.5 2 3 4.25");
  CompareWishes wishes;
  wishes.tolerance = 0.5;
  EXPECT_THAT(compared(kModel, other, wishes), IsEmpty());
  wishes.tolerance = 0.25;
  EXPECT_THAT(compared(kModel, other, wishes),
              ElementsAre("w value value: float32 [2,2] 1,2,3,4 -> float32 [2,2] 1.5,2,3,4.25 (1 of 4, "
                          "0.500000)"));
}

TEST(CompareGraphs, KnownValuesAreLeftOut) {
  const std::unordered_set<std::string> known{"w"};
  CompareWishes wishes;
  wishes.known_values = &known;
  EXPECT_THAT(compared(kModel, with(kModel, "f32[2,2] = 1", "f32[2,2] = 9"), wishes), IsEmpty());
  EXPECT_THAT(compared(kModel, with(kModel, "f32[2] = 1 2", "f32[2] = 9 2"), wishes), testing::SizeIs(1));
}

TEST(CompareGraphs, OnlyWhatIsWanted) {
  CompareWishes wishes;
  wishes.wanted = [](Bytes name) { return name == "z"; };
  const std::string other = with(with(kModel, " ^x", ""), "transpose_b=false", "transpose_b=true");
  EXPECT_THAT(compared(kModel, other, wishes), ElementsAreArray({"z control: ^x -> "}));
}

TEST(CompareGraphs, Versions) {
  const auto versions = [](std::uint64_t producer, std::uint64_t consumer) {
    std::string inner, bytes = graph_text::graph_bytes("x = Placeholder f32[]");
    MessageWriter(inner).varint(1, producer).varint(2, consumer);
    MessageWriter(bytes).bytes(4, inner);
    return graph_text::read_graph(memory_source(bytes));
  };
  EXPECT_THAT(
      lines_of(compare_graphs(*versions(24, 0), *versions(27, 12))),
      ElementsAreArray({"graph attribute min_consumer:  -> 12", "graph attribute producer: 24 -> 27"}));
  EXPECT_THAT(lines_of(compare_graphs(*versions(0, 0), *graph_of("x = Placeholder f32[]"))), IsEmpty());
}

}  // namespace
}  // namespace thaw::internal
