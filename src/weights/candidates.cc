#include "weights/candidates.h"

#include <algorithm>

#include "names/conventions.h"
#include "weights/channels.h"
#include "weights/value_traits.h"

namespace thaw::internal {

namespace {

bool is_plain_sum_or_product(Bytes op) {
  return op == "Add" || op == "AddV2" || op == "Sub" || op == "Mul" || op == "RealDiv";
}

bool is_vector_part(Part part) {
  return part == Part::bias || part == Part::gamma || part == Part::beta || part == Part::mean ||
         part == Part::variance;
}

Judgement kept(const char* rule) { return {Verdict::kept, {{rule, "", -1}}}; }

}  // namespace

Reason CandidateJudge::reason(const char* rule, const Use& use) const {
  return {rule, std::string(graph_.name(use.node)), static_cast<int>(use.slot)};
}

const char* veto_by_type(const TensorHead& head) {
  if (!is_trainable_float(head.dtype)) return "N1";
  const std::optional<std::int64_t> count = head.shape.element_count();
  if (!count || *count == 0) return "N2";
  if (head.shape.rank() == 0) return "N10";
  return nullptr;
}

std::optional<Judgement> CandidateJudge::veto(const Candidate& candidate) const {
  const auto inputs = graph_.inputs(candidate.node);
  if (!inputs.empty() && !marks_.optimized) return kept("N3");
  if (graph_.attr(candidate.node, "_class")) return kept("N5");
  if (marks_.devices_tell && !graph_.device(candidate.node).empty()) return kept("N5");
  return std::nullopt;
}

void CandidateJudge::choose_use(Candidate& candidate) const {
  const auto rank_of = [&](const Use& use) {
    if (use.kind == UseKind::weight)
      return use.part == Part::initial_state || use.part == Part::range ? 1 : 4;
    if (use.kind == UseKind::arithmetic && is_plain_sum_or_product(graph_.op(use.node))) return 3;
    return use.kind == UseKind::call ? 2 : 0;
  };
  candidate.deciding = nullptr;
  for (const Use& use : candidate.uses) {
    if (rank_of(use) == 0) continue;
    if (candidate.deciding == nullptr || rank_of(use) > rank_of(*candidate.deciding))
      candidate.deciding = &use;
  }
}

Judgement CandidateJudge::judge(Candidate& candidate) const {
  const bool structural =
      std::ranges::any_of(candidate.uses, [](const Use& use) { return use.kind == UseKind::structural; });
  const bool dead =
      std::ranges::any_of(candidate.uses, [](const Use& use) { return use.kind == UseKind::dead; });
  if (candidate.deciding == nullptr) return kept(structural ? "N6" : dead ? "N7" : "N8");
  const TensorProto tensor = graph_.tensor(candidate.node, "value");
  const bool repeated = tensor.encoding == Encoding::short_list && tensor.value.element_count() > 1;
  if (repeated && !marks_.compressed) return kept("N4");
  switch (candidate.deciding->kind) {
    case UseKind::weight:
      return judge_slot(candidate);
    case UseKind::arithmetic:
      return judge_arithmetic(candidate);
    default:
      return {Verdict::unsure, {reason("N13", *candidate.deciding)}};
  }
}

Judgement CandidateJudge::judge_slot(const Candidate& candidate) const {
  const Use& use = *candidate.deciding;
  const Shape& shape = candidate.head.shape;
  const Reason evidence = reason("E5", use);
  if (use.part == Part::initial_state || use.part == Part::range)
    return {Verdict::kept, {evidence, reason("N7", use)}};
  const bool single = shape.element_count() == 1 && shape.rank() == 1;
  if (single && !is_vector_part(use.part)) return {Verdict::unsure, {evidence, reason("N11", use)}};
  const bool small_table = use.part == Part::table && shape.rank() < 2 && *shape.element_count() <= 16;
  if (small_table) return {Verdict::kept, {evidence, reason("N6", use)}};

  const ValueTraits traits = look_at_values(graph_.tensor(candidate.node, "value").value);
  const bool unlearned = traits.program_constant || (traits.all_equal && shape.element_count() > 1 &&
                                                     traits.first != 0 && traits.first != 1);
  const bool constant_kernel = traits.all_equal && shape.element_count() > 1 && !is_vector_part(use.part);
  if ((unlearned && !is_vector_part(use.part)) || constant_kernel)
    return {Verdict::unsure, {evidence, reason("N9", use)}};

  const bool bare_among_read = marks_.proven_reads && !marks_.optimized && !candidate.was_compact;
  const bool named = hint_of(graph_.name(candidate.node)) != NameHint::none;
  if (bare_among_read && !(candidate.has_sibling && named))
    return {Verdict::unsure, {evidence, reason("N12", use)}};
  return {Verdict::variable, {evidence}};
}

Judgement CandidateJudge::judge_arithmetic(Candidate& candidate) const {
  const Use& use = *candidate.deciding;
  const ValueTraits traits = look_at_values(graph_.tensor(candidate.node, "value").value);
  const std::int64_t count = candidate.head.shape.element_count().value_or(0);
  const std::optional<std::int64_t> channels = channels_of(graph_, use.data);
  const bool initial = traits.all_equal && (traits.first == 0 || traits.first == 1);

  std::vector<Reason> reasons{reason("E7", use)};
  int score = 2;  // written whole, without device or control inputs, as freezers do: the vetoes saw to it
  if (channels && fits_channels(candidate.head.shape, *channels)) score += 3;
  if (candidate.has_sibling) score += 2;
  if (hint_of(graph_.name(candidate.node)) != NameHint::none) {
    score += 2;
    reasons.push_back({"E8", "", -1});
  }
  if (traits.looks_learned) score += 1;
  if (traits.program_constant || (traits.all_equal && !initial && count > 1)) {
    score -= 4;
    reasons.push_back({"N9", "", -1});
  }
  // Numbers that scale or shift the inputs: vectors, or tables that nobody named like weights.
  const bool named_table = candidate.head.shape.rank() >= 2 && reasons.size() > 1;
  if (!flow_.is_behind_weights(use.data) && !named_table) {
    score -= 3;
    reasons.push_back({"N14", "", -1});
  }
  // An optimiser moves learned numbers into loops and branches, where they wait for something too.
  if (traits.all_equal && !graph_.inputs(candidate.node).empty()) {
    score -= 2;
    reasons.push_back({"N3", "", -1});
  }
  if (count == 1) {
    score -= 2;
    reasons.push_back({"N11", "", -1});
  }
  if (marks_.proven_reads && !marks_.optimized) {
    score -= 4;
    reasons.push_back({"N12", "", -1});
  }
  candidate.score = score;
  const Verdict verdict = score >= 4 ? Verdict::variable : score >= 1 ? Verdict::unsure : Verdict::kept;
  return {verdict, std::move(reasons)};
}

}  // namespace thaw::internal
