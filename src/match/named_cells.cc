#include "match/named_cells.h"

#include <map>

#include "match/canonical_name.h"
#include "names/read_path.h"
#include "names/scopes.h"

namespace thaw::internal {

namespace {

constexpr Bytes kLstm = "lstm_cell", kGru = "gru_cell";

// The weights of one scope, by what is behind it ("gates/kernel").
struct Scope {
  CellKind kind = CellKind::lstm;
  std::string name;
  std::map<std::string, std::size_t> members;
};

bool is_cell(Bytes scope, Bytes cell) { return without_number(last_component(scope)) == cell; }

// By the scope in canonical spelling; where two share one, it is no cell's.
std::map<std::string, Scope> group(const std::vector<ShapedName>& weights) {
  std::map<std::string, Scope> scopes;
  for (std::size_t i = 0; i < weights.size(); ++i) {
    const std::string name = canonical_name(weights[i].name);
    Bytes scope = parent_scope(name);
    std::string role(last_component(name));
    Bytes own = parent_scope(weights[i].name);
    if (last_component(scope) == "gates" || last_component(scope) == "candidate") {
      role = std::string(last_component(scope)) + "/" + role;
      scope = parent_scope(scope);
      own = parent_scope(own);
    }
    if (!is_cell(scope, kLstm) && !is_cell(scope, kGru)) continue;
    Scope& found = scopes[std::string(scope)];
    found.kind = is_cell(scope, kLstm) ? CellKind::lstm : CellKind::gru;
    found.name = std::string(own);
    const bool is_new = found.members.emplace(role, i).second;
    if (!is_new) found.members[role] = kNoWeight;
  }
  return scopes;
}

class CellMaker {
 public:
  CellMaker(const std::vector<ShapedName>& weights, const Scope& scope) : weights_(weights), scope_(scope) {
    cell_.kind = scope.kind;
    cell_.scope = scope.name;
  }

  std::optional<NamedCell> run() {
    const bool known = take_split() || take_joined_lstm() || take_joined_gru();
    return known ? std::optional(cell_) : std::nullopt;
  }

 private:
  std::size_t member(const std::string& role) const {
    const auto found = scope_.members.find(role);
    return found == scope_.members.end() ? kNoWeight : found->second;
  }

  bool is(std::size_t i, const std::vector<std::int64_t>& dims) const {
    return i != kNoWeight && weights_[i].shape == Shape(dims);
  }

  // [rows, columns], or {0, 0}.
  std::pair<std::int64_t, std::int64_t> matrix(std::size_t i) const {
    if (i == kNoWeight || !weights_[i].shape.fully_defined() || weights_[i].shape.rank() != 2) return {0, 0};
    return {weights_[i].shape.dims()[0], weights_[i].shape.dims()[1]};
  }

  bool take_split() {
    const std::int64_t gates = cell_.kind == CellKind::lstm ? 4 : 3;
    const auto [inputs, columns] = matrix(member("kernel"));
    const auto [units, same] = matrix(member("recurrent_kernel"));
    if (inputs == 0 || units == 0 || columns != same || columns != gates * units) return false;
    cell_.layout = CellLayout::split;
    cell_.inputs = inputs;
    cell_.units = units;
    cell_.kernel = member("kernel");
    cell_.recurrent_kernel = member("recurrent_kernel");
    cell_.bias = member("bias");
    cell_.reset_after = cell_.kind == CellKind::gru && is(cell_.bias, {2, columns});
    return true;
  }

  bool take_joined(const std::string& prefix, std::int64_t gates) {
    const auto [rows, columns] = matrix(member(prefix + "kernel"));
    if (columns == 0 || columns % gates != 0 || rows <= columns / gates) return false;
    if (!is(member(prefix + "bias"), {columns})) return false;
    cell_.units = columns / gates;
    cell_.inputs = rows - cell_.units;
    cell_.kernel = member(prefix + "kernel");
    cell_.bias = member(prefix + "bias");
    return true;
  }

  bool take_joined_lstm() {
    return cell_.kind == CellKind::lstm && !scope_.members.contains("recurrent_kernel") && take_joined("", 4);
  }

  bool take_joined_gru() {
    if (cell_.kind != CellKind::gru || !take_joined("gates/", 2)) return false;
    cell_.candidate_kernel = member("candidate/kernel");
    cell_.candidate_bias = member("candidate/bias");
    return is(cell_.candidate_kernel, {cell_.inputs + cell_.units, cell_.units}) &&
           is(cell_.candidate_bias, {cell_.units});
  }

  const std::vector<ShapedName>& weights_;
  const Scope& scope_;
  NamedCell cell_;
};

}  // namespace

std::vector<std::size_t> NamedCell::members() const {
  std::vector<std::size_t> all;
  for (const std::size_t i : {kernel, bias, recurrent_kernel, candidate_kernel, candidate_bias}) {
    if (i != kNoWeight) all.push_back(i);
  }
  return all;
}

std::vector<NamedCell> find_named_cells(const std::vector<ShapedName>& weights) {
  std::vector<NamedCell> cells;
  for (const auto& [name, scope] : group(weights)) {
    if (std::optional<NamedCell> cell = CellMaker(weights, scope).run()) cells.push_back(std::move(*cell));
  }
  return cells;
}

}  // namespace thaw::internal
