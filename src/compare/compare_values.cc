#include "compare/compare_values.h"

#include <algorithm>
#include <vector>

#include "compare/attrs.h"
#include "io/same_bytes.h"
#include "messages/attr_value.h"

namespace thaw::internal {

namespace {

constexpr std::uint64_t kComparedAtOnce = 64 * 1024;

bool same_strings(const Value& a, const Value& b) {
  std::vector<std::string> elements;
  a.for_each_string([&](Bytes element) { elements.emplace_back(element); });
  std::size_t next = 0;
  bool same = true;
  b.for_each_string(
      [&](Bytes element) { same = same && next < elements.size() && elements[next++] == element; });
  return same && next == elements.size();
}

}  // namespace

bool same_value(const Value& a, const Value& b) {
  if (a.dtype() != b.dtype() || a.shape() != b.shape()) return false;
  if (a.dtype() == DType::string) return same_strings(a, b);
  if (a.byte_size() == 0) return true;
  std::vector<std::byte> left(kComparedAtOnce), right(kComparedAtOnce);
  const auto from_a = a.open(), from_b = b.open();
  for (std::uint64_t rest = a.byte_size(); rest > 0;) {
    const auto now = static_cast<std::size_t>(std::min(rest, kComparedAtOnce));
    from_a->read(std::span(left).first(now));
    from_b->read(std::span(right).first(now));
    if (!std::equal(left.begin(), left.begin() + static_cast<std::ptrdiff_t>(now), right.begin()))
      return false;
    rest -= now;
  }
  return true;
}

bool same_tensor(const Graph& a, NodeId node_a, const Graph& b, NodeId node_b, Bytes key) {
  const std::optional<Recipe> in_a = a.whole_attr(node_a, key), in_b = b.whole_attr(node_b, key);
  if (!in_a || !in_b) return false;
  if (same_bytes(*in_a, *in_b)) return true;
  const Value value_a = a.tensor(node_a, key).value, value_b = b.tensor(node_b, key).value;
  const bool readable = element_size(value_a.dtype()) != 0 || value_a.dtype() == DType::string;
  return readable && same_value(value_a, value_b);
}

bool same_large_tensors(const Graph& a, NodeId node_a, const Graph& b, NodeId node_b) {
  if (!a.has_large_tensor(node_a)) return true;
  for (const auto& [key, value] : attr_views_of(a.skeleton(node_a))) {
    if (view_attr(value).kind == AttrKind::tensor && !same_tensor(a, node_a, b, node_b, key)) return false;
  }
  return true;
}

}  // namespace thaw::internal
