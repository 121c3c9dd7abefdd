// Renaming, scopes, pruning, devices, splitting: passes that move or drop nodes, seen in what they leave.
#include <gmock/gmock.h>

#include "passes/thawed.h"
#include "support/throws_error.h"

namespace thaw::internal {
namespace {

using testing::IsSupersetOf;

const std::string kScoped = R"(
  tower/x = Placeholder f32[?,2]
  tower/w = Const f32[2,2]
  tower/w/read = Identity:f32 tower/w | _class=[loc:@tower/w]
  tower/enter = Enter:f32 tower/x | frame_name=tower/while/context is_constant=false
  tower/y = MatMul:f32 tower/x tower/w/read ^tower/w | _class=[loc:@tower/w]
)";

ThawOptions options_of(const std::function<void(ThawOptions&)>& set) {
  ThawOptions options;
  set(options);
  return options;
}

TEST(Names, ARuleRenamesTheVariableAndAllThatPointAtIt) {
  const Thawed thawed =
      thaw_text(kScoped, options_of([](ThawOptions& o) { o.rename = {"tower/(.*)=net/\\1"}; }));
  EXPECT_EQ(thawed.line("tower/w"), "absent");
  EXPECT_EQ(thawed.line("net/w"), "net/w = VarHandleOp | dtype=:f32 shape=(2,2) shared_name=\"net/w\"");
  EXPECT_EQ(thawed.line("tower/w/read"),
            "tower/w/read = ReadVariableOp net/w | _class=[loc:@net/w] dtype=:f32");
  EXPECT_EQ(thawed.line("tower/y"),
            "tower/y = MatMul tower/x tower/w/read ^net/w | T=:f32 _class=[loc:@net/w]");
  EXPECT_EQ(thawed.line("save/SaveV2/tensor_names"),
            "save/SaveV2/tensor_names = Const | dtype=:str value=str[1]{\"net/w\"}");
  EXPECT_EQ(thawed.done.parts.variables[0].initializer, "net/w/Assign");
  EXPECT_THAT(thawed.changes(), IsSupersetOf({"M0 net/w"}));
}

TEST(Names, AScopeTakesInEverything) {
  const Thawed thawed = thaw_text(kScoped, options_of([](ThawOptions& o) { o.scope = "a/b/"; }));
  EXPECT_EQ(thawed.line("a/b/tower/w"),
            "a/b/tower/w = VarHandleOp | dtype=:f32 shape=(2,2) shared_name=\"a/b/tower/w\"");
  EXPECT_EQ(
      thawed.line("a/b/tower/y"),
      "a/b/tower/y = MatMul a/b/tower/x a/b/tower/w/read ^a/b/tower/w | T=:f32 _class=[loc:@a/b/tower/w]");
  EXPECT_EQ(thawed.line("a/b/tower/enter"),
            "a/b/tower/enter = Enter a/b/tower/x | T=:f32 frame_name=\"a/b/tower/while/context\" "
            "is_constant=false");
  EXPECT_EQ(thawed.done.parts.saver.scope, "a/b/save");
  for (const std::string& line : thawed.lines()) EXPECT_TRUE(line.starts_with("a/b/")) << line;
}

TEST(Names, APrefixIsTakenOff) {
  const Thawed thawed = thaw_text(kScoped, options_of([](ThawOptions& o) { o.strip_prefix = "tower"; }));
  EXPECT_EQ(thawed.line("y"), "y = MatMul x w/read ^w | T=:f32 _class=[loc:@w]");
  EXPECT_EQ(thawed.line("save/SaveV2/tensor_names"),
            "save/SaveV2/tensor_names = Const | dtype=:str value=str[1]{\"w\"}");
  const Thawed moved =
      thaw_text(kScoped, options_of([](ThawOptions& o) { o.strip_prefix = "tower", o.scope = "new"; }));
  EXPECT_EQ(moved.line("new/y"), "new/y = MatMul new/x new/w/read ^new/w | T=:f32 _class=[loc:@new/w]");
}

TEST(Names, RefuseWhatTensorFlowWould) {
  using enum ErrorKind;
  const auto with_rule = [](const std::string& rule) {
    return options_of([&](ThawOptions& o) { o.rename = {rule}; });
  };
  EXPECT_THAT([&] { thaw_text(kScoped, with_rule("tower/w=_w")); }, throws_error(usage, "'_w'"));
  EXPECT_THAT([&] { thaw_text(kScoped, with_rule("tower/w=a b")); }, throws_error(usage, "'a b'"));
  EXPECT_THAT([&] { thaw_text(kScoped, with_rule("tower/w=tower/x")); },
              throws_error(usage, "'tower/x', as another node is"));
  EXPECT_THAT([&] { thaw_text(kScoped, with_rule("tower/v=w")); }, throws_error(usage, "'tower/v'"));
  EXPECT_THAT([&] { thaw_text(kScoped, options_of([](ThawOptions& o) { o.scope = "-a"; })); },
              throws_error(usage, "--scope '-a'"));
  const std::string two =
      "a = Const f32[2]\na/read = Identity:f32 a\nb = Const f32[2]\nb/read = Identity:f32 b\n";
  EXPECT_THAT([&] { thaw_text(two, with_rule("[ab]=c")); }, throws_error(usage, "would both be called 'c'"));
}

// -- pruning

const std::string kBranches = R"(
  x = Placeholder f32[?,2]
  other = Placeholder f32[?]
  w = Const f32[2,2]
  w/read = Identity:f32 w
  v = Const f32[2,2]
  v/read = Identity:f32 v
  c = NoOp
  near = NoOp
  y = MatMul:f32 x w/read ^c | _class=[loc:@near]
  z = MatMul:f32 x v/read
  save/SaveV2 = NoOp
  w/Assign = NoOp
)";

