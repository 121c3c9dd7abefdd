// What a path means, and what belongs to it.
#include "subject/open_subject.h"

#include <gmock/gmock.h>

#include "subject/graph_variables.h"
#include "support/throws_error.h"
#include "verbs/world.h"

namespace thaw::internal {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

const std::string kBundles = std::string(THAW_TEST_DATA) + "/bundles";

Subject open_on_disk(const std::string& path) {
  static const std::shared_ptr<Destination> disk = posix_destination();
  return open_subject(*disk, path);
}

struct SubjectWorld : World {
  SubjectWorld() { thaw(); }
  Subject open(const std::string& path) const { return open_subject(*destination, path); }
};

TEST(Subject, EveryFileOfACheckpointMeansIt) {
  const SubjectWorld world;
  for (const char* path : {"out/model.ckpt", "out/model.ckpt.index", "out/model.ckpt.data-00000-of-00001",
                           "out", "out/checkpoint", "out/model.ckpt.meta"}) {
    SCOPED_TRACE(path);
    const Subject subject = world.open(path);
    EXPECT_EQ(subject.path, path);
    EXPECT_THAT(subject.models, SizeIs(1));
    ASSERT_TRUE(subject.values);
    EXPECT_THAT(subject.values->entries(), SizeIs(2));
    EXPECT_THAT(subject.files, SizeIs(3));
    EXPECT_THAT(subject.graph_fault + subject.values_fault, IsEmpty());
  }
}

TEST(Subject, SaysWhatBesideItCannotBeRead) {
  const SubjectWorld world;
  world.files()["out/model.ckpt.meta"] = "no graph";
  EXPECT_THAT(world.open("out/model.ckpt").graph_fault, HasSubstr("out/model.ckpt.meta"));
  const SubjectWorld other;
  other.files()["out/model.ckpt.index"].resize(20);
  EXPECT_THAT(other.open("out/model.ckpt.meta").values_fault, HasSubstr("out/model.ckpt.index"));
}

TEST(Subject, AFrozenFileHasNoValuesBesideIt) {
  const SubjectWorld world;
  world.files()["out/model.pb"] = graph_text::graph_bytes(kModel);
  const Subject subject = world.open("out/model.pb");
  EXPECT_EQ(subject.format, "frozen GraphDef");
  EXPECT_FALSE(subject.values);
}

TEST(Subject, ReadsCheckpointsWithoutAGraph) {
  struct Case {
    const char* name;
    std::size_t files;
  };
  for (const Case& one : {Case{"dtypes", 2}, Case{"two_shards", 3}, Case{"partitioned", 2}}) {
    SCOPED_TRACE(one.name);
    const Subject subject = open_on_disk(kBundles + "/" + one.name);
    EXPECT_EQ(subject.format, "checkpoint");
    EXPECT_THAT(subject.models, IsEmpty());
    EXPECT_THAT(subject.files, SizeIs(one.files));
    for (const StoredEntry& entry : subject.values->entries()) subject.values->check(entry.key);
  }
}

TEST(Subject, RefusesAFolderWithSeveralCheckpoints) {
  EXPECT_THAT([] { open_on_disk(kBundles); },
              throws_error(ErrorKind::input_io, "no checkpoint or several and no state file"));
}

// A folder that was moved: the state file names where it was.
TEST(Subject, AStateFileMayNameAPlaceElsewhere) {
  const SubjectWorld world;
  world.files()["out/checkpoint"] = "model_checkpoint_path: \"/gone/away/model.ckpt\"\n";
  world.files()["out/other.index"] = "another checkpoint";
  EXPECT_EQ(world.open("out").values->prefix(), "out/model.ckpt");
}

std::string saved_model(const std::vector<std::vector<std::string>>& tags) {
  std::string saved;
  MessageWriter writer(saved);
  writer.varint(1, 1);
  for (const std::vector<std::string>& each : tags) {
    std::string info, meta;
    for (const std::string& tag : each) MessageWriter(info).bytes(4, tag);
    MessageWriter(info).bytes(5, "2.9.0");
    MessageWriter(meta).bytes(1, info).bytes(2, graph_text::graph_bytes(kModel));
    writer.bytes(2, meta);
  }
  return saved;
}

TEST(Subject, ChoosesAGraphByItsTags) {
  const SubjectWorld world;
  world.files()["sm/saved_model.pb"] = saved_model({{"train"}, {"serve"}, {"gpu", "serve"}});
  const Subject subject = world.open("sm");
  EXPECT_TRUE(subject.is_saved_model);
  EXPECT_EQ(subject.format, "SavedModel");
  ASSERT_THAT(subject.models, SizeIs(3));
  EXPECT_EQ(subject.models[0].envelope.tensorflow_version, "2.9.0");
  EXPECT_EQ(&choose_model(subject, ""), &subject.models[1]);
  EXPECT_EQ(&choose_model(subject, "train"), &subject.models[0]);
  EXPECT_EQ(&choose_model(subject, "serve,gpu"), &subject.models[2]);
  EXPECT_THAT([&] { choose_model(subject, "tpu"); },
              throws_error(ErrorKind::usage, "tagged 'train'; tagged 'serve'; tagged 'gpu,serve'"));
  EXPECT_THAT(world.open("sm/saved_model.pb").models, SizeIs(3));
}

TEST(Subject, TakesTheGraphWithoutTagsWhereNoneIsServed) {
  const SubjectWorld world;
  world.files()["sm/saved_model.pb"] = saved_model({{"train"}, {}});
  const Subject subject = world.open("sm");
  EXPECT_EQ(&choose_model(subject, ""), &subject.models[1]);
  EXPECT_EQ(&choose_model(subject, std::string(kNoTags)), &subject.models[1]);
  EXPECT_EQ(&choose_model(subject, "train"), &subject.models[0]);
}

// The name alone makes no SavedModel.
TEST(Subject, AFolderMayHaveAnotherGraphUnderThatName) {
  const SubjectWorld world;
  world.files()["sm/saved_model.pb"] = graph_text::graph_bytes(kModel);
  const Subject subject = world.open("sm");
  EXPECT_FALSE(subject.is_saved_model);
  EXPECT_EQ(subject.format, "frozen GraphDef");
}

TEST(Subject, TheOnlyGraphNeedsNoTags) {
  const SubjectWorld world;
  world.files()["sm/saved_model.pb"] = saved_model({{"train"}});
  const Subject one = world.open("sm");
  EXPECT_EQ(&choose_model(one, ""), &one.models[0]);
  world.files()["sm/saved_model.pb"] = saved_model({{"train"}, {"tpu"}});
  const Subject two = world.open("sm");
  EXPECT_THAT([&] { choose_model(two, ""); }, throws_error(ErrorKind::usage, "holds several graphs"));
}

TEST(Subject, EveryTruncationIsRefusedOrRead) {
  const std::string whole = saved_model({{"serve"}});
  for (std::size_t size = 1; size < whole.size(); ++size) {
    try {
      open_models(memory_source(whole.substr(0, size), "m"));
    } catch (const Error& error) {
      EXPECT_TRUE(error.kind() == ErrorKind::malformed || error.kind() == ErrorKind::unsupported) << size;
    }
  }
}

// Variables of a thawed graph, by each way to write them.
TEST(GraphVariables, HaveTheirKeysAndValues) {
  for (const VariableStyle style : {VariableStyle::resource, VariableStyle::ref}) {
    World world;
    world.thaw(options_of([&](ThawOptions& options) { options.style = style; }));
    const Subject subject = open_subject(*world.destination, "out/model.ckpt");
    const std::vector<GraphVariable> variables = graph_variables(subject.models[0], subject.values.get());
    ASSERT_THAT(variables, SizeIs(2));
    EXPECT_EQ(variables[0].name, "w");
    EXPECT_THAT(variables[0].keys, testing::ElementsAreArray({"w"}));
    EXPECT_EQ(variables[0].trainable, true);
    EXPECT_EQ(variables[1].trainable, false);
    EXPECT_EQ(variable_value(variables[0], *subject.values).bytes(), world.value("w"));
  }
}

struct Misfit {
  const char* what;
  std::string graph;
  ErrorKind kind;
  const char* message;
};

TEST(GraphVariables, ThatDoNotFitAreRefused) {
  const Misfit cases[] = {
      {"shape", "w = VarHandleOp | dtype=:f32 shape=(3,2) shared_name=w\n", ErrorKind::malformed,
       "holds float32 [2,3] for variable 'w' (expected float32 [3,2]"},
      {"dtype", "w = VarHandleOp | dtype=:i32 shape=(2,3) shared_name=w\n", ErrorKind::malformed,
       "holds float32 [2,3] for variable 'w' (expected int32 [2,3]"},
      {"name", "v = VarHandleOp | dtype=:f32 shape=(2,3) shared_name=v\n", ErrorKind::missing_values,
       "has no value for variable 'v'"},
  };
  for (const Misfit& one : cases) {
    SCOPED_TRACE(one.what);
    const SubjectWorld world;
    std::string meta;
    MessageWriter(meta).bytes(2, graph_text::graph_bytes(one.graph));
    world.files()["out/model.ckpt.meta"] = meta;
    const Subject subject = world.open("out/model.ckpt");
    const std::vector<GraphVariable> variables = graph_variables(subject.models[0], subject.values.get());
    ASSERT_THAT(variables, SizeIs(1));
    EXPECT_THAT([&] { variable_value(variables[0], *subject.values); }, throws_error(one.kind, one.message));
  }
}

// Two handles of one buffer, of which the Saver knows one.
TEST(GraphVariables, HandlesOfOneNameAreOneVariable) {
  const SubjectWorld world;
  std::string meta;
  MessageWriter(meta).bytes(
      2, graph_text::graph_bytes("other = VarHandleOp | dtype=:f32 shape=(2,3) shared_name=w\n"));
  world.files()["out/model.ckpt.meta"] = meta;
  const Subject subject = world.open("out/model.ckpt");
  const std::vector<GraphVariable> variables = graph_variables(subject.models[0], subject.values.get());
  EXPECT_EQ(variable_value(variables.at(0), *subject.values).bytes(), world.value("w"));
}

}  // namespace
}  // namespace thaw::internal
