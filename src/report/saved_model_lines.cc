#include "report/saved_model_lines.h"

#include <fmt/format.h>

#include "report/phrases.h"
#include "thaw/error.h"

namespace thaw {

namespace {

constexpr std::size_t kMostKeys = 8;

std::string keys_of(const std::vector<ReportedTensor>& tensors) {
  std::string keys;
  for (std::size_t i = 0; i < tensors.size() && i <= kMostKeys; ++i)
    keys += (i == 0 ? "" : ", ") + (i == kMostKeys ? "..." : escaped(tensors[i].name));
  return keys;
}

}  // namespace

std::vector<std::string> saved_model_lines(const ReportedSavedModel& made) {
  std::vector<std::string> lines{made.objects
                                     ? "tf.saved_model.load gives an object that can be called and trained"
                                     : "a graph without objects: " + escaped(made.why_plain)};
  for (const ReportedSignature& signature : made.signatures)
    lines.push_back(fmt::format("{}({}) -> {}", escaped(signature.name), keys_of(signature.inputs),
                                keys_of(signature.outputs)));
  if (made.trains)
    lines.emplace_back("with training=True batch norms take the statistics of the batch, and move their own");
  for (const std::string& method : made.methods) lines.push_back(escaped(method) + "()");
  if (made.loops + made.conds > 0)
    lines.push_back(fmt::format("{} raised to While and If{}", loops_and_conds(made.loops, made.conds),
                                made.arrays > 0 ? ", TensorArrays to TensorLists" : ""));
  return lines;
}

std::string loops_and_conds(std::size_t loops, std::size_t conds) {
  std::string text = loops == 0 ? "" : plural(loops, "loop", "loops");
  if (conds == 0) return text;
  return text + (loops == 0 ? "" : ", ") + plural(conds, "cond", "conds");
}

}  // namespace thaw
