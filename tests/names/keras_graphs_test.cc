#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>

#include "names/recover_name.h"
#include "names/scopes.h"

namespace thaw::internal {
namespace {

std::vector<std::string> recovered_names(const std::vector<ConstantFacts>& constants) {
  const auto recovered = recover_names(constants);
  std::vector<std::string> names;
  for (std::size_t i = 0; i < constants.size(); ++i) {
    names.push_back(recovered[i] ? recovered[i]->name : constants[i].constant);
  }
  return names;
}

// keras_graphs.txt, whose first lines say what a line holds.
struct Graph {
  std::string title;
  std::vector<ConstantFacts> constants;
  std::vector<std::string> expected, given;  // by us, by Keras
};

std::vector<std::string> fields_of(const std::string& line, char separator) {
  std::vector<std::string> fields;
  std::string field;
  for (std::istringstream stream(line); std::getline(stream, field, separator);) {
    const std::size_t first = field.find_first_not_of(' ');
    fields.push_back(
        first == std::string::npos ? "" : field.substr(first, field.find_last_not_of(' ') - first + 1));
  }
  return fields;
}

ConstantUse use_of(const std::string& word) {
  const std::size_t dot = word.find('.'), at = std::min(word.find('@'), word.size());
  return {word.substr(0, dot), std::stoi(word.substr(dot + 1, at - dot - 1)),
          word.substr(std::min(at + 1, word.size()))};
}

std::vector<Graph> keras_graphs() {
  const std::filesystem::path folder = std::filesystem::path(THAW_TEST_DATA).parent_path() / "names";
  std::ifstream file(folder / "keras_graphs.txt");
  std::vector<Graph> graphs;
  for (std::string line; std::getline(file, line);) {
    if (line.starts_with('[')) graphs.push_back({line.substr(1, line.size() - 2), {}, {}, {}});
    if (line.empty() || line.starts_with('#') || line.starts_with('[')) continue;
    const std::vector<std::string> fields = fields_of(line, '|');
    ConstantFacts facts{fields.at(0), fields_of(fields.at(3), ' '), {}, {}};
    for (const std::string& size : fields_of(fields.at(1), ' ')) facts.shape.push_back(std::stoll(size));
    for (const std::string& word : fields_of(fields.at(2), ' ')) facts.uses.push_back(use_of(word));
    graphs.back().constants.push_back(std::move(facts));
    graphs.back().expected.push_back(fields.at(4));
    graphs.back().given.push_back(fields.back());
  }
  return graphs;
}

TEST(KerasGraphs, FindsTheNamesThatKerasGave) {
  std::size_t weights = 0;
  for (const Graph& graph : keras_graphs()) {
    EXPECT_EQ(recovered_names(graph.constants), graph.expected) << graph.title;
    weights += graph.constants.size();
  }
  EXPECT_GT(weights, 400u);
}

// Layers that Keras' own rules make exceptions of, and weights that users named.
bool is_told_by_keras(const std::string& title) {
  const std::vector<std::string> layers = {"Keras 3.15: mat", "Keras 3.15: scale", "Keras 3.15: td"};
  return title.starts_with("Keras 3.15") && title.find(',') == std::string::npos &&
         std::ranges::count(layers, title) == 0;
}

TEST(KerasGraphs, IsSurerInCompany) {
  // Keras 3.15's layers as one graph: now also those are named in full that alone could have been tf_keras.
  std::vector<ConstantFacts> all;
  std::vector<std::string> given;
  std::set<std::string> layers;
  for (const Graph& graph : keras_graphs()) {
    std::set<std::string> own;
    for (const std::string& name : graph.given) own.insert(std::string(parent_scope(name)));
    const bool fresh =
        std::ranges::none_of(own, [&](const std::string& layer) { return layers.contains(layer); });
    const bool joins = graph.constants[0].constant.starts_with("functional_1/");
    if (!fresh || !joins || !is_told_by_keras(graph.title)) continue;
    layers.merge(own);
    all.insert(all.end(), graph.constants.begin(), graph.constants.end());
    given.insert(given.end(), graph.given.begin(), graph.given.end());
  }
  ASSERT_GT(all.size(), 80u);
  const std::vector<std::string> found = recovered_names(all);
  for (std::size_t i = 0; i < all.size(); ++i) EXPECT_EQ(found[i], given[i]) << all[i].constant;
}

}  // namespace
}  // namespace thaw::internal
