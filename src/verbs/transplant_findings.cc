#include "verbs/transplant_findings.h"

#include <algorithm>
#include <map>

#include "thaw/error.h"

namespace thaw::internal {

namespace {

std::string kind_of(DType dtype, const Shape& shape) {
  return std::string(name_of(dtype)) + " " + shape.to_string();
}

class FindingsMaker {
 public:
  explicit FindingsMaker(const FindingInput& input)
      : in_(input), proposals_(propose(input.matching, input.weights, input.slots)) {
    for (const Proposal& proposal : proposals_) {
      by_slot_[proposal.slot] = &proposal;
      by_weight_[proposal.weight] = &proposal;
    }
  }

  std::vector<TransplantFinding> run() {
    scopes();
    derived();
    clashes();
    equals();
    missing();
    left_over();
    return std::move(findings_);
  }

 private:
  const std::string& weight(std::size_t i) const { return in_.weights[i].own_name; }
  const std::string& slot(std::size_t i) const { return in_.slots[i].name; }

  void scopes() {
    const std::vector<std::string>& scopes = in_.matching.scopes;
    if (scopes.empty()) return;
    findings_.push_back({FindingKind::ambiguous,
                         {},
                         scopes,
                         "scopes that fit the model's names equally well",
                         "--scope '" + scopes.front() + "'"});
  }

  void derived() {
    if (in_.options.force) return;
    for (const Placement& placement : in_.matching.placements) {
      if (!in_.weights[placement.weight].derived) continue;
      findings_.push_back({FindingKind::derived,
                           {weight(placement.weight)},
                           {slot(placement.slot)},
                           "folded with batch normalisation: not the numbers that the name stands for",
                           "--force"});
    }
  }

  void clashes() {
    for (const auto& [w, s] : in_.matching.clashes) {
      findings_.push_back({FindingKind::mismatch,
                           {weight(w)},
                           {slot(s)},
                           kind_of(in_.weights[w].dtype, in_.weights[w].shape) + " in the model, " +
                               kind_of(in_.slots[s].dtype, in_.slots[s].shape) + " in the target",
                           in_.options.missing == MissingWish::error ? "--missing keep" : ""});
    }
  }

  void equals() {
    for (const Equals& group : in_.matching.equals) {
      TransplantFinding finding{FindingKind::ambiguous, {}, {}, "", ""};
      for (const std::size_t i : group.weights) finding.weights.push_back(weight(i));
      for (const std::size_t i : group.slots) finding.entries.push_back(slot(i));
      const Weight& first = in_.weights[group.weights.front()];
      finding.what = "all " + kind_of(first.dtype, first.shape) + ": nothing tells them apart";
      if (group.weights.size() == group.slots.size()) finding.rule = "--accept-order";
      const auto proposed = by_weight_.find(group.weights.front());
      if (proposed != by_weight_.end() && !proposed->second->rule.empty())
        finding.rule = proposed->second->rule;
      findings_.push_back(std::move(finding));
    }
  }

  void missing() {
    for (const std::size_t i : in_.missing) {
      TransplantFinding finding{FindingKind::missing, {}, {slot(i)}, "", ""};
      finding.what = kind_of(in_.slots[i].dtype, in_.slots[i].shape) + ", not in the model";
      if (in_.options.missing == MissingWish::keep)
        finding.what += in_.slots[i].random ? "; its initialiser draws numbers: --seed lets it"
                                            : "; the target has no value to keep";
      const auto proposed = by_slot_.find(i);
      if (proposed != by_slot_.end()) {
        finding.weights.push_back(weight(proposed->second->weight));
        finding.rule = proposed->second->rule;
      } else if (in_.options.missing == MissingWish::error) {
        finding.rule = in_.slots[i].own || in_.slots[i].initial ? "--missing keep" : "--missing zero";
      }
      findings_.push_back(std::move(finding));
    }
  }

  void left_over() {
    for (const std::size_t i : in_.matching.weights) {
      TransplantFinding finding{FindingKind::left_over, {weight(i)}, {}, "", ""};
      finding.what = kind_of(in_.weights[i].dtype, in_.weights[i].shape) + ", not in the target";
      const auto proposed = by_weight_.find(i);
      if (proposed != by_weight_.end()) {
        finding.entries.push_back(slot(proposed->second->slot));
        finding.rule = proposed->second->rule;
      }
      findings_.push_back(std::move(finding));
    }
  }

  const FindingInput& in_;
  std::vector<Proposal> proposals_;
  std::map<std::size_t, const Proposal*> by_slot_, by_weight_;
  std::vector<TransplantFinding> findings_;
};

}  // namespace

std::vector<TransplantFinding> find_findings(const FindingInput& input) { return FindingsMaker(input).run(); }

}  // namespace thaw::internal
