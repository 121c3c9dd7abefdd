#include "names/scopes.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <regex>

namespace thaw::internal {
namespace {

using testing::HasSubstr;

TEST(Scopes, AreAdded) {
  EXPECT_EQ(add_scope("a/b", "s"), "s/a/b");
  EXPECT_EQ(add_scope("a/b", "s/"), "s/a/b");
  EXPECT_EQ(add_scope("a/b", "s/t"), "s/t/a/b");
  EXPECT_EQ(add_scope("a/b", ""), "a/b");
}

TEST(Scopes, AreStripped) {
  EXPECT_EQ(strip_prefix("s/a/b", "s"), "a/b");
  EXPECT_EQ(strip_prefix("s/a/b", "s/"), "a/b");
  EXPECT_EQ(strip_prefix("s/a/b", "s/a"), "b");
  EXPECT_EQ(strip_prefix("s", "s"), std::nullopt);
  EXPECT_EQ(strip_prefix("s/", "s"), std::nullopt);
  EXPECT_EQ(strip_prefix("s_1/a", "s"), std::nullopt);
  EXPECT_EQ(strip_prefix("x/s/a", "s"), std::nullopt);
  EXPECT_EQ(strip_prefix("s/a", ""), std::nullopt);
  EXPECT_EQ(strip_prefix("s/a", "/"), std::nullopt);
}

TEST(Scopes, HaveEnds) {
  EXPECT_EQ(last_component("a/b/c"), "c");
  EXPECT_EQ(last_component("c"), "c");
  EXPECT_EQ(last_component("c/"), "");
  EXPECT_EQ(parent_scope("a/b/c"), "a/b");
  EXPECT_EQ(parent_scope("c"), "");
  EXPECT_EQ(parent_scope("a//b"), "a/");
}

std::string any_name() {
  return *rc::gen::nonEmpty(
      rc::gen::container<std::string>(rc::gen::element('a', 'Z', '0', '.', '_', '-', '/', '>', ' ', ':')));
}

RC_GTEST_PROP(Scopes, StrippingUndoesAdding, ()) {
  const std::string name = any_name();
  const std::string scope = "s" + any_name() + "e";
  RC_ASSERT(strip_prefix(add_scope(name, scope), scope) == name);
  RC_ASSERT(is_below(add_scope(name, scope), scope));
}

RC_GTEST_PROP(Scopes, ComponentsJoinToTheName, ()) {
  const std::string name = any_name();
  RC_PRE(name.find('/') != std::string::npos);
  RC_ASSERT(std::string(parent_scope(name)) + "/" + std::string(last_component(name)) == name);
}

TEST(NodeNames, AreAcceptedAsTensorFlowDoes) {
  for (const char* name :
       {".a", "0a", "1", "a/", "a//b", "a>b", "a", "A.b_c-d/e", "a>b>c", "a>.b", "a/b>c/d", "a_", "a-"}) {
    EXPECT_TRUE(valid_node_name(name)) << name;
    EXPECT_EQ(why_invalid_node_name(name), std::nullopt) << name;
  }
  EXPECT_TRUE(valid_node_name(std::string(5000, 'a')));
}

struct Refusal {
  std::string name, why;
};

TEST(NodeNames, AreRefusedAsTensorFlowDoesWithAReason) {
  const std::vector<Refusal> refusals = {
      {"", "empty"},
      {"_a", "starts with '_'"},
      {"-a", "starts with '-'"},
      {"/a", "starts with '/'"},
      {">a", "starts with '>'"},
      {"a>", "must be followed"},
      {"a>_b", "'_' stands right after '>'"},
      {"a>>b", "'>' stands right after '>'"},
      {"a b", "holds ' ' at character 2"},
      {"a:0", "holds ':' at character 2"},
      {"^a", "holds '^' at character 1"},
      {"a@b", "holds '@'"},
      {"a,b", "holds ','"},
      {"a;b", "holds ';'"},
      {"a[0]", "holds '['"},
      {"a\\b", "holds '\\\\'"},
      {"caf\xC3\xA9", "holds '\xC3\xA9' at character 4"},
      {"a\xff", "holds '\\xff'"},
      {std::string("a\0b", 3), "holds '\\x00'"},
  };
  for (const auto& [name, why] : refusals) {
    EXPECT_FALSE(valid_node_name(name)) << name;
    EXPECT_THAT(why_invalid_node_name(name).value_or("none"), HasSubstr(why)) << name;
  }
}

RC_GTEST_PROP(NodeNames, AgreeWithTheExpressionForThem, ()) {
  static const std::regex kValid("[A-Za-z0-9.][A-Za-z0-9_.\\-/]*(>[A-Za-z0-9.][A-Za-z0-9_.\\-/]*)*");
  const std::string name = any_name();
  RC_ASSERT(valid_node_name(name) == std::regex_match(name, kValid));
}

}  // namespace
}  // namespace thaw::internal
