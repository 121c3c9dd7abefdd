#include "verbs/verify_weights.h"

#include <algorithm>
#include <cstdio>
#include <set>

#include "compare/content_index.h"
#include "verbs/verify_pairs.h"

namespace thaw::internal {

namespace {

std::string times(std::uint64_t count, const char* one, const char* many) {
  return std::to_string(count) + " " + (count == 1 ? one : many);
}

class WeightVerifier {
 public:
  WeightVerifier(WeightsToVerify task, const VerifyOptions& options, ReadingProgress& progress,
                 Findings& findings, VerifyReport& report)
      : options_(options), progress_(progress), findings_(findings), report_(report) {
    pair_weights(std::move(task.weights), task.files, task.checkpoint, placing_options(options), all_);
    used_.resize(all_.target.slots.size());
  }

  void run() {
    if (report_.format.empty()) report_.format = all_.target.format;
    if (report_.entries == 0) report_.entries = all_.target.slots.size();
    report_.warnings.insert(report_.warnings.end(), all_.warnings.begin(), all_.warnings.end());
    for (const WeightPair& pair : all_.pairs) {
      if (pair.slot) progress_.expect(pair.value->byte_size());
    }
    for (WeightPair& pair : all_.pairs) {
      if (pair.slot) compare(pair);
    }
    for (const Value& value : all_.model.values) model_contents_.add(&value);
    for (const Slot& slot : all_.target.slots) slot_contents_.add(slot.own ? &*slot.own : nullptr);
    for (WeightPair& pair : all_.pairs) {
      if (!pair.equal) look_elsewhere(pair);
    }
    for (const WeightPair& pair : all_.pairs) tell(pair);
    list_others();
  }

 private:
  void compare(WeightPair& pair) {
    const std::optional<Value>& stored = all_.target.slots[*pair.slot].own;
    if (!stored) return leave_unread(pair);
    if (stored->dtype() != pair.value->dtype() || stored->shape() != pair.value->shape()) return;
    ElementWishes wishes;
    if (options_.tolerance > 0) wishes.tolerance = options_.tolerance;
    wishes.watch.stop = options_.stop;
    wishes.watch.bytes = [this](std::uint64_t bytes) { progress_.add(bytes); };
    try {
      pair.delta = compare_elements(*pair.value, *stored, wishes);
    } catch (const Error& error) {
      if (error.kind() != ErrorKind::malformed) throw;
      return leave_unread(pair);
    }
    pair.equal = is_same(*pair.delta);
    if (pair.equal) used_[*pair.slot] = true;
  }

  // Why its bytes cannot be read the check "data" has told.
  void leave_unread(WeightPair& pair) {
    pair.unreadable = true;
    findings_.fail();
  }

  // For a weight that no name leads to, or a name that is a guess: the entry that has its numbers.
  void look_elsewhere(WeightPair& pair) {
    if (pair.is_certain() || pair.unreadable) return;
    const std::optional<std::size_t> found = slot_contents_.find(*pair.value, [&](std::size_t i) {
      const TrainingKind kind = all_.matching.training[i].kind;
      // A model may have a step, too.
      const bool may = kind == TrainingKind::none || kind == TrainingKind::step;
      return may && !used_[i] && !all_.left_out.slots[i];
    });
    if (!found) return;
    pair.slot = found;
    pair.entry = nullptr;
    pair.delta = std::nullopt;
    pair.equal = pair.by_content = used_[*found] = true;
  }

  void tell(const WeightPair& pair) {
    const Weight& weight = all_.model.weights[pair.weight];
    VerifiedWeight verified;
    verified.weight = weight.own_name;
    verified.node = weight.node;
    verified.dtype = pair.value->dtype();
    verified.shape = pair.value->shape();
    verified.by_content = pair.by_content;
    verified.equal = pair.equal;
    verified.delta = pair.equal ? std::nullopt : pair.delta;
    if (pair.slot) verified.key = all_.target.slots[*pair.slot].keys.front();
    if (pair.entry) {
      verified.stage = pair.entry->stage;
      verified.why = pair.unreadable ? "its bytes cannot be read" : pair.entry->why;
    }
    findings_.count(1, pair.value->byte_size());
    report_.weights.push_back(std::move(verified));
    if (!pair.equal && !pair.unreadable) tell_problem(pair, weight);
  }

