// Random graphs, changed in random places: the differences are the changes, whatever the order of the nodes.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>
#include <set>

#include "compare/compare_graphs.h"
#include "compare/difference_lines.h"
#include "support/graph_text.h"

namespace thaw::internal {
namespace {

struct RandomNode {
  std::string name, op, device, mark;
  std::vector<std::string> inputs;
  std::set<std::string> controls;
  int number = 0;

  std::string line(std::mt19937& random) const {
    std::string line = name + " = " + op + ":f32";
    for (const std::string& input : inputs) line += " " + input;
    std::vector<std::string> waits(controls.begin(), controls.end());
    std::ranges::shuffle(waits, random);
    for (const std::string& control : waits) line += " ^" + control;
    std::vector<std::string> attrs{"number=" + std::to_string(number), "mark=" + mark, "keep=true"};
    std::ranges::shuffle(attrs, random);
    line += " |";
    for (const std::string& attr : attrs) line += " " + attr;
    return line + (device.empty() ? "" : " @" + device);
  }
};

using Nodes = std::vector<RandomNode>;

class RandomWorld {
 public:
  explicit RandomWorld(unsigned seed) : random_(seed) {
    const int count = 5 + below(40);
    for (int i = 0; i < count; ++i) nodes_.push_back(made("n" + std::to_string(i)));
    for (std::size_t i = 0; i < nodes_.size(); ++i) {
      for (int k = below(4); i > 0 && k > 0; --k) nodes_[i].inputs.push_back(other(i));
      for (int k = below(3); i > 0 && k > 0; --k) nodes_[i].controls.insert(other(i));
    }
  }

  void run() {
    const Nodes before = nodes_;
    std::vector<std::size_t> places(nodes_.size());
    for (std::size_t i = 0; i < places.size(); ++i) places[i] = i;
    std::ranges::shuffle(places, random_);
    places.resize(static_cast<std::size_t>(below(static_cast<int>(places.size()) + 1)));
    for (const std::size_t place : places) mutate(nodes_[place]);
    for (int k = below(4); k > 0; --k) {
      nodes_.push_back(made("more" + std::to_string(k)));
      expected_.insert("+ " + nodes_.back().name + " " + nodes_.back().op);
    }
    const Lines found = lines_of(compare_graphs(*graph_of(before), *graph_of(nodes_)));
    EXPECT_THAT(found, testing::UnorderedElementsAreArray(expected_));
  }

 private:
  int below(int limit) { return std::uniform_int_distribution<int>(0, limit - 1)(random_); }

  RandomNode made(const std::string& name) {
    const char* const ops[] = {"Add", "Mul", "Relu", "Mine"};
    RandomNode node;
    node.name = name;
    node.op = ops[below(4)];
    node.mark = "m" + std::to_string(below(3));
    node.number = below(100);
    return node;
  }

  // A node before `place`, sometimes another output of it.
  std::string other(std::size_t place) { return "n" + std::to_string(below(static_cast<int>(place))); }

  void mutate(RandomNode& node) {
    switch (below(6)) {
      case 0:
        expected_.insert(node.name + " op: " + node.op + " -> Other");
        node.op = "Other";
        break;
      case 1:
        expected_.insert(node.name + " device: " + node.device + " -> /gpu:7");
        node.device = "/gpu:7";
        break;
      case 2:
        expected_.insert(node.name + " attribute number: " + std::to_string(node.number) + " -> 1000");
        node.number = 1000;
        break;
      case 3:
        expected_.insert(node.name + " attribute mark: '" + node.mark + "' -> 'new'");
        node.mark = "new";
        break;
      case 4:
        expected_.insert(node.name + " input " + std::to_string(node.inputs.size()) + ":  -> n0:3");
        node.inputs.push_back("n0:3");
        break;
      default:
        if (node.name == "n1" || !node.controls.insert("n1").second) return;
        expected_.insert(node.name + " control:  -> ^n1");
    }
  }

  std::shared_ptr<const Graph> graph_of(Nodes nodes) {
    std::ranges::shuffle(nodes, random_);
    std::string text;
    for (const RandomNode& node : nodes) text += node.line(random_) + "\n";
    return graph_text::graph_of(text);
  }

  std::mt19937 random_;
  Nodes nodes_;
  std::set<std::string> expected_;
};

TEST(RandomMutations, AreTheDifferences) {
  for (unsigned seed = 0; seed < 300; ++seed) {
    SCOPED_TRACE(seed);
    RandomWorld(seed).run();
  }
}

}  // namespace
}  // namespace thaw::internal
