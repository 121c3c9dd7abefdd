#include "names/recover_name.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <set>

#include "names/scopes.h"

namespace thaw::internal {
namespace {

using Names = std::vector<std::optional<RecoveredName>>;

// A constant that a live model's read feeds to one operation.
ConstantFacts read(const std::string& path, const std::string& op, int slot,
                   std::vector<std::int64_t> shape) {
  return {
      path + "/ReadVariableOp/resource", {path + "/ReadVariableOp"}, {{op, slot, path}}, std::move(shape)};
}

ConstantFacts kernel(const std::string& layer) { return read(layer + "/MatMul", "MatMul", 1, {4, 3}); }
ConstantFacts bias(const std::string& layer) { return read(layer + "/BiasAdd", "BiasAdd", 1, {3}); }

std::vector<std::string> final_names(const std::vector<ConstantFacts>& constants, const Names& recovered) {
  std::vector<std::string> names;
  for (std::size_t i = 0; i < constants.size(); ++i)
    names.push_back(recovered[i] ? recovered[i]->name : constants[i].constant);
  return names;
}

std::vector<std::string> names_from(const std::vector<ConstantFacts>& constants,
                                    const std::function<bool(Bytes)>& taken = {}) {
  return final_names(constants, recover_names(constants, taken));
}

TEST(RecoverNames, LeavesNamesThatAreNamesAlone) {
  const std::vector<ConstantFacts> constants = {
      {"dense/kernel", {"dense/kernel/read"}, {{"MatMul", 1, "dense/MatMul"}}, {4, 3}},
      {"dense/bias", {"dense/BiasAdd/ReadVariableOp"}, {{"BiasAdd", 1, "dense/BiasAdd"}}, {3}},
      {"table", {}, {{"GatherV2", 0, "lookup"}}, {10, 4}},
      {"unknown", {}, {{"MatMul", 1, "m"}}, {4, 3}},
      {"unknown_word", {"a/MatMul/ReadVariableOp"}, {{"MatMul", 1, "m"}}, {4, 3}},
      {"input_3", {"a/MatMul/ReadVariableOp"}, {{"MatMul", 1, "m"}}, {4, 3}},
      {"a/resource", {"a/MatMul/ReadVariableOp"}, {{"MatMul", 1, "m"}}, {4, 3}},
      {"ReadVariableOp/resource", {}, {{"MatMul", 1, "m"}}, {4, 3}},
      {"gru/1", {}, {{"ConcatV2", 1, "gru"}}, {2, 2}},
      {"conv/mul/_3__cf__3", {}, {{"Conv2D", 1, "conv"}}, {3, 3, 1, 2}},
      {"", {}, {}, {}},
  };
  for (const std::optional<RecoveredName>& name : recover_names(constants)) EXPECT_EQ(name, std::nullopt);
}

struct Rule {
  ConstantFacts facts;
  std::string name, rule;
};

TEST(RecoverNames, SaysByWhichRule) {
  const std::vector<Rule> cases = {
      {{"Conv/weights/read/_2__cf__2", {}, {{"Conv2D", 1, "c"}}, {3, 3, 3, 8}}, "Conv/weights", "M1"},
      {kernel("model/dense"), "dense/kernel", "M2"},
      {{"model/dense/MatMul/ReadVariableOp", {}, {{"MatMul", 1, "m"}}, {4, 3}}, "dense/kernel", "M2"},
      {{"dense/MatMul/ReadVariableOp/_7__cf__7", {}, {{"MatMul", 1, "m"}}, {4, 3}}, "dense/kernel", "M2"},
      {{"unknown_9",
        {"Func/StatefulPartitionedCall/input/_3",
         "StatefulPartitionedCall/model/dense/BiasAdd/ReadVariableOp"},
        {{"BiasAdd", 1, "m"}},
        {3}},
       "dense/bias",
       "M3"},
      {{"statefulpartitionedcall_args_2",
        {"StatefulPartitionedCall/dense/MatMul/ReadVariableOp"},
        {{"MatMul", 1, "m"}},
        {4, 3}},
       "dense/kernel",
       "M3"},
      {{"Func/StatefulPartitionedCall/input/_2",
        {"StatefulPartitionedCall/dense/MatMul/ReadVariableOp"},
        {{"MatMul", 1, "m"}},
        {4, 3}},
       "dense/kernel",
       "M3"},
      {{"model/emb/embedding_lookup/44130", {}, {{"GatherV2", 0, "model/emb/embedding_lookup"}}, {10, 4}},
       "emb/embeddings",
       "M4"},
      {{"unknown_4", {}, {{"GatherV2", 0, "StatefulPartitionedCall/model/emb/embedding_lookup"}}, {10, 4}},
       "emb/embeddings",
       "M4"},
      {read("sanitizer/Exp", "Exp", 0, {29}), "sanitizer/Exp/weight", "M5"},
      {{"x/truediv/ReadVariableOp_1/resource", {}, {{"RealDiv", 1, "d"}}, {29}}, "x/truediv/weight_1", "M5"},
  };
  for (const auto& [facts, name, rule] : cases) {
    EXPECT_EQ(recover_names({facts})[0], (RecoveredName{name, rule})) << facts.constant;
  }
}

TEST(RecoverNames, KeepsLongNamesWhereShortOnesClash) {
  // Two models in one graph with a layer of the same name: neither gets the short name.
  const std::vector<ConstantFacts> constants = {kernel("model/dense"), bias("model/dense"),
                                                kernel("model_1/dense"), kernel("model_1/head")};
  const Names names = recover_names(constants);
  EXPECT_EQ(names[0], (RecoveredName{"model/dense/kernel", "M6"}));
  EXPECT_EQ(names[1], (RecoveredName{"model/dense/bias", "M6"})) << "a layer is named in one manner";
  EXPECT_EQ(names[2], (RecoveredName{"model_1/dense/kernel", "M6"}));
  EXPECT_EQ(names[3], (RecoveredName{"head/kernel", "M2"}));
}

TEST(RecoverNames, NeverTakesTheNameOfAnotherNode) {
  const std::vector<ConstantFacts> constants = {kernel("model/dense"), bias("model/dense")};
  const auto taken = [](std::set<std::string> names) {
    return [names](Bytes name) { return names.contains(std::string(name)); };
  };
  EXPECT_EQ(names_from(constants, taken({"dense/bias"})),
            (std::vector<std::string>{"model/dense/kernel", "model/dense/bias"}));
  EXPECT_EQ(names_from(constants, taken({"dense/bias", "model/dense/kernel"})),
            (std::vector<std::string>{constants[0].constant, constants[1].constant}));
}

TEST(RecoverNames, NeverTakesTheNameOfAnotherConstant) {
  const ConstantFacts named{"dense/kernel", {"dense/kernel/read"}, {{"MatMul", 1, "m"}}, {4, 3}};
  EXPECT_EQ(names_from({kernel("model/dense"), named}),
            (std::vector<std::string>{"model/dense/kernel", "dense/kernel"}));
  const ConstantFacts folded{"X/read/_1__cf__1", {}, {}, {2}}, again{"X/read/_2__cf__2", {}, {}, {2}};
  EXPECT_EQ(names_from({folded, again}), (std::vector<std::string>{folded.constant, again.constant}));
}

TEST(RecoverNames, GivesNoRoleTwice) {
  // A custom layer with two products that are no cell.
  const std::vector<ConstantFacts> constants = {
      read("model/x/MatMul_2", "MatMul", 1, {4, 3}), read("model/x/MatMul_3", "MatMul", 1, {4, 3}),
      read("model/x/BiasAdd", "BiasAdd", 1, {3}), kernel("model/y")};
  EXPECT_EQ(names_from(constants),
            (std::vector<std::string>{"x/MatMul_2/weight", "x/MatMul_3/weight", "x/bias", "y/kernel"}));
}

TEST(RecoverNames, KeepsNumbersUnlessKeras3IsCertain) {
  const ConstantFacts dense1 = read("functional_1/dense_1/Cast", "MatMul", 1, {4, 3});
  const ConstantFacts dense2 = read("functional_1/dense_1_2/Cast", "MatMul", 1, {3, 3});
  EXPECT_EQ(names_from({dense1, dense2}), (std::vector<std::string>{"dense/kernel", "dense_1/kernel"}));
  // A scope without a number is not Keras 3's.
  const ConstantFacts custom = read("functional_1/custom/Cast", "MatMul", 1, {3, 3});
  EXPECT_EQ(names_from({dense1, custom}), (std::vector<std::string>{"dense_1/kernel", "custom/kernel"}));
  // Nor are graphs of tf_keras in which every layer happens to have a number.
  EXPECT_EQ(names_from({kernel("sequential_1/dense_1"), kernel("sequential_1/dense_2")}),
            (std::vector<std::string>{"dense_1/kernel", "dense_2/kernel"}));
}

TEST(RecoverNames, StripsNumbersOnlyWhereNamesStayApart) {
  const ConstantFacts a = read("functional_1/dense_1/Cast", "MatMul", 1, {4, 3});
  const ConstantFacts b = read("functional_1/dense_2/Cast", "MatMul", 1, {3, 3});
  EXPECT_EQ(names_from({a, b}),
            (std::vector<std::string>{"functional_1/dense_1/kernel", "functional_1/dense_2/kernel"}));
}

// Constants with names and surroundings of every kind, many of them alike.
ConstantFacts any_constant(int serial) {
  const auto component = rc::gen::element<std::string>(
      "model", "functional_1", "dense", "dense_1", "dense_1_2", "while", "body", "_1", "lstm",
      "time_distributed", "StatefulPartitionedCall", "sequential_3", "");
  const auto tail =
      rc::gen::element<std::string>("MatMul", "Cast", "Cast_1", "BiasAdd", "Reshape", "Read", "Read_1",
                                    "Read_2", "embedding_lookup", "batchnorm", "split_1", "x");
  const auto path = [&] {
    std::string result;
    for (const std::string& part : *rc::gen::container<std::vector<std::string>>(component))
      result += part + "/";
    return result + *tail;
  };
  const auto use = rc::gen::element<std::string>("MatMul", "BiasAdd", "AddV2", "Mul", "Sub", "GatherV2",
                                                 "While", "Conv2D");
  ConstantFacts facts;
  const std::string number = std::to_string(serial);
  switch (*rc::gen::inRange(0, 6)) {
    case 0:
      facts.constant = path() + "/ReadVariableOp_" + number + "/resource";
      break;
    case 1:
      facts.constant = "unknown_" + number;
      break;
    case 2:
      facts.constant = path() + "/embedding_lookup/" + number;
      break;
    case 3:
      facts.constant = "X/read/_" + number + "__cf__" + number;
      break;
    case 4:
      facts.constant = path() + "/ReadVariableOp_" + number;
      break;
    default:
      facts.constant = "dense/kernel_" + number;
      break;
  }
  for (int i = *rc::gen::inRange(0, 3); i > 0; --i) facts.readers.push_back(path() + "/ReadVariableOp");
  for (int i = *rc::gen::inRange(0, 3); i > 0; --i)
    facts.uses.push_back({*use, *rc::gen::inRange(0, 3), path()});
  facts.shape = *rc::gen::container<std::vector<std::int64_t>>(rc::gen::inRange<std::int64_t>(1, 9));
  return facts;
}

std::vector<ConstantFacts> any_graph() {
  std::vector<ConstantFacts> constants;
  const int count = *rc::gen::inRange(0, 20);
  for (int i = 0; i < count; ++i) constants.push_back(any_constant(i));
  return constants;
}

RC_GTEST_PROP(RecoverNames, NeverGivesANameTwiceNorOneThatTensorFlowRefuses, ()) {
  const std::vector<ConstantFacts> constants = any_graph();
  const Names recovered = recover_names(constants, [](Bytes name) { return name.ends_with("_1/kernel"); });
  const std::vector<std::string> names = final_names(constants, recovered);
  RC_ASSERT(std::set<std::string>(names.begin(), names.end()).size() == names.size());
  for (std::size_t i = 0; i < names.size(); ++i) {
    RC_ASSERT(!recovered[i] || (valid_node_name(names[i]) && !names[i].ends_with("_1/kernel")));
  }
}

RC_GTEST_PROP(RecoverNames, IsTheSameInAnyOrder, ()) {
  const std::vector<ConstantFacts> constants = any_graph();
  std::vector<std::size_t> order(constants.size());
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
  std::ranges::reverse(order);
  std::vector<ConstantFacts> reversed(constants.rbegin(), constants.rend());
  const Names forward = recover_names(constants), backward = recover_names(reversed);
  for (std::size_t i = 0; i < order.size(); ++i) RC_ASSERT(forward[i] == backward[order[i]]);
}

}  // namespace
}  // namespace thaw::internal
