#include "weights/tied_copies.h"

#include <algorithm>
#include <map>
#include <set>

#include "io/crc32c.h"
#include "weights/anchors.h"
#include "weights/value_traits.h"

namespace thaw::internal {

namespace {

constexpr std::size_t kChunk = 64 * 1024;
constexpr int kLongestTie = 64;
// Fewer numbers than these may be equal by chance.
constexpr std::int64_t kFewNumbers = 4;

template <typename Take>
void for_each_chunk(const Value& value, const Take& take) {
  std::vector<std::byte> chunk(kChunk);
  const auto stream = value.open();
  for (std::uint64_t rest = value.byte_size(); rest > 0;) {
    const auto now = static_cast<std::size_t>(std::min<std::uint64_t>(rest, kChunk));
    stream->read(std::span(chunk).first(now));
    take(std::span<const std::byte>(chunk).first(now));
    rest -= now;
  }
}

class CopyTier {
 public:
  CopyTier(const Graph& graph, std::span<Decision> decisions) : graph_(graph), decisions_(decisions) {}

  void run() {
    std::vector<Decision*> inside;
    for (Decision& decision : decisions_) {
      if (decision.verdict == Verdict::variable && is_anchored(decision.node)) inside.push_back(&decision);
    }
    if (inside.empty()) return;
    for (Decision* copy : inside) tie(*copy, outermost(*copy));
    std::erase_if(inside, [](const Decision* copy) { return copy->verdict == Verdict::tied; });
    if (!inside.empty()) tie_equal_ones(inside);
  }

 private:
  using Kind = std::pair<DType, std::vector<std::int64_t>>;

  bool is_anchored(NodeId constant) const { return !graph_.inputs(constant).empty(); }

  void tie(Decision& copy, Decision* original) {
    if (original == nullptr || original == &copy || original->verdict == Verdict::tied) return;
    const bool kept = std::ranges::any_of(original->reasons, [](const Reason& r) { return r.rule == "U2"; });
    if (kept || !same_numbers(copy.node, original->node)) return;
    if (original->verdict != Verdict::variable) {
      const NodeId node = original->node;
      *original = copy;
      original->node = node;
    }
    copy.verdict = Verdict::tied;
    copy.tied_to = original->node;
  }

  // Through all loops: copies are made of copies.
  Decision* outermost(const Decision& copy) {
    Decision* found = original_of(copy.node);
    for (int steps = 0; found != nullptr && steps < kLongestTie; ++steps) {
      Decision* further = original_of(found->node);
      if (further == nullptr || !same_numbers(copy.node, further->node)) break;
      found = further;
    }
    return found;
  }

  Decision* original_of(NodeId copy) {
    const NodeId entered = constant_at_anchor(graph_, copy);
    return entered == kNoNode ? nullptr : find(entered);
  }

  Decision* find(NodeId constant) {
    const auto found = std::ranges::lower_bound(decisions_, constant, {}, &Decision::node);
    return found != decisions_.end() && found->node == constant ? &*found : nullptr;
  }

  // Learned numbers that are equal to the last bit are those of one weight.
  void tie_equal_ones(const std::vector<Decision*>& inside) {
    std::set<Kind> kinds;
    for (const Decision* copy : inside) kinds.insert(kind_of(copy->node));
    std::map<std::pair<std::uint32_t, std::uint64_t>, std::vector<Decision*>> groups;
    for (Decision& decision : decisions_) {
      if (decision.verdict == Verdict::variable && may_match(decision.node, kinds))
        groups[key_of(decision.node)].push_back(&decision);
    }
    for (auto& [key, group] : groups) {
      std::ranges::stable_partition(group, [&](const Decision* one) { return !is_anchored(one->node); });
      for (Decision* copy : group) {
        if (is_anchored(copy->node)) tie(*copy, group.front());
      }
    }
  }

  bool may_match(NodeId constant, const std::set<Kind>& kinds) const {
    if (head_of(constant).shape.element_count().value_or(0) < kFewNumbers) return false;
    return kinds.contains(kind_of(constant)) &&
           look_at_values(graph_.tensor(constant, "value").value).looks_learned;
  }

  Kind kind_of(NodeId constant) const {
    const TensorHead head = head_of(constant);
    return {head.dtype, {head.shape.dims().begin(), head.shape.dims().end()}};
  }

  TensorHead head_of(NodeId constant) const {
    return graph_.tensor_head(constant, "value").value_or(TensorHead{});
  }

  std::pair<std::uint32_t, std::uint64_t> key_of(NodeId constant) const {
    const Value value = graph_.tensor(constant, "value").value;
    std::uint32_t sum = 0;
    for_each_chunk(value, [&](std::span<const std::byte> chunk) {
      sum = crc32c_extend(sum, {reinterpret_cast<const char*>(chunk.data()), chunk.size()});
    });
    return {sum, value.byte_size()};
  }

  bool same_numbers(NodeId a, NodeId b) const {
    const TensorHead left = head_of(a), right = head_of(b);
    if (left.dtype != right.dtype || left.shape != right.shape) return false;
    const Value other = graph_.tensor(b, "value").value;
    const auto stream = other.open();
    std::vector<std::byte> chunk(kChunk);
    bool same = true;
    for_each_chunk(graph_.tensor(a, "value").value, [&](std::span<const std::byte> mine) {
      stream->read(std::span(chunk).first(mine.size()));
      same = same && std::ranges::equal(mine, std::span<const std::byte>(chunk).first(mine.size()));
    });
    return same;
  }

  const Graph& graph_;
  std::span<Decision> decisions_;
};

}  // namespace

void tie_copies(const Graph& graph, std::span<Decision> decisions) { CopyTier(graph, decisions).run(); }

}  // namespace thaw::internal
