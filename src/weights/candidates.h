// Constants without direct evidence: judged by the slots their values reach (E5), by arithmetic next to data
// (E7), by what speaks against them (N1-N12).
#pragma once

#include <vector>

#include "tensor/tensor_proto.h"
#include "thaw/plan.h"
#include "weights/fingerprints.h"
#include "weights/uses.h"

namespace thaw::internal {

// What a candidate is judged by. `siblings` is set once the sure ones are known.
struct Candidate {
  NodeId node = kNoNode;
  TensorHead head;
  std::vector<Use> uses;
  const Use* deciding = nullptr;  // points into `uses`
  int score = 0;                  // of arithmetic candidates
  bool has_sibling = false;       // an accepted weight in the same scope, or of the same series of names
  bool was_compact = false;       // the file holds it in fewer bits: a tool took it for a weight
};

struct Judgement {
  Verdict verdict = Verdict::kept;
  std::vector<Reason> reasons;
};

// The rule that speaks against a constant by its type and shape alone; null when none does.
const char* veto_by_type(const TensorHead& head);

class CandidateJudge {
 public:
  CandidateJudge(const Graph& graph, const DataFlow& flow, Fingerprints marks)
      : graph_(graph), flow_(flow), marks_(marks) {}

  // Vetoes that need no look at the uses; nothing when none applies.
  std::optional<Judgement> veto(const Candidate& candidate) const;
  // Chooses the use that decides: a weight slot before arithmetic.
  void choose_use(Candidate& candidate) const;
  Judgement judge(Candidate& candidate) const;

 private:
  Judgement judge_slot(const Candidate& candidate) const;
  Judgement judge_arithmetic(Candidate& candidate) const;
  Reason reason(const char* rule, const Use& use) const;

  const Graph& graph_;
  const DataFlow& flow_;
  Fingerprints marks_;
};

}  // namespace thaw::internal
