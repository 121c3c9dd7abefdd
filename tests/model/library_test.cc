// The functions of a graph, and what stands beside them.
#include "model/library.h"

#include <gmock/gmock.h>

#include "model/model.h"
#include "support/graph_text.h"
#include "wire/message_writer.h"

namespace thaw::internal {
namespace {

// GraphDef: 1 node, 4 versions {1 producer}.
std::string with_versions() {
  std::string versions, bytes = graph_text::graph_bytes("x = Placeholder f32[]\n");
  MessageWriter(versions).varint(1, 27);
  MessageWriter(bytes).bytes(4, versions);
  return bytes;
}

// Whoever puts functions in keeps the versions, be there a library already or not.
TEST(Library, KeepsWhatStandsBesideItWhereThereIsNone) {
  const auto graph = read_graph(memory_source(with_versions(), "g.pb"));
  const Library library(*graph);
  EXPECT_TRUE(library.fields().empty());
  EXPECT_EQ(library.graph_rest().bytes(), graph->rest().bytes());
  FunctionDef function;
  function.name = "f";
  const std::string rest = library.rest_with(encode_function(function)).bytes();
  EXPECT_TRUE(rest.ends_with(graph->rest().bytes()));
  EXPECT_GT(rest.size(), graph->rest().bytes().size());
}

}  // namespace
}  // namespace thaw::internal
