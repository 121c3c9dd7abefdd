#include "model/sniff.h"

#include <algorithm>
#include <array>
#include <optional>

#include "messages/schema.h"
#include "model/memmapped_package.h"
#include "thaw/error.h"
#include "wire/table_footer.h"
#include "wire/walk.h"

namespace thaw::internal {

namespace {

struct Magic {
  std::size_t at;
  Bytes bytes;
  const char* seen;
  const char* hint;
};

using namespace std::string_view_literals;

constexpr std::array kMagics = std::to_array<Magic>({
    {0, "\x89HDF\r\n\x1a\n"sv, "an HDF5 file, such as Keras weights (.h5)",
     "load it with Keras: its weights are not frozen"},
    {0, "PK\x03\x04"sv, "a zip archive (.keras, .npz, PyTorch and TorchScript files are)",
     "unpack it, and name the model inside it"},
    {0, "\x1f\x8b"sv, "a gzip archive", "unpack it first"},
    {0, "BZh"sv, "a bzip2 archive", "unpack it first"},
    {0,
     "\xfd"
     "7zXZ"sv,
     "an xz archive", "unpack it first"},
    {257, "ustar"sv, "a tar archive", "unpack it, and name the model inside it"},
    {4, "TFL3"sv, "a TensorFlow Lite model", "thaw the frozen graph it was converted from"},
    {0, "\xff\xd8\xff"sv, "a JPEG image", ""},
    {0, "\x89PNG"sv, "a PNG image", "name the model file itself"},
    {0, "GIF8"sv, "a GIF image", ""},
    {0, "RIFF"sv, "a RIFF file (sound or video)", ""},
    {0, "%PDF"sv, "a PDF document", ""},
    {0,
     "\x7f"
     "ELF"sv,
     "an executable or library", "name the model file itself"},
    {0, "\x80\x02"sv, "a Python pickle (older PyTorch files are)", "this is no TensorFlow model"},
    {0, "\x80\x04"sv, "a Python pickle", "this is no TensorFlow model"},
    {0, "\x93NUMPY"sv, "a NumPy array", "this is no TensorFlow model"},
    {0, "version https://git-lfs"sv, "a Git LFS pointer: the model itself was not downloaded",
     "run: git lfs pull"},
    {0, "model_checkpoint_path"sv, "a checkpoint state file",
     "it only names a checkpoint; thaw takes the frozen .pb"},
});

Bytes head_of(const Source& source, std::string& storage) {
  storage.resize(static_cast<std::size_t>(std::min<std::uint64_t>(source.size(), 65536)));
  source.read_at(0, std::as_writable_bytes(std::span(storage)));
  return storage;
}

// Servers and people write tags as they like.
const char* kind_of_page(Bytes head) {
  head.remove_prefix(std::min(head.find_first_not_of(" \t\r\n\xEF\xBB\xBF"), head.size()));
  std::string start(head.substr(0, 9));
  for (char& c : start) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  if (start.starts_with("<?xml")) return "an XML document";
  const bool html = start == "<!doctype" || start.starts_with("<html") || start.starts_with("<head");
  return html ? "a web page" : nullptr;
}

// No graph holds so many printable characters and not one length or type below 0x20.
bool is_plain_text(Bytes head) {
  return std::ranges::all_of(head.substr(0, 512), [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return (byte >= 0x20 && byte != 0x7F) || c == '\n' || c == '\r' || c == '\t';
  });
}

[[noreturn]] void refuse(const std::string& seen, const std::string& hint) {
  throw Error(ErrorKind::unsupported, "is " + seen,
              "a frozen GraphDef (.pb, .pbtxt, .pbmm) or a MetaGraphDef (.meta)", hint);
}

bool is_word(Bytes text) {
  return !text.empty() && text.size() < 256 &&
         std::ranges::all_of(
             text,
             [](char c) {
               return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                      c == '_' || c == '>';
             });
}

// NodeDef: only its seven known fields, an op that is a word. MetaInfoDef's field 2 is an OpList, which is
// none.
bool looks_like_node(Window& window, Range payload) {
  Walk walk(window, payload);
  bool op_seen = false;
  int fields = 0;
  for (Field field; fields < 64 && walk.next(field); ++fields) {
    if (field.number > 7 || field.type != WireType::length_delimited) return false;
    if (field.number != 2) continue;
    if (field.payload.size > 255 || !is_word(read_payload(window, field.payload, 255))) return false;
    op_seen = true;
  }
  return op_seen || fields == 64;
}

// What the top-level fields say; broken wire counts as nothing at all.
struct TopFields {
  bool node = false, one_other = false, one_varint = false, two_bytes = false, two_holds_nodes = false,
       meta_only = false, model_of_onnx = false;
  int count = 0;
};

bool holds_nodes(Window& window, Range payload) {
  Walk walk(window, payload);
  Field field;
  if (!walk.next(field)) return false;
  return field.is_bytes(1) ? looks_like_node(window, field.payload) : field.number >= 2 && field.number <= 5;
}

TopFields survey(const Source& source) {
  TopFields top;
  Window window(source, {0, source.size()});
  Walk walk(window);
  for (Field field; top.count < 256 && walk.next(field); ++top.count) {
    if (field.is_bytes(1)) (looks_like_node(window, field.payload) ? top.node : top.one_other) = true;
    if (field.is(1, WireType::varint)) top.one_varint = true;
    if (field.is_bytes(2)) {
      top.two_bytes = true;
      top.two_holds_nodes |= holds_nodes(window, field.payload);
    }
    if (field.number >= 6 || field.is_bytes(3)) top.meta_only = true;
    // onnx.proto: 1 ir_version, 7 graph, 8 opset_import; a SavedModel has fields 1 and 2 only.
    if (top.one_varint && (field.is_bytes(7) || field.is_bytes(8))) top.model_of_onnx = true;
  }
  return top;
}

std::optional<FileKind> by_fields(const TopFields& top) {
  if (top.model_of_onnx) refuse("an ONNX model", "thaw takes the frozen .pb that it was converted from");
  if (top.one_varint && top.two_bytes) return FileKind::saved_model;
  if (top.node && !top.one_other) return FileKind::graph_def;
  if (top.two_holds_nodes && !top.node) return FileKind::meta_graph_def;
  if (top.node) return FileKind::graph_def;
  return std::nullopt;
}

std::optional<FileKind> by_text(Bytes head) {
  const TextMessage* root = text_root(head);
  if (root == &graph_def_text()) return FileKind::graph_def_text;
  if (root == &meta_graph_def_text()) return FileKind::meta_graph_def_text;
  if (root == &saved_model_text()) return FileKind::saved_model_text;
  return std::nullopt;
}

}  // namespace

FileKind sniff(const Source& source) {
  if (source.size() == 0)
    throw Error(ErrorKind::malformed, "is empty", "a model", "download or export it again");
  std::string storage;
  const Bytes head = head_of(source, storage);
  for (const Magic& magic : kMagics) {
    if (head.size() > magic.at && head.substr(magic.at).starts_with(magic.bytes))
      refuse(magic.seen, magic.hint);
  }
  if (const char* page = kind_of_page(head))
    refuse(page, "the download gave a page, not the model: download it again");
  if (ends_as_table(source))
    refuse("a checkpoint, with real variables: there is nothing to thaw", "name the frozen .pb");
  if (std::ranges::all_of(head, [](char c) { return c == 0; })) {
    throw Error(ErrorKind::malformed, "begins with nothing but zeros", "a model",
                "the copy or download was not completed: fetch it again");
  }
  if (const std::optional<FileKind> kind = by_text(head)) return *kind;
  if (head[0] == '{' || head[0] == '[')
    refuse("a JSON document",
           "TensorFlow.js models and Keras configurations are JSON; thaw takes the frozen .pb");
  if (is_plain_text(head)) refuse("a text, and no GraphDef", "is it the right file?");
  std::optional<FileKind> kind;
  try {
    kind = by_fields(survey(source));
  } catch (Error& error) {
    if (error.kind() != ErrorKind::malformed) throw;
    // The last eight bytes of a package are the place of its directory, and no node ends with such a number.
    if (is_memmapped_package(source)) return FileKind::memmapped_package;
    throw;
  }
  if (is_memmapped_package(source)) return FileKind::memmapped_package;
  if (!kind) {
    throw Error(ErrorKind::malformed, "is not a TensorFlow graph",
                "a frozen GraphDef (.pb, .pbtxt, .pbmm) or a MetaGraphDef (.meta)",
                "is it the right file, and complete?");
  }
  return *kind;
}

std::string name_of(FileKind kind) {
  switch (kind) {
    case FileKind::graph_def:
      return "frozen GraphDef";
    case FileKind::meta_graph_def:
      return "MetaGraphDef";
    case FileKind::saved_model:
      return "SavedModel";
    case FileKind::memmapped_package:
      return "memory-mapped package";
    case FileKind::graph_def_text:
      return "GraphDef, text";
    case FileKind::meta_graph_def_text:
      return "MetaGraphDef, text";
    case FileKind::saved_model_text:
      return "SavedModel, text";
  }
  return "";
}

}  // namespace thaw::internal