  void tell_problem(const WeightPair& pair, const Weight& weight) {
    VerifyProblem problem;
    problem.node = weight.node;
    problem.file = report_.path;
    if (!pair.slot) {
      problem.kind = ProblemKind::missing;
      problem.what = "the model's weight " + thaw::quoted(weight.own_name) + ", " + kind_text(*pair.value) +
                     ", is in no entry, by name or by content";
      problem.expected = "an entry for every weight of the model";
      problem.hint = hint_for(pair.weight);
      return findings_.add(std::move(problem));
    }
    const Slot& slot = all_.target.slots[*pair.slot];
    const Value& stored = *slot.own;
    problem.key = slot.keys.front();
    if (!pair.delta) {
      problem.kind = ProblemKind::mismatch;
      problem.what = "is " + kind_text(stored) + " in the checkpoint";
      problem.expected = kind_text(*pair.value) + ", as in the model";
      return findings_.add(std::move(problem));
    }
    problem.delta = pair.delta;
    problem.what = difference_text(*pair.delta, weight, slot);
    problem.kind = tell_place(pair, stored, problem) ? ProblemKind::misplaced : ProblemKind::differs;
    problem.expected = options_.tolerance > 0 ? "numbers within the tolerance" : "the numbers of the model";
    findings_.add(std::move(problem));
  }

  static std::string kind_text(const Value& value) {
    return std::string(name_of(value.dtype())) + " " + value.shape().to_string();
  }

  static std::string difference_text(const ValueDelta& delta, const Weight& weight, const Slot& slot) {
    std::string text =
        weight.own_name == slot.keys.front() ? "" : "as " + thaw::quoted(weight.own_name) + ": ";
    text +=
        std::to_string(delta.changed) + " of " + times(delta.elements, "element differs", "elements differ");
    if (delta.largest) {
      char number[32];
      std::snprintf(number, sizeof number, "%.3g", *delta.largest);
      text += std::string(", by up to ") + number;
    }
    if (delta.not_finite > 0) text += ", " + times(delta.not_finite, "is", "are") + " NaN or infinite";
    return text;
  }

  // Whose numbers the entry has instead, and where those of the weight are. False when neither is known.
  bool tell_place(const WeightPair& pair, const Value& stored, VerifyProblem& problem) {
    std::string text;
    if (!is_one_element_repeated(stored)) {
      const auto holds = model_contents_.find(stored, [&](std::size_t i) { return i != pair.weight; });
      if (holds) text = "it holds those of " + thaw::quoted(all_.model.weights[*holds].own_name);
    }
    if (!is_one_element_repeated(*pair.value)) {
      const auto place = slot_contents_.find(*pair.value, [&](std::size_t i) { return i != *pair.slot; });
      if (place)
        text += (text.empty() ? "" : ", and ") + std::string("its own are under ") +
                thaw::quoted(all_.target.slots[*place].keys.front());
    }
    if (!text.empty()) problem.what += "; " + text;
    problem.hint = text.empty()
                       ? "was the checkpoint trained since? --tolerance X allows for small differences"
                       : "were entries swapped or renamed?";
    return !text.empty();
  }

  std::string hint_for(std::size_t weight) const {
    for (const TransplantFinding& finding : all_.filled.findings) {
      const std::string& name = all_.model.weights[weight].own_name;
      if (!finding.rule.empty() && std::ranges::count(finding.weights, name) > 0) return finding.rule;
    }
    return "--rename, --rules or --scope tell under which name it is";
  }

  void list_others() {
    std::set<std::size_t> of_weights;
    for (const WeightPair& pair : all_.pairs) {
      if (pair.slot) of_weights.insert(*pair.slot);
    }
    for (const TransplantedEntry& entry : all_.filled.entries) {
      const std::size_t slot = all_.slot_of_key.at(entry.key);
      if (of_weights.contains(slot) || all_.left_out.slots[slot]) continue;
      const bool told = entry.origin == Origin::reset;
      report_.others.push_back({entry.key, told                                 ? entry.why
                                           : entry.stage == MatchStage::average ? "moving average"
                                                                                : ""});
    }
  }

  const VerifyOptions& options_;
  ReadingProgress& progress_;
  Findings& findings_;
  VerifyReport& report_;
  PlacedWeights all_;
  std::vector<bool> used_;  // slots that have a weight's numbers
  ContentIndex model_contents_, slot_contents_;
};

}  // namespace

void verify_weights(WeightsToVerify task, const VerifyOptions& options, ReadingProgress& progress,
                    Findings& findings, VerifyReport& report) {
  findings.begin("weights");
  WeightVerifier(std::move(task), options, progress, findings, report).run();
}

}  // namespace thaw::internal