ThawOptions pruned(const std::vector<std::string>& outputs) {
  return options_of([&](ThawOptions& o) { o.outputs = outputs, o.prune = true; });
}

TEST(Prune, KeepsWhatTheOutputsNeed) {
  const Thawed thawed = thaw_text(kBranches, pruned({"y:0"}));
  EXPECT_EQ(thawed.line("y"), "y = MatMul x w/read ^c | T=:f32 _class=[loc:@near]");
  EXPECT_EQ(thawed.line("near"), "near = NoOp");
  for (const char* gone : {"other", "v", "v/read", "z"}) EXPECT_EQ(thawed.line(gone), "absent") << gone;
  EXPECT_EQ(thawed.done.plan.variables.size(), 1u);
  EXPECT_THAT(thawed.changes(), IsSupersetOf({"P1 other", "P1 v", "P1 v/read", "P1 z"}));
}

// Names that pruned nodes had are free again, and new nodes take them.
TEST(Prune, FreesNames) {
  const Thawed thawed = thaw_text(kBranches, pruned({"y"}));
  EXPECT_EQ(thawed.line("w/Assign"), "w/Assign = AssignVariableOp w w/Initializer/nan | dtype=:f32");
  EXPECT_EQ(thawed.done.parts.saver.scope, "save");
}

TEST(Prune, FreesNamesForThoseThatLoseAPrefix) {
  ThawOptions options = pruned({"tower/y"});
  options.strip_prefix = "tower";
  const Thawed thawed = thaw_text("y = NoOp\nx = Placeholder f32[?]\n" + kScoped, options);
  EXPECT_EQ(thawed.line("y"), "y = MatMul x w/read ^w | T=:f32 _class=[loc:@w]");
}

TEST(Prune, NeedsOutputsThatExist) {
  EXPECT_THAT([] { thaw_text(kBranches, options_of([](ThawOptions& o) { o.prune = true; })); },
              throws_error(ErrorKind::usage, "--prune without --outputs"));
  EXPECT_THAT([] { thaw_text(kBranches, pruned({"yy"})); },
              throws_error(ErrorKind::usage, "--outputs: 'yy' matches nothing"));
  EXPECT_THAT([] { thaw_text(kBranches, pruned({"c"})); }, throws_error(ErrorKind::no_weights, "no weights"));
}

// -- devices and splitting

TEST(ClearDevices, TakesThemAllAway) {
  const std::string graph = R"(
    x = Placeholder f32[?,2] @/gpu:0
    w = Const f32[2,2]
    w/read = Identity:f32 w @/job:ps/cpu:0
    y = MatMul:f32 x w/read
  )";
  const Thawed thawed = thaw_text(graph, options_of([](ThawOptions& o) { o.clear_devices = true; }));
  for (const std::string& line : thawed.lines()) EXPECT_EQ(line.find(" @"), std::string::npos) << line;
  EXPECT_THAT(thawed.changes(), IsSupersetOf({"D1 x", "D1 w/read", "D1 save/RestoreV2"}));
  EXPECT_EQ(thaw_text(graph).line("x"), "x = Placeholder | dtype=:f32 shape=(?,2) @/gpu:0");
}

TEST(Split, GivesTheShapeAConstantOfItsOwn) {
  const Thawed thawed = thaw_text(R"(
    x = Placeholder f32[?]
    w = Const f32[4] = 1 2 3 5
    y = BiasAdd:f32 x w
    way = Identity:f32 w
    z = Fill:f32 way x
    s = ClipByValue:f32 y w x
  )");
  EXPECT_EQ(thawed.line("w/constant"), "w/constant = Const | dtype=:f32 value=f32[4]{1 2 3 5}");
  EXPECT_EQ(thawed.line("way"), "way = Identity w/constant | T=:f32");
  EXPECT_EQ(thawed.line("s"), "s = ClipByValue y w/constant x | T=:f32");
  EXPECT_EQ(thawed.line("y"), "y = BiasAdd x w/read | T=:f32");
  EXPECT_THAT(thawed.changes(), IsSupersetOf({"C1 w/constant", "C1 way", "C1 s"}));
}

TEST(Split, LeavesProvedVariablesWhole) {
  const Thawed thawed = thaw_text(
      "x = Placeholder f32[?]\nw = Const f32[4]\nw/read = Identity:f32 w\ny = BiasAdd:f32 x w/read\nz = "
      "Fill:f32 w/read x\n");
  EXPECT_EQ(thawed.line("w/constant"), "absent");
  EXPECT_EQ(thawed.line("z"), "z = Fill w/read x | T=:f32");
}

}  // namespace
}  // namespace thaw::internal
