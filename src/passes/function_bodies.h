// FunctionBodies: functions in which calls are written out that TensorFlow cannot differentiate, and cells
// where that is asked for. A changed function is a new one, named after its content; what calls it follows.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "draft/draft.h"
#include "passes/function_calls.h"

namespace thaw::internal {

// A call that stays although TensorFlow has no gradient of it.
struct CallThatStays {
  std::string call;      // as it is shown
  std::string op, node;  // inside, as it is shown: what has no gradient
  std::string why;
};

struct FunctionBody {
  FunctionDef function;  // under its new name
  bool is_changed = false;
  std::string blocking_op, blocking_node;  // what the runtime has no gradient for; empty when calls train
  std::uint64_t cost = 0;                  // nodes and what they take
};

// Nodes and what they take, of all that is written out: functions within functions grow by powers, and what a
// file of a few hundred bytes may ask for ends here.
inline constexpr std::uint64_t kMostWrittenOut = 1'000'000;

class FunctionBodies {
 public:
  using IsTaken = std::function<bool(const std::string& name)>;

  // `reached`: functions that calls of the graph lead to.
  FunctionBodies(const Library& library, const FunctionCalls& calls, const std::vector<bool>& reached,
                 bool expand_cells, std::uint64_t most);

  const FunctionBody& of(std::size_t function) const { return bodies_[function]; }
  // Whether a call that stays has other functions to call by now.
  bool follows(const CallSite& site) const;
  void follow(NodeDef& call, const CallSite& site) const;
  // Whether a call should be written out and can be; remembers the cost, or that it stays.
  bool writes_out(const NodeDef& call, const CallSite& site, const std::string& shown,
                  const IsTaken& is_taken);

  const Library& library() const { return library_; }
  const std::vector<CallThatStays>& calls_that_stay() const { return stay_; }
  const std::vector<Change>& changes() const { return changes_; }

 private:
  void look_at(std::size_t function);
  std::string why_it_stays(const NodeDef& call, const CallSite& site, const IsTaken& is_taken) const;
  void note_changes(const FunctionBody& body, std::size_t function);

  const Library& library_;
  const FunctionCalls& calls_;
  bool expand_cells_;
  std::uint64_t most_;
  std::uint64_t cost_ = 0;
  std::vector<FunctionBody> bodies_;
  std::vector<CallThatStays> stay_;
  std::vector<Change> changes_;
};

}  // namespace thaw::internal
