#include "names/read_path.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "names/scopes.h"

namespace thaw::internal {

namespace {

constexpr Bytes kResourceRead = "ReadVariableOp";

bool is_number(Bytes text) { return !text.empty() && text.find_first_not_of("0123456789") == Bytes::npos; }

// k when the component is `base` (0) or `base_k`.
std::optional<int> number_after(Bytes component, Bytes base) {
  if (component == base) return 0;
  Bytes stem;
  const std::optional<int> number = trailing_number(component, &stem);
  return number && stem == base ? number : std::nullopt;
}

bool is_any_of(Bytes component, std::initializer_list<Bytes> bases) {
  return std::ranges::any_of(bases, [&](Bytes base) { return number_after(component, base).has_value(); });
}

// `_1` as in `while/body/_1/<the path again>`: the mark of a lowered body.
bool is_body_number(Bytes component) { return component.starts_with('_') && is_number(component.substr(1)); }

// What follows the last `body/_k`, `cond/_k`, `then/_k` or `else/_k`.
std::size_t end_of_body_prefix(const std::vector<std::string>& components) {
  for (std::size_t i = components.size(); i-- > 1;) {
    const std::string& before = components[i - 1];
    const bool is_body = before == "body" || before == "cond" || before == "then" || before == "else";
    if (is_body && is_body_number(components[i])) return i + 1;
  }
  return 0;
}

struct Read {
  std::vector<std::string> components;
  int index = 0;
  bool in_body = false;
};

// Takes "<path>/ReadVariableOp_k" apart.
std::optional<Read> as_read(Bytes name) {
  const std::optional<int> index = number_after(last_component(name), kResourceRead);
  const Bytes path = parent_scope(name);
  if (!index || path.empty()) return std::nullopt;
  const std::vector<Bytes> parts = components_of(path);
  std::vector<std::string> components(parts.begin(), parts.end());
  const std::size_t body = end_of_body_prefix(components);
  components.erase(components.begin(), components.begin() + static_cast<std::ptrdiff_t>(body));
  std::erase_if(components, [&](const std::string& component) {
    if (body > 0 && is_any_of(component, {"cond"})) return true;
    return is_any_of(component, {"StatefulPartitionedCall", "PartitionedCall", "while"});
  });
  if (components.empty()) return std::nullopt;
  return Read{std::move(components), *index, body > 0};
}

std::size_t length(const Read& read) {
  std::size_t sum = 0;
  for (const std::string& component : read.components) sum += component.size() + 1;
  return sum;
}

// The first of several reads: outside of loops, then the shortest ("MatMul" before "MatMul_1"), then by the
// alphabet.
bool comes_first(const Read& a, const Read& b) {
  if (a.in_body != b.in_body) return b.in_body;
  if (length(a) != length(b)) return length(a) < length(b);
  if (a.components != b.components) return a.components < b.components;
  return a.index < b.index;
}

// Whether `longer` is `shorter` with more components in between.
bool refines(const std::vector<std::string>& longer, const std::vector<std::string>& shorter) {
  if (longer.size() <= shorter.size() || longer.back() != shorter.back()) return false;
  std::size_t matched = 0;
  for (const std::string& component : longer) {
    if (matched < shorter.size() && component == shorter[matched]) ++matched;
  }
  return matched == shorter.size();
}

std::vector<Read> reads_of(const ConstantFacts& facts) {
  std::vector<Read> reads;
  for (const std::string& reader : facts.readers) {
    if (std::optional<Read> read = as_read(reader)) reads.push_back(std::move(*read));
  }
  std::ranges::sort(reads, comes_first);
  return reads;
}

Bytes without_fold_mark(Bytes name) {
  const Bytes last = last_component(name);
  const std::size_t mark = last.find("__cf__");
  const bool folded =
      mark != Bytes::npos && is_body_number(last.substr(0, mark)) && is_number(last.substr(mark + 6));
  return folded ? parent_scope(name) : name;
}

// The path of the read that the constant is named after.
Bytes named_read(Bytes constant) {
  const Bytes name = without_fold_mark(constant);
  return last_component(name) == "resource" ? parent_scope(name) : name;
}

const ConstantUse* find_lookup(const ConstantFacts& facts) {
  constexpr std::array<Bytes, 4> kLookups = {"GatherV2", "Gather", "GatherNd", "ResourceGather"};
  const auto is_lookup = [&](const ConstantUse& use) {
    return use.slot == 0 && std::ranges::count(kLookups, use.op) > 0;
  };
  const auto found = std::ranges::find_if(facts.uses, is_lookup);
  return found == facts.uses.end() ? nullptr : &*found;
}

// A number below the lookup that reads it.
bool is_numbered_table(const ConstantFacts& facts) {
  if (!is_number(last_component(facts.constant))) return false;
  const Bytes scope = parent_scope(facts.constant);
  const ConstantUse* lookup = find_lookup(facts);
  return is_any_of(last_component(scope), {"embedding_lookup"}) ||
         (lookup != nullptr && lookup->node_name == scope);
}

bool is_nameless(Bytes constant) {
  if (is_any_of(constant, {"unknown"}) || constant.starts_with("statefulpartitionedcall_args_")) return true;
  if (constant.starts_with("Func/") && is_body_number(last_component(constant))) return true;
  const bool is_argument = number_after(last_component(constant), "input").value_or(0) > 0;
  return is_argument && is_any_of(last_component(parent_scope(constant)), {"while", "cond", "If", "While"});
}

std::optional<ReadPath> lookup_path(const std::string& node) {
  const std::optional<Read> read = as_read(node + "/ReadVariableOp");
  if (!read) return std::nullopt;
  return ReadPath{read->components, 0, false, true};
}

}  // namespace

std::optional<int> trailing_number(Bytes component, Bytes* base) {
  const std::size_t mark = component.rfind('_');
  if (mark == Bytes::npos || mark == 0 || !is_number(component.substr(mark + 1))) return std::nullopt;
  int number = 0;
  const auto [end, error] =
      std::from_chars(component.data() + mark + 1, component.data() + component.size(), number);
  if (error != std::errc()) return std::nullopt;
  if (base != nullptr) *base = component.substr(0, mark);
  return number;
}

std::optional<Bytes> folded_variable(Bytes constant) {
  const Bytes read = without_fold_mark(constant);
  if (last_component(read) != "read") return std::nullopt;
  const Bytes variable = parent_scope(read);
  return variable.empty() ? std::nullopt : std::optional(variable);
}

std::optional<ReadPath> find_read_path(const ConstantFacts& facts) {
  if (is_numbered_table(facts)) return lookup_path(std::string(parent_scope(facts.constant)));
  const std::optional<Read> own = as_read(named_read(facts.constant));
  if (!own && !is_nameless(facts.constant)) return std::nullopt;
  const std::vector<Read> reads = reads_of(facts);
  if (!own && reads.empty()) {
    const ConstantUse* lookup = find_lookup(facts);
    return lookup == nullptr ? std::nullopt : lookup_path(lookup->node_name);
  }
  ReadPath path{own ? own->components : reads.front().components, own ? own->index : reads.front().index,
                own.has_value(), false};
  // Stacked cells are named in full only inside of the loop.
  for (const Read& read : reads) {
    if (read.in_body && refines(read.components, path.components)) path.components = read.components;
  }
  return path;
}

Bytes without_number(Bytes component) {
  Bytes base;
  return trailing_number(component, &base) ? base : component;
}

}  // namespace thaw::internal
