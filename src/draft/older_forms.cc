#include "draft/older_forms.h"

#include <algorithm>
#include <array>

#include "messages/attr_value.h"
#include "ops/op_defaults.h"
#include "ops/op_table.h"

namespace thaw::internal {

namespace {

using Fits = bool (*)(NodeDef& node, const NodeFacts& facts);

std::optional<DType> type_of(const NodeDef& node, Bytes key) {
  const NodeAttr* attr = node.find_attr(key);
  return attr == nullptr ? std::nullopt : attr_as_type(attr->value.bytes());
}

bool always(NodeDef&, const NodeFacts&) { return true; }

// The third reserve is for the gradient on GPUs.
bool without_third_reserve(NodeDef&, const NodeFacts& facts) { return !facts.is_taken(5); }

bool all_in_single_precision(NodeDef& node, const NodeFacts&) {
  if (type_of(node, "T") != DType::float32 || type_of(node, "U") != DType::float32) return false;
  node.drop_attr("U");
  return true;
}

bool of_one_type(NodeDef& node, const NodeFacts&) {
  const std::optional<DType> type = type_of(node, "Ta");
  if (!type || type != type_of(node, "Tb") || type != type_of(node, "Tout")) return false;
  for (const Bytes key : {"Ta", "Tb", "Tout"}) node.drop_attr(key);
  node.set_attr("T", attr_of_type(*type));
  return true;
}

// The later operation also repeats one side for the batches of the other.
bool of_one_batch_shape(NodeDef&, const NodeFacts& facts) {
  const Shape a = facts.input_shape(0), b = facts.input_shape(1);
  if (a.unknown_rank() || b.unknown_rank() || a.rank() != b.rank() || a.rank() < 2) return false;
  const auto known = [](std::int64_t x, std::int64_t y) { return x == y && x >= 0; };
  return std::equal(a.dims().begin(), a.dims().end() - 2, b.dims().begin(), known);
}

bool of_one_shape(NodeDef&, const NodeFacts& facts) {
  const Shape condition = facts.input_shape(0), a = facts.input_shape(1);
  if (!a.fully_defined() || a != facts.input_shape(2)) return false;
  return condition == a || (!condition.unknown_rank() && condition.rank() == 0);
}

struct Older {
  Bytes op, older;
  Fits fits;
};
constexpr auto kOlder = std::to_array<Older>({
    {"AddV2", "Add", always},
    {"BatchMatMulV2", "BatchMatMul", of_one_batch_shape},
    {"BatchMatMulV3", "BatchMatMulV2", of_one_type},
    {"FusedBatchNormV2", "FusedBatchNorm", all_in_single_precision},
    {"FusedBatchNormV3", "FusedBatchNormV2", without_third_reserve},
    {"SelectV2", "Select", of_one_shape},
    {"StatelessIf", "If", always},
    {"StatelessWhile", "While", always},
});

const Older* find_older(Bytes op) {
  const auto found = std::ranges::find(kOlder, op, &Older::op);
  return found == kOlder.end() ? nullptr : &*found;
}

// TensorFlow adds what begins so to any node, and checks none of it.
bool is_checked(Bytes key) { return !key.starts_with('_'); }

std::vector<AttrView> items_of(Bytes list) {
  std::vector<AttrView> items;
  for_each_item(list, [&](const AttrView& item) {
    items.push_back(item);
    return true;
  });
  return items;
}

bool same_item(const AttrView& a, const AttrView& b) {
  return a.kind == b.kind && a.scalar == b.scalar && a.payload == b.payload;
}

}  // namespace

bool is_default_attr(Bytes op, Bytes key, Bytes value) {
  const std::optional<std::string_view> usual = default_attr(op, key);
  if (!usual) return false;
  const AttrView a = view_attr(*usual), b = view_attr(value);
  if (a.kind == AttrKind::list && b.kind == AttrKind::list)
    return std::ranges::equal(items_of(a.payload), items_of(b.payload), same_item);
  return same_item(a, b);
}

bool is_older_form(Bytes op, Bytes older) {
  for (const Older* step = find_older(op); step != nullptr; step = find_older(step->older)) {
    if (step->older == older) return true;
  }
  return false;
}

std::vector<OlderStep> take_older_form(NodeDef& node, const TensorFlowRelease& release,
                                       const NodeFacts& facts) {
  std::vector<OlderStep> steps;
  NodeDef older = node;
  while (!release.has_op(older.op)) {
    const Older* step = find_older(older.op);
    if (step == nullptr || !step->fits(older, facts)) return steps;
    older.op = step->older;
  }
  if (older.op != node.op) steps.push_back({"Q2", node.op + " -> " + older.op});
  std::erase_if(older.attrs, [&](const NodeAttr& attr) {
    const bool stays = !is_checked(attr.key) || release.has_attr(older.op, attr.key) ||
                       !is_default_attr(older.op, attr.key, attr.value.bytes());
    if (!stays) steps.push_back({"Q1", attr.key + " left out"});
    return !stays;
  });
  if (!steps.empty()) node = std::move(older);
  return steps;
}

std::string reason_to_refuse(const NodeDef& node, const TensorFlowRelease& release) {
  if (!release.has_op(node.op)) return node.op + " is there " + TensorFlowRelease::releases_with(node.op);
  for (const NodeAttr& attr : node.attrs) {
    if (!is_checked(attr.key) || release.has_attr(node.op, attr.key)) continue;
    return "attribute " + attr.key + " of " + node.op + " is there " +
           TensorFlowRelease::releases_with(node.op, attr.key);
  }
  return "";
}

}  // namespace thaw::internal
