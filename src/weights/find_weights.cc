#include "weights/find_weights.h"

#include <algorithm>
#include <map>
#include <set>

#include "thaw/error.h"
#include "weights/candidates.h"
#include "weights/direct_evidence.h"
#include "weights/roles.h"

namespace thaw::internal {

namespace {

class WeightFinder {
 public:
  WeightFinder(const Graph& graph, const WeightRules& rules) : graph_(graph), rules_(rules), flow_(graph) {}

  std::vector<Decision> run() {
    for (NodeId id = 0; id < graph_.node_count(); ++id) {
      if (graph_.op(id) == "Const") decide_direct(id);
    }
    const CandidateJudge judge(graph_, flow_, take_fingerprints(graph_, proven_));
    for (Candidate& candidate : candidates_) judge_first(judge, candidate);
    note_accepted();
    for (Candidate& candidate : candidates_) judge_again(judge, candidate);
    vote_in_groups();
    for (std::size_t i = 0; i < decisions_.size(); ++i) settle(decisions_[i]);
    return std::move(decisions_);
  }

 private:
  // The user's word, then direct evidence; the rest become candidates.
  void decide_direct(NodeId id) {
    const Bytes name = graph_.name(id);
    Decision decision;
    decision.node = id;
    const std::optional<TensorHead> head = graph_.tensor_head(id, "value");
    if (!head || head->dtype == DType::invalid) {
      throw Error(ErrorKind::malformed, "a constant without a value", "attribute 'value' with a TensorProto")
          .at("node " + thaw::quoted(name));
    }
    if (data_input_count(graph_.inputs(id)) > 0) {
      throw Error(ErrorKind::malformed, "a constant with inputs", "constants without",
                  "was the graph cut apart by a script?")
          .at("node " + thaw::quoted(name));
    }
    DirectEvidence evidence = find_direct_evidence(graph_, id);
    const bool storable = element_size(head->dtype) != 0 || head->dtype == DType::string;
    decision.ref = evidence.ref || evidence.resource;
    if (evidence.has_read) proven_.push_back(id);
    const bool thawed = rules_.thaw != nullptr && rules_.thaw->matches(name);
    if (rules_.keep != nullptr && rules_.keep->matches(name)) {
      decision.reasons = plain("U2");
    } else if (rules_.carried != nullptr && rules_.carried->find(id) != nullptr) {
      decision.verdict = Verdict::variable;
      decision.carried = true;
      decision.reasons = plain("E9");
    } else if (thawed) {
      check_storable(name, *head, storable);
      decision.verdict = Verdict::variable;
      decision.reasons = plain("U1");
    } else if (!evidence.reasons.empty() && storable) {
      decision.verdict = Verdict::variable;
      decision.reasons = std::move(evidence.reasons);
    } else if (const char* veto = veto_by_type(*head)) {
      decision.reasons = plain(veto);
    } else {
      candidates_.push_back({id, *head, {}, nullptr, 0, false});
      candidates_.back().was_compact =
          rules_.stored != nullptr && rules_.stored->find(std::string(name)) != nullptr;
      candidate_decision_.push_back(decisions_.size());
    }
    decisions_.push_back(std::move(decision));
  }

  // The rule alone, of which there is one list for all.
  const Reasons& plain(const char* rule) {
    Reasons& reasons = plain_[rule];
    if (reasons.empty()) reasons.push_back({rule, "", -1});
    return reasons;
  }

  static void check_storable(Bytes name, const TensorHead& head, bool storable) {
    if (storable) return;
    throw Error(
        ErrorKind::usage,
        "--thaw names " + thaw::quoted(name) + ", a constant of type " + std::string(name_of(head.dtype)),
        "numbers or strings, which a checkpoint can hold", "make the pattern narrower");
  }

  void judge_first(const CandidateJudge& judge, Candidate& candidate) {
    Decision& decision = decision_of(candidate);
    std::optional<Judgement> judgement = judge.veto(candidate);
    if (!judgement) {
      candidate.uses = find_uses(graph_, flow_, candidate.node);
      judge.choose_use(candidate);
      judgement = judge.judge(candidate);
      if (candidate.deciding != nullptr) pending_.push_back(&candidate);
    }
    decision.verdict = judgement->verdict;
    decision.reasons = std::move(judgement->reasons);
  }

  void judge_again(const CandidateJudge& judge, Candidate& candidate) {
    Decision& decision = decision_of(candidate);
    const bool open = decision.verdict == Verdict::unsure ||
                      (candidate.deciding != nullptr && candidate.deciding->kind == UseKind::arithmetic);
    if (!open || decision.verdict == Verdict::variable || !has_sibling(candidate.node)) return;
    candidate.has_sibling = true;
    Judgement judgement = judge.judge(candidate);
    decision.verdict = judgement.verdict;
    decision.reasons = std::move(judgement.reasons);
  }

