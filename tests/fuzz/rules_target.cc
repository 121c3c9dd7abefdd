// Words that users write: a file of rename rules and patterns, and names that they are about (after a line
// "--"). Also such a text as the file `checkpoint` of a folder, which is written and read again the same.
#include "checkpoint/state_file.h"
#include "fuzz/targets.h"
#include "names/name_rules.h"
#include "names/nearest_names.h"
#include "names/pattern.h"
#include "support/tensor_text.h"

namespace thaw::internal {

namespace {

void run_rules(const std::string& input) {
  const std::size_t cut = std::min(input.find("\n--\n"), input.size());
  const std::vector<std::string> names =
      graph_text::split(input.substr(std::min(cut + 4, input.size())), '\n');
  goes_through(
      [&] {
        NameRules rules;
        rules.add_file(Bytes(input).substr(0, cut), "rules.txt");
        for (const std::string& name : names) {
          const std::optional<std::string> renamed = rules.apply(name);
          require(!renamed || !renamed->empty(), "nothing is left of a name");
        }
        rules.require_all_fit(std::vector<Bytes>(names.begin(), names.end()));
      },
      true);
  goes_through(
      [&] {
        const std::vector<std::string> words = graph_text::split(input.substr(0, cut), '\n');
        PatternSet patterns("--thaw", words);
        for (const std::string& name : names) patterns.matches(name);
        patterns.require_all_matched(std::vector<Bytes>(names.begin(), names.end()));
      },
      true);
  goes_through([&] {
    const CheckpointState state = parse_state(input);
    require(parse_state(state_text(state)) == state, "another state when it is read again");
  });
}

std::string mutate_rules(const std::string& input, const std::string&, Chance& chance) {
  return chance.below(3) == 0 ? mutate_bytes(input, chance) : mutate_words(input, chance);
}

std::vector<std::string> rules_seeds() {
  return {
      "# all "
      "towers\ntower_\\d+/(.*)=\\1\nold/scope=new/scope\nold/=new/\ntower_0=\na\\=b=c\n--\ntower_0/w\nold/"
      "scope/"
      "w\nold/x\n",
      "layer[0-9]+/(kernel|bias)=\\2_\\1\n--\nlayer1/kernel\nlayer22/bias\nother",
      "a/b\n.*bias:0\nw/read\n--\na/b/c\nx/bias\nw",
      "model_checkpoint_path: \"model.ckpt-7\"\nall_model_checkpoint_paths: \"model.ckpt-3\"\n"
      "all_model_checkpoint_paths: 'model.ckpt-\\007'\nall_model_checkpoint_timestamps: 1.5\n"};
}

}  // namespace

FuzzTarget rules_target() {
  return {"rules", "rules, and the names they are about", run_rules, mutate_rules, rules_seeds};
}

}  // namespace thaw::internal
