#include "model/model.h"

#include <gtest/gtest.h>

#include "io/recipe.h"
#include "support/graph_text.h"
#include "support/hostile_bytes.h"
#include "support/node_lines.h"
#include "support/throws_error.h"

namespace thaw::internal {
namespace {

using namespace std::string_literals;
using graph_text::graph_bytes;
using node_lines::lines_of;

const std::string kGraph = R"(
  x = Placeholder f32[?,2]
  w = Const f32[2,2] = 1 2 3 4
  y = MatMul:f32 x w | transpose_b=true
)";

const std::string kText = R"(
node { name: "x" op: "Placeholder" attr { key: "dtype" value { type: DT_FLOAT } }
       attr { key: "shape" value { shape { dim { size: -1 } dim { size: 2 } } } } }
node { name: "w" op: "Const" attr { key: "dtype" value { type: DT_FLOAT } }
       attr { key: "value" value { tensor { dtype: DT_FLOAT tensor_shape { dim { size: 2 } dim { size: 2 } }
                                            float_val: [1, 2, 3, 4] } } } }
node { name: "y" op: "MatMul" input: "x" input: "w" attr { key: "T" value { type: DT_FLOAT } }
       attr { key: "transpose_b" value { b: true } } }
)";

std::string meta_of(const std::string& graph) {
  std::string named, collection, meta;
  MessageWriter(named).bytes(1, "serving_default").bytes(2, "a signature");
  MessageWriter(collection).bytes(1, "variables").bytes(2, "a list");
  MessageWriter(meta).bytes(5, named).bytes(4, collection).bytes(2, graph).bytes(1, "\x12\x00"s);
  return meta;
}

TEST(Model, IsTheSameInEveryForm) {
  struct Case {
    std::string bytes;
    FileKind kind;
  };
  const Case cases[] = {{graph_bytes(kGraph), FileKind::graph_def},
                        {kText, FileKind::graph_def_text},
                        {meta_of(graph_bytes(kGraph)), FileKind::meta_graph_def},
                        {"graph_def {" + kText + "}", FileKind::meta_graph_def_text}};
  for (const Case& one : cases) {
    const Model model = open_model(memory_source(one.bytes, "m"));
    EXPECT_EQ(name_of(model.kind), name_of(one.kind));
    EXPECT_EQ(lines_of(*model.graph), lines_of(*graph_text::graph_of(kGraph))) << name_of(one.kind);
    EXPECT_EQ(model.file->name(), "m");
    EXPECT_EQ(model.file->size(), one.bytes.size());
  }
}

TEST(Model, HoldsWhatLiesAroundTheGraph) {
  const Model model = open_model(memory_source(meta_of(graph_bytes(kGraph))));
  ASSERT_EQ(model.envelope.signatures.size(), 1u);
  EXPECT_EQ(model.envelope.signatures[0].name, "serving_default");
  EXPECT_EQ(model.envelope.signatures[0].message, "a signature");
  ASSERT_EQ(model.envelope.collections.size(), 1u);
  EXPECT_EQ(model.envelope.collections[0].name, "variables");
  EXPECT_EQ(model.envelope.collections[0].message, "a list");
}

TEST(Model, RefusesGraphsThatHoldNothing) {
  EXPECT_THAT([] { open_model(memory_source("\x22\x02\x08\x1b", "m.pb")); },
              throws_error(ErrorKind::malformed, "m.pb: "));
  EXPECT_THAT([] { open_model(memory_source("versions { producer: 1 }", "m.pbtxt")); },
              throws_error(ErrorKind::malformed, "m.pbtxt: is a graph without nodes"));
  EXPECT_THAT([] { open_model(memory_source("meta_info_def { tags: 'a' }", "m")); },
              throws_error(ErrorKind::malformed, "m: holds no graph"));
  std::string two;
  MessageWriter(two).bytes(2, graph_bytes(kGraph)).bytes(2, graph_bytes("z = NoOp\n"));
  EXPECT_THAT([&] { open_model(memory_source(two, "m")); },
              throws_error(ErrorKind::unsupported, "m: has its graph in two parts"));
  EXPECT_THAT([] { open_model(memory_source("node { name: 'x' op: ", "m.pbtxt")); },
              throws_error(ErrorKind::malformed, "m.pbtxt: "));
}

TEST(Model, NamesTheFileOnce) {
  try {
    open_model(memory_source(graph_bytes("a = Add b b\n"), "m.pb"));
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.places(), (std::vector<std::string>{"m.pb", "node 'a'"}));
  }
}

// -- memory-mapped packages

