#include "checkpoint/state_file.h"

#include <rapidcheck/gtest.h>

#include "checkpoint/bundle_fixture.h"

namespace thaw::internal {
namespace {

TEST(StateFile, TwoLines) {
  EXPECT_EQ(state_text(with_latest({}, "model.ckpt")),
            "model_checkpoint_path: \"model.ckpt\"\n"
            "all_model_checkpoint_paths: \"model.ckpt\"\n");
}

TEST(StateFile, OursIsTheLatestAndTheOthersStay) {
  const std::vector<std::pair<CheckpointState, CheckpointState>> table = {
      {{}, {"m", {"m"}}},
      {{"b", {"a", "b"}}, {"m", {"a", "b", "m"}}},
      {{"b", {"m", "a", "b"}}, {"m", {"a", "b", "m"}}},
      {{"m", {"a", "m"}}, {"m", {"a", "m"}}},
      {{"b", {}}, {"m", {"b", "m"}}},
      {{"/abs/b", {"/abs/b"}}, {"m", {"/abs/b", "m"}}},
  };
  for (const auto& [before, after] : table) EXPECT_EQ(with_latest(before, "m"), after);
}

TEST(StateFile, WhatTensorFlowTakes) {
  const CheckpointState one{"m.ckpt", {"m.ckpt"}};
  const std::vector<std::pair<std::string, CheckpointState>> table = {
      {"model_checkpoint_path: \"m.ckpt\"\nall_model_checkpoint_paths: \"m.ckpt\"\n", one},
      {"model_checkpoint_path: \"m.ckpt\"", {"m.ckpt", {}}},
      {"model_checkpoint_path: 'm.ckpt'\r\nall_model_checkpoint_paths: 'm.ckpt'\r\n", one},
      {"# newest\nall_model_checkpoint_paths:\"m.ckpt\" model_checkpoint_path:\"m.\" \"ckpt\"", one},
      {"model_checkpoint_path: \"\\155.ckpt\" all_model_checkpoint_paths: [\"m.ckpt\"]", one},
      {"model_checkpoint_path: \"\xc3\xa9 \\\"1\\\"\"", {"\xc3\xa9 \"1\"", {}}},
      {"model_checkpoint_path: \"b\"\nall_model_checkpoint_paths: \"a\"\nall_model_checkpoint_paths: \"b\"\n"
       "all_model_checkpoint_timestamps: 1.5e9\nall_model_checkpoint_timestamps: 1600000000.25\n"
       "last_preserved_timestamp: 1.4e9\n",
       {"b", {"a", "b"}}},
  };
  for (const auto& [text, state] : table) EXPECT_EQ(parse_state(text), state) << text;
}

TEST(StateFile, WhatTensorFlowIgnores) {
  const std::vector<std::pair<std::string, std::string>> table = {
      {"", "no model_checkpoint_path"},
      {"all_model_checkpoint_paths: \"m\"\n", "no model_checkpoint_path"},
      {"model_checkpoint_path: \"\"\n", "no model_checkpoint_path"},
      {"model_path: \"m\"\n", "model_path"},
      {"model_checkpoint_path: m\n", ""},
      {"\x1f\x8b\x08", ""},
  };
  for (const auto& [text, part] : table) {
    expect_error(ErrorKind::malformed, part, [&, held = text] { parse_state(held); });
    expect_error(ErrorKind::malformed,
                 "d/checkpoint: ", [&, held = text] { read_state(*memory_source(held, "d/checkpoint")); });
  }
}

class Huge final : public Source {
 public:
  std::string name() const override { return "checkpoint"; }
  std::uint64_t size() const override { return (16u << 20) + 1; }
  void read_at(std::uint64_t, std::span<std::byte>) const override {
    FAIL() << "read although it is too large";
  }
};

TEST(StateFile, HugeFilesAreNotRead) {
  expect_error(ErrorKind::malformed, "16777217 bytes", [] { read_state(Huge()); });
}

TEST(StateFile, Escapes) {
  EXPECT_EQ(state_text({"a\"b\\c\n\x01\x7f\xc3\xa9'", {}}),
            "model_checkpoint_path: \"a\\\"b\\\\c\\n\\001\\177\xc3\xa9\\'\"\n");
}

RC_GTEST_PROP(StateFile, RoundTrip, (const std::vector<std::string>& paths, const std::string& latest)) {
  const auto ascii = [](std::string text) {
    for (char& c : text) c = static_cast<char>(c & 0x7F);
    return text;
  };
  CheckpointState state{ascii(latest) + "m", {}};
  for (const std::string& path : paths) state.all.push_back(ascii(path) + "\xc3\xa9");
  RC_ASSERT(parse_state(state_text(state)) == state);
}

}  // namespace
}  // namespace thaw::internal
