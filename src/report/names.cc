// The words that reports have for what they tell apart.
#include "thaw/inspected.h"
#include "thaw/transplant.h"
#include "thaw/verify.h"

namespace thaw {

std::string_view name_of(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::usage:
      return "usage";
    case ErrorKind::input_io:
      return "input_io";
    case ErrorKind::malformed:
      return "malformed";
    case ErrorKind::unsupported:
      return "unsupported";
    case ErrorKind::no_weights:
      return "no_weights";
    case ErrorKind::missing_values:
      return "missing_values";
    case ErrorKind::output_exists:
      return "output_exists";
    case ErrorKind::output_io:
      return "output_io";
    case ErrorKind::interrupted:
      return "interrupted";
    case ErrorKind::bug:
      return "bug";
  }
  return "bug";
}

std::string_view name_of(DropoutState state) {
  switch (state) {
    case DropoutState::passes:
      return "passes";
    case DropoutState::scales:
      return "scales";
    case DropoutState::drops:
      return "drops";
  }
  return "";
}

std::string_view name_of(Role role) {
  switch (role) {
    case Role::none:
      return "none";
    case Role::trainable:
      return "trainable";
    case Role::statistic:
      return "statistic";
    case Role::state:
      return "state";
  }
  return "none";
}

std::string_view name_of(MatchStage stage) {
  switch (stage) {
    case MatchStage::rule:
      return "rule";
    case MatchStage::exact:
      return "exact";
    case MatchStage::convention:
      return "convention";
    case MatchStage::scope:
      return "scope";
    case MatchStage::numbers:
      return "numbers";
    case MatchStage::sibling:
      return "sibling";
    case MatchStage::structure:
      return "structure";
    case MatchStage::order:
      return "order";
    case MatchStage::average:
      return "average";
  }
  return "";
}

std::string_view name_of(Origin origin) {
  switch (origin) {
    case Origin::weight:
      return "weight";
    case Origin::reset:
      return "reset";
    case Origin::initial:
      return "initial";
    case Origin::kept:
      return "kept";
    case Origin::zero:
      return "zero";
  }
  return "";
}

std::string_view name_of(FindingKind kind) {
  switch (kind) {
    case FindingKind::missing:
      return "missing";
    case FindingKind::mismatch:
      return "mismatch";
    case FindingKind::ambiguous:
      return "ambiguous";
    case FindingKind::derived:
      return "derived";
    case FindingKind::left_over:
      return "left_over";
  }
  return "";
}

std::string_view name_of(ProblemKind kind) {
  switch (kind) {
    case ProblemKind::damaged:
      return "damaged";
    case ProblemKind::missing:
      return "missing";
    case ProblemKind::mismatch:
      return "mismatch";
    case ProblemKind::differs:
      return "differs";
    case ProblemKind::misplaced:
      return "misplaced";
    case ProblemKind::changed:
      return "changed";
  }
  return "";
}

std::string_view name_of(OpGradient gradient) {
  switch (gradient) {
    case OpGradient::passes:
      return "passes";
    case OpGradient::none:
      return "none";
    case OpGradient::stops:
      return "stops";
    case OpGradient::unknown:
      return "unknown";
  }
  return "";
}

}  // namespace thaw
