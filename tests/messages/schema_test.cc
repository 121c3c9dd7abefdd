#include "messages/schema.h"

#include <set>

#include "thaw/error.h"
#include "wire/text_form.h"

namespace thaw::internal {
namespace {

std::set<const TextMessage*> all_messages() {
  std::set<const TextMessage*> seen;
  std::vector<const TextMessage*> open = {&graph_def_text(), &meta_graph_def_text(), &saved_model_text(),
                                          &checkpoint_state_text()};
  while (!open.empty()) {
    const TextMessage* message = open.back();
    open.pop_back();
    if (!seen.insert(message).second) continue;
    for (const auto fields : {message->fields, message->expansions}) {
      for (const TextField& field : fields) {
        if (field.message != nullptr) open.push_back(field.message);
      }
    }
  }
  return seen;
}

TEST(Schema, TablesAreSound) {
  const auto messages = all_messages();
  EXPECT_GT(messages.size(), 80u);
  for (const TextMessage* message : messages) {
    EXPECT_LE(message->fields.size(), 64u) << message->name;
    std::set<std::string_view> names;
    std::set<std::uint32_t> numbers;
    for (const TextField& field : message->fields) {
      EXPECT_TRUE(names.insert(field.name).second) << message->name << " " << field.name;
      EXPECT_TRUE(numbers.insert(field.number).second) << message->name << " " << field.name;
      EXPECT_EQ(field.message != nullptr, field.kind == TextKind::message)
          << message->name << " " << field.name;
      EXPECT_EQ(field.values != nullptr, field.kind == TextKind::enumeration)
          << message->name << " " << field.name;
    }
  }
}

std::string hex(Bytes bytes) {
  std::string digits;
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    digits += "0123456789abcdef"[byte >> 4];
    digits += "0123456789abcdef"[byte & 15];
  }
  return digits;
}

// The bytes are those of TensorFlow's own protos for the same text.
TEST(Schema, GivesTheBytesOfTheProtos) {
  struct Case {
    const TextMessage& root;
    Bytes text, wire;
  };
  const Case cases[] = {
      {graph_def_text(), "node { name: 'w' op: 'Const' attr { key: 'dtype' value { type: DT_FLOAT } } }",
       "0a170a01771205436f6e73742a0b0a05647479706512023001"},
      {graph_def_text(), "versions { producer: 27 bad_consumers: [1, 2] }", "2206081b1a020102"},
      {graph_def_text(), "library { function { signature { name: 'f' } } }", "12070a050a030a0166"},
      {graph_def_text(),
       "node { attr { key: 'v' value { tensor { dtype: DT_HALF tensor_shape { dim { size: 2 } } "
       "half_val: 15360 half_val: 1 } } } }",
       "0a162a140a0176120f420d08131204120208026a03807801"},
      {meta_graph_def_text(),
       "saver_def { filename_tensor_name: 'save/Const:0' save_tensor_name: 'save/control_dependency:0' "
       "restore_op_name: 'save/restore_all' max_to_keep: 5 keep_checkpoint_every_n_hours: 10000 version: V2 "
       "}",
       "1a440a0c736176652f436f6e73743a301219736176652f636f6e74726f6c5f646570656e64656e63793a301a10736176652f"
       "726573746f72655f616c6c20053500401c463802"},
      {meta_graph_def_text(),
       "collection_def { key: 'saved_model_assets' value { any_list { value { "
       "[type.googleapis.com/tensorflow.AssetFileDef] { filename: 'vocab' } } } } }",
       "22500a1273617665645f6d6f64656c5f617373657473123a2a380a360a2b747970652e676f6f676c65617069732e636f6d2f"
       "74656e736f72666c6f772e417373657446696c6544656612071205766f636162"},
      {saved_model_text(), "saved_model_schema_version: 1 meta_graphs { meta_info_def { tags: 'serve' } }",
       "080112090a0722057365727665"},
      {checkpoint_state_text(),
       "model_checkpoint_path: \"model.ckpt\"\nall_model_checkpoint_paths: \"model.ckpt\"\n"
       "last_preserved_timestamp: 1.5\n",
       "0a0a6d6f64656c2e636b7074120a6d6f64656c2e636b707421000000000000f83f"},
  };
  for (const Case& c : cases) EXPECT_EQ(hex(text_to_wire(c.text, c.root)), c.wire) << c.text;
}

TEST(Schema, RefusesAnAnyBesideOtherFields) {
  const Bytes text =
      "meta_info_def { any_info { type_url: 'x' [type.googleapis.com/tensorflow.GraphDef] {} } }";
  EXPECT_THROW(text_to_wire(text, meta_graph_def_text()), Error);
}

TEST(Schema, RecognisesTheRootByItsFirstField) {
  struct Case {
    Bytes head;
    const TextMessage* root;
  };
  const Case cases[] = {
      {"node {\n", &graph_def_text()},
      {"# frozen\nversions {", &graph_def_text()},
      {"library {", &graph_def_text()},
      {"version: 1", &graph_def_text()},
      {"meta_info_def {", &meta_graph_def_text()},
      {"graph_def: {", &meta_graph_def_text()},
      {"collection_def <", &meta_graph_def_text()},
      {"saved_model_schema_version: 1", &saved_model_text()},
      {"meta_graphs {", &saved_model_text()},
      {"model_checkpoint_path: \"model.ckpt\"", &checkpoint_state_text()},
      {"name: 'x'", nullptr},
      {"", nullptr},
  };
  for (const Case& c : cases) {
    EXPECT_EQ(text_root(c.head), c.root) << c.head;
    EXPECT_EQ(looks_like_text(c.head), c.root != nullptr) << c.head;
  }
}

}  // namespace
}  // namespace thaw::internal