std::string directory_entry(std::uint64_t at, const std::string& name, std::optional<std::uint64_t> length) {
  std::string entry, out;
  MessageWriter(entry).varint(1, at).bytes(2, name);
  if (length) MessageWriter(entry).varint(3, *length);
  MessageWriter(out).bytes(1, entry);
  return out;
}

std::string eight_bytes(std::uint64_t number) {
  std::string bytes;
  for (int shift = 0; shift < 64; shift += 8) bytes += static_cast<char>(number >> shift);
  return bytes;
}

struct Package {
  std::string elements = std::string(64, 'w');  // of the region "w"
  std::string shape = "(4,4)";
  std::string region = "memmapped_package://w";
  bool lengths = true;
  std::uint64_t extra = 0;  // added to the place of the directory

  std::string bytes() const {
    const std::string graph =
        graph_bytes("x = Placeholder f32[?,4]\nw = ImmutableConst ^x | dtype=:f32 shape=" + shape +
                    " memory_region_name=" + region + " @/cpu:0\ny = MatMul:f32 x w\n");
    std::string file(64, '\0');
    file.replace(0, elements.size(), elements);
    const std::uint64_t graph_at = file.size();
    file += graph;
    const std::uint64_t directory_at = file.size();
    const auto length = [&](std::uint64_t size) { return lengths ? std::optional(size) : std::nullopt; };
    file += directory_entry(0, "memmapped_package://w", length(elements.size()));
    file += directory_entry(graph_at, "memmapped_package://.", length(graph.size()));
    return file + eight_bytes(directory_at + extra);
  }
};

TEST(MemmappedPackage, IsAGraphWithConstants) {
  for (const bool lengths : {true, false}) {
    Package package;
    package.lengths = lengths;
    package.elements[0] = 'W';
    const Model model = open_model(exact_source(package.bytes()));
    EXPECT_EQ(model.kind, FileKind::memmapped_package);
    ASSERT_EQ(model.graph->node_count(), 3u);
    const NodeId w = model.graph->find("w");
    EXPECT_EQ(model.graph->op(w), "Const");
    EXPECT_EQ(model.graph->device(w), "/cpu:0");
    EXPECT_EQ(model.graph->inputs(w).size(), 1u);
    EXPECT_EQ(model.graph->tensor(w, "value").value.shape(), Shape({4, 4}));
    EXPECT_EQ(model.graph->tensor(w, "value").value.bytes(), package.elements);
    EXPECT_EQ(model.graph->attr(w, "memory_region_name"), std::nullopt);
    EXPECT_EQ(node_lines::line_of(*model.graph, "y"), "y = MatMul x w | T=:f32");
  }
}

TEST(MemmappedPackage, RefusesRegionsThatDoNotFit) {
  Package small;
  small.elements.resize(60);
  EXPECT_THAT([&] { open_model(exact_source(small.bytes())); },
              throws_error(ErrorKind::malformed,
                           "node 'w': its region has 60 bytes (expected float32 [4,4] needs 64)"));
  Package absent;
  absent.region = "memmapped_package://v";
  EXPECT_THAT([&] { open_model(exact_source(absent.bytes())); },
              throws_error(ErrorKind::malformed, "'memmapped_package://v' is not in the package"));
  Package unknown;
  unknown.shape = "(?,4)";
  EXPECT_THAT([&] { open_model(exact_source(unknown.bytes())); },
              throws_error(ErrorKind::malformed, "[?,4]"));
  Package huge;
  huge.shape = "(1152921504606846976,4)";
  EXPECT_THAT([&] { open_model(exact_source(huge.bytes())); }, throws_error(ErrorKind::malformed, "2^63"));
}

TEST(MemmappedPackage, NeedsADirectoryThatHoldsTogether) {
  for (const std::uint64_t extra : {std::uint64_t{1}, std::uint64_t{1} << 40, UINT64_MAX - 200, UINT64_MAX}) {
    Package package;
    package.extra = extra;
    EXPECT_THAT([&] { open_model(exact_source(package.bytes())); },
                throws_error(ErrorKind::malformed, "block: "))
        << extra;
  }
}

TEST(Model, EveryBeginningIsOpenedOrRefused) {
  const auto open = [](const SourcePtr& source) { open_model(source); };
  EXPECT_EQ(sweep_beginnings(graph_bytes(kGraph), open), "");
  EXPECT_EQ(sweep_beginnings(meta_of(graph_bytes(kGraph)), open), "");
  EXPECT_EQ(sweep_beginnings(kText, open), "");
  EXPECT_EQ(sweep_beginnings(Package().bytes(), open), "");
}

}  // namespace
}  // namespace thaw::internal
