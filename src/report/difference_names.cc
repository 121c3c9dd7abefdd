// The words for what a difference is about.
#include "thaw/diff.h"

namespace thaw {

std::string_view name_of(NodePart part) {
  switch (part) {
    case NodePart::op:
      return "op";
    case NodePart::device:
      return "device";
    case NodePart::input:
      return "input";
    case NodePart::control:
      return "control";
    case NodePart::attribute:
      return "attribute";
    case NodePart::value:
      return "value";
    case NodePart::signature:
      return "signature";
    case NodePart::other:
      return "other";
  }
  return "";
}

std::string_view name_of(WeightChange change) {
  switch (change) {
    case WeightChange::values:
      return "values";
    case WeightChange::shape:
      return "shape";
    case WeightChange::dtype:
      return "dtype";
    case WeightChange::only_a:
      return "only_a";
    case WeightChange::only_b:
      return "only_b";
    case WeightChange::renamed:
      return "renamed";
    case WeightChange::unknown:
      return "unknown";
  }
  return "";
}

}  // namespace thaw
