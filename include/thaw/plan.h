// Plan: what was decided about every constant of a model, and why. Types only; reports are made from it.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "thaw/checkpoint.h"
#include "thaw/tensor.h"

namespace thaw {

enum class Verdict : std::uint8_t {
  variable,  // becomes a variable
  kept,      // stays a constant
  unsure,    // stays a constant and is shown, with the option that would turn it
  tied,      // a copy of another constant, whose variable it reads
};

enum class Role : std::uint8_t {
  none,       // not a variable
  trainable,  // weights that optimizers move
  statistic,  // moving averages of normalisation layers
  state,      // anything else that is not trained: counters, quantisation ranges, initial states
};

// How variables appear in the graph: VarHandleOp and ReadVariableOp, or VariableV2 and Identity.
enum class VariableStyle : std::uint8_t { resource, ref };

// What `X/Assign` assigns when somebody runs the initialisers.
enum class Initializer : std::uint8_t {
  nan,      // a compact fill with NaN (zeros for integers): a forgotten restore is loud
  restore,  // the checkpoint, while it lies where it was written; NaN otherwise
  value,    // the weights themselves, inside the .meta
};

// Why. `rule` is a stable id of docs/rules.md: E1 ... evidence, N1 ... against, R ... role, U ... the user's
// word.
struct Reason {
  std::string rule;
  std::string node;  // the consumer that showed it; may be empty
  int slot = -1;     // its data input; -1 when no slot is meant
  bool operator==(const Reason&) const = default;
};

// A list of reasons. Copies share it: most constants of a graph are kept for one and the same reason.
class Reasons {
 public:
  Reasons() = default;
  Reasons(std::initializer_list<Reason> list) : Reasons(std::vector<Reason>(list)) {}
  Reasons(std::vector<Reason> list) : list_(std::make_shared<const std::vector<Reason>>(std::move(list))) {}

  std::vector<Reason>::const_iterator begin() const { return list().begin(); }
  std::vector<Reason>::const_iterator end() const { return list().end(); }
  bool empty() const { return list().empty(); }
  const Reason& front() const { return list().front(); }

  // Copies of this list do not follow.
  void push_back(Reason reason) {
    std::vector<Reason> longer = list();
    longer.push_back(std::move(reason));
    *this = Reasons(std::move(longer));
  }

 private:
  const std::vector<Reason>& list() const {
    static const std::vector<Reason> kNone;
    return list_ ? *list_ : kNone;
  }

  std::shared_ptr<const std::vector<Reason>> list_;
};

// One constant of the graph or of its functions.
struct Decision {
  std::uint32_t node = 0;  // its index in the graph, those of functions behind all others
  Verdict verdict = Verdict::kept;
  Role role = Role::none;
  bool derived = false;  // holds learned numbers that no checkpoint of its author ever held under this name
  bool carried = false;  // was a variable in the file
  bool ref = false;      // feeds a slot that only a reference variable can feed
  bool split = false;  // is also used as a shape or another number of the program: that use keeps a constant
  std::uint32_t tied_to = 0;  // the index of that other constant, of a tied one
  Reasons reasons;
};

// A variable of the result.
struct Variable {
  std::string name;          // node, variable and checkpoint key, unless `slice` says otherwise
  std::string source_node;   // the constant it came from
  std::uint32_t node = 0;    // its index in the graph
  std::size_t decision = 0;  // in the plan's
  std::size_t blob = 0;
  Role role = Role::trainable;
  bool trainable = true;
  bool ref = false;
  std::optional<SlicePlace> slice;  // a part of a partitioned variable
  std::string key;                  // in the checkpoint
};

// A variable that was still one in the input and whose value is nowhere: it becomes a local variable.
struct LocalVariable {
  std::string name;
  std::uint32_t node = 0;
  bool is_resource = false;
};

// A variable of the input that the graph changes: it stays one, with its value.
struct StateVariable {
  std::string name;
  std::string key;  // in the checkpoint
  std::size_t blob = 0;
  bool trainable = false;
};

struct Plan {
  std::vector<Decision> decisions;  // one for each constant, in the graph's order
  std::vector<Variable> variables;  // sorted by key
  std::vector<LocalVariable> locals;
  std::vector<StateVariable> state;
  CheckpointContents checkpoint;
  std::vector<std::string> added;    // keys of the state that was asked for beside the variables
  std::vector<std::string> carried;  // keys of the input's checkpoint that no variable of the graph has
  std::vector<std::string> warnings;
};

}  // namespace thaw
