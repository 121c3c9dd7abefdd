#include "model/sniff.h"

#include <gtest/gtest.h>

#include "model/model.h"
#include "support/graph_text.h"
#include "support/hostile_bytes.h"
#include "support/throws_error.h"

namespace thaw::internal {
namespace {

using namespace std::string_literals;

struct Seen {
  const char* what;
  std::string bytes;
  ErrorKind kind;
  std::string message;
};

class OtherFiles : public testing::TestWithParam<Seen> {};

TEST_P(OtherFiles, AreRefusedByName) {
  const SourcePtr source = exact_source(GetParam().bytes);
  EXPECT_THAT([&] { sniff(*source); }, throws_error(GetParam().kind, GetParam().message));
  EXPECT_THAT([&] { open_model(source); }, throws_error(GetParam().kind, "block: " + GetParam().message));
}

std::string padded(std::size_t at, const std::string& magic) {
  return std::string(at, '\x01') + magic + std::string(300, '\x02');
}

std::string with_table_magic() { return std::string(60, '\x03') + "\x57\xfb\x80\x8b\x24\x75\x47\xdb"; }

using enum ErrorKind;

INSTANTIATE_TEST_SUITE_P(
    Sniff, OtherFiles,
    testing::Values(
        Seen{"Hdf5", padded(0, "\x89HDF\r\n\x1a\n"), unsupported, "is an HDF5 file"},
        Seen{"Zip", padded(0, "PK\x03\x04"), unsupported, "is a zip archive"},
        Seen{"Gzip", padded(0, "\x1f\x8b"), unsupported, "is a gzip archive"},
        Seen{"Bzip2", padded(0, "BZh9"), unsupported, "is a bzip2 archive"},
        Seen{"Xz",
             padded(0,
                    "\xfd"
                    "7zXZ"),
             unsupported, "is an xz archive"},
        Seen{"Tar", padded(257, "ustar"), unsupported, "is a tar archive"},
        Seen{"TfLite", padded(4, "TFL3"), unsupported, "is a TensorFlow Lite model"},
        Seen{"Jpeg", padded(0, "\xff\xd8\xff"), unsupported, "is a JPEG image"},
        Seen{"Png", padded(0, "\x89PNG"), unsupported, "is a PNG image"},
        Seen{"Gif", padded(0, "GIF89a"), unsupported, "is a GIF image"},
        Seen{"Riff", padded(0, "RIFF"), unsupported, "is a RIFF file"},
        Seen{"Pdf", padded(0, "%PDF-1.4"), unsupported, "is a PDF document"},
        Seen{"Elf",
             padded(0,
                    "\x7f"
                    "ELF"),
             unsupported, "is an executable"},
        Seen{"Pickle2", padded(0, "\x80\x02"), unsupported, "is a Python pickle"},
        Seen{"Pickle4", padded(0, "\x80\x04"), unsupported, "is a Python pickle"},
        Seen{"Numpy", padded(0, "\x93NUMPY"), unsupported, "is a NumPy array"},
        Seen{"GitLfs", "version https://git-lfs.github.com/spec/v1\noid sha256:0\n", unsupported,
             "is a Git LFS pointer"},
        Seen{"WebPage", "<!DOCTYPE html>\n<html>", unsupported, "is a web page"},
        Seen{"OldWebPage", "<html><body>", unsupported, "is a web page"},
        Seen{"Xml", "<?xml version='1.0'?>", unsupported, "is an XML document"},
        Seen{"Json", "{\"modelTopology\": {}}", unsupported, "is a JSON document"},
        Seen{"State", "model_checkpoint_path: \"model.ckpt\"\n", unsupported, "is a checkpoint state file"},
        Seen{"Checkpoint", with_table_magic(), unsupported, "is a checkpoint"},
        Seen{"Empty", "", malformed, "is empty"},
        Seen{"Zeros", std::string(5000, '\0'), malformed, "begins with nothing but zeros"},
        Seen{"OneZero", "\0"s, malformed, "begins with nothing but zeros"},
        Seen{"Text", "hello world, this is no model at all\n", unsupported, "is a text, and no GraphDef"},
        Seen{"LoudPage", "\n\n  <HTML><BODY>not found</BODY></HTML>", unsupported, "is a web page"},
        Seen{"Onnx", "\x08\x08\x12\x07pytorch\x3a\x02\x12\x00"s, unsupported, "is an ONNX model"},
        Seen{"OtherFields",
             "\x4a\x03"
             "abc\x50\x01",
             malformed, "is not a TensorFlow graph"}),
    [](const auto& tested) { return tested.param.what; });

TEST(Sniff, EveryRefusalSaysWhatIsTaken) {
  for (const std::string& bytes : {std::string("PK\x03\x04"), std::string(), std::string(10, '\0'),
                                   std::string("\x4a\x01"
                                               "a")}) {
    try {
      sniff(*memory_source(bytes));
      ADD_FAILURE() << bytes;
    } catch (const Error& error) {
      EXPECT_FALSE(error.expected().empty()) << error.what();
      EXPECT_FALSE(error.hint().empty()) << error.what();
    }
  }
}

std::string meta_bytes(const std::string& graph) {
  std::string meta;
  MessageWriter(meta).bytes(1, "\x12\x00"s).bytes(2, graph).bytes(3, "\x0a\x01s");
  return meta;
}

TEST(Sniff, TellsTheKindsItTakes) {
  const std::string graph = graph_text::graph_bytes("x = Placeholder f32[?]\ny = Relu:f32 x\n");
  std::string reversed_meta, versions_first, saved_model;
  MessageWriter(reversed_meta).bytes(5, "\x0a\x01s").bytes(3, "\x0a\x01s").bytes(2, graph).bytes(1, "");
  MessageWriter(versions_first).bytes(4, "\x08\x1b");
  MessageWriter(saved_model).varint(1, 1).bytes(2, meta_bytes(graph));
  const std::pair<std::string, FileKind> cases[] = {
      {graph, FileKind::graph_def},
      {versions_first + graph, FileKind::graph_def},
      {graph + "\x12\x02\x0a\x00\x22\x02\x08\x1b"s, FileKind::graph_def},
      {meta_bytes(graph), FileKind::meta_graph_def},
      {reversed_meta, FileKind::meta_graph_def},
      {meta_bytes("\x22\x02\x08\x1b" + graph), FileKind::meta_graph_def},
      {saved_model, FileKind::saved_model},
      {"node { name: 'x' op: 'Placeholder' }", FileKind::graph_def_text},
      {"# made by hand\n\nversions { producer: 27 }\nnode { name: 'x' op: 'NoOp' }",
       FileKind::graph_def_text},
      {"library { }", FileKind::graph_def_text},
      {"meta_info_def { tags: 'serve' }", FileKind::meta_graph_def_text},
      {"graph_def { node { name: 'x' op: 'NoOp' } }", FileKind::meta_graph_def_text},
      {"saved_model_schema_version: 1", FileKind::saved_model_text}};
  for (const auto& [bytes, kind] : cases) {
    EXPECT_EQ(name_of(sniff(*exact_source(bytes))), name_of(kind)) << testing::PrintToString(bytes);
  }
}

TEST(Sniff, LeavesTheSavedModelToTheOpener) {
  EXPECT_THAT([] { open_model(memory_source("saved_model_schema_version: 1", "saved_model.pbtxt")); },
              throws_error(unsupported, "saved_model.pbtxt: is a SavedModel"));
}

// A graph whose first bytes look like something else: 0x0a is a line feed, and names can be anything.
TEST(Sniff, IsNotMisledByAGraphsFirstBytes) {
  for (const int size : {1, 5, 32, 70, 123}) {
    const std::string graph =
        graph_text::graph_bytes(std::string(static_cast<std::size_t>(size), 'n') + " = NoOp\n");
    EXPECT_EQ(sniff(*memory_source(graph)), FileKind::graph_def) << size;
  }
}

}  // namespace
}  // namespace thaw::internal