  // "l1/w" -> "l1/"; at the root names come in series: "b1" -> "#", any letters before digits.
  static std::string family(Bytes name) {
    const std::size_t slash = name.rfind('/');
    if (slash != Bytes::npos) return std::string(name.substr(0, slash + 1));
    const bool series = name.size() > 1 && name.back() >= '0' && name.back() <= '9';
    return series ? "#" : "";
  }

  void note_accepted() {
    for (const Decision& decision : decisions_) {
      if (decision.verdict == Verdict::variable) families_.insert(family(graph_.name(decision.node)));
    }
    families_.erase("");
  }

  bool has_sibling(NodeId id) const { return families_.contains(family(graph_.name(id))); }

  // G1: what fills another slot of an operation whose weights are accepted is one as well. G2: so is what is
  // used in the same way (operation, slot, operation next to it) as an accepted one.
  void vote_in_groups() {
    std::set<NodeId> operations;
    std::set<std::string> patterns;
    for (const Candidate* candidate : pending_) {
      if (decision_of(*candidate).verdict != Verdict::variable) continue;
      operations.insert(candidate->deciding->node);
      patterns.insert(pattern(*candidate));
    }
    for (const Candidate* candidate : pending_) {
      Decision& decision = decision_of(*candidate);
      const bool doubted = std::ranges::any_of(
          decision.reasons, [](const Reason& reason) { return reason.rule == "N9" || reason.rule == "N12"; });
      if (decision.verdict != Verdict::unsure || doubted) continue;
      const bool same_operation =
          candidate->deciding->kind == UseKind::weight && operations.contains(candidate->deciding->node);
      if (!same_operation && !patterns.contains(pattern(*candidate))) continue;
      decision.verdict = Verdict::variable;
      decision.reasons.push_back(
          {same_operation ? "G1" : "G2", std::string(graph_.name(candidate->deciding->node)), -1});
    }
  }

  std::string pattern(const Candidate& candidate) const {
    const Use& use = *candidate.deciding;
    const Bytes beside = use.data == kNoNode ? Bytes() : graph_.op(use.data);
    return std::string(graph_.op(use.node)) + ":" + std::to_string(use.slot) + ":" + std::string(beside) +
           ":" + std::to_string(candidate.head.shape.rank());
  }

  // Role, folding and splitting of what is a variable.
  void settle(Decision& decision) {
    if (decision.verdict != Verdict::variable) return;
    const NodeId id = decision.node;
    const std::vector<Use> uses = find_uses(graph_, flow_, id);
    const RoleDecision role = role_of(decision, uses);
    decision.role = role.role;
    decision.reasons.push_back(role.reason);
    if (rules_.non_trainable != nullptr && rules_.non_trainable->matches(graph_.name(id)) &&
        decision.role == Role::trainable) {
      decision.role = Role::state;
      decision.reasons.push_back({"U3", "", -1});
    }
    if (decision.carried) return;
    decision.derived = is_folded(graph_, id);
    const std::string& first = decision.reasons.front().rule;
    const bool faithful = first.starts_with("E") && first < "E5";
    decision.split = !faithful && !decision.ref && std::ranges::any_of(uses, [](const Use& use) {
      return use.kind == UseKind::structural;
    });
  }

  // What a file says of its variables stands; which of the others are statistics is seen as usual.
  RoleDecision role_of(const Decision& decision, const std::vector<Use>& uses) const {
    RoleDecision role = decide_role(graph_, decision.node, decision, uses);
    if (!decision.carried) return role;
    const std::optional<bool> trainable = rules_.carried->find(decision.node)->trainable;
    if (!trainable || *trainable == (role.role == Role::trainable)) return role;
    return {*trainable ? Role::trainable : Role::state, {"R8", "", -1}};
  }

  Decision& decision_of(const Candidate& candidate) {
    return decisions_[candidate_decision_[static_cast<std::size_t>(&candidate - candidates_.data())]];
  }

  const Graph& graph_;
  const WeightRules& rules_;
  DataFlow flow_;
  std::vector<Decision> decisions_;
  std::vector<NodeId> proven_;
  std::vector<Candidate> candidates_;
  std::vector<std::size_t> candidate_decision_;
  std::vector<Candidate*> pending_;
  std::set<std::string> families_;
  std::map<Bytes, Reasons> plain_;
};

}  // namespace

std::vector<Decision> find_weights(const Graph& graph, const WeightRules& rules) {
  return WeightFinder(graph, rules).run();
}

}  // namespace thaw::internal
