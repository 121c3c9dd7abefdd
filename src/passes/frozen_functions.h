// FrozenFunctions: functions that were given variables and are given values now. Each way of calling one
// makes a function of its own, under a new name: TensorFlow keeps functions by name for a whole process and
// takes two definitions of one name for a mistake.
#pragma once

#include <deque>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "draft/draft.h"
#include "model/call_site.h"
#include "passes/frozen_value.h"

namespace thaw::internal {

struct FrozenLibrary {
  Recipe rest;                         // GraphDef.library and what stands beside it
  std::vector<std::size_t> functions;  // what those in it are or were made from
};

class FrozenFunctions {
 public:
  explicit FrozenFunctions(const Library& library) : library_(library) {}

  const Library& library() const { return library_; }
  // The argument that a variable among a call's outputs is as it came; nothing for all other outputs.
  std::optional<std::uint32_t> given_back(const CallSite& site, std::uint32_t output) const;
  // What a call calls, one name for each callee, once these arguments are values. They are made by `make`.
  std::vector<std::string> names(const CallSite& site, const FrozenSlots& arguments);
  // Throws unsupported for a function that changes a variable, or does what is not understood with it.
  void make();

  bool empty() const { return made_.empty(); }  // nothing was made
  std::size_t count() const { return made_.size(); }
  const std::vector<Change>& changes() const { return changes_; }
  // Functions that only frozen calls named are gone; `by_graph` are those that nodes of the graph still name,
  // `before` those that they named. Without `with_others` the ones that nobody names are gone as well.
  FrozenLibrary finish(const std::vector<std::size_t>& by_graph, const std::vector<std::size_t>& before,
                       bool with_others) const;

 private:
  struct Wish {
    std::size_t function;
    FrozenSlots arguments;
    bool is_body;  // of a loop: what comes in has to go out
    std::string name;
  };
  struct Made {
    std::size_t function;
    Recipe field;
    std::vector<std::size_t> named;  // functions of the library that it still names
  };

  std::optional<std::uint32_t> given_back(std::size_t callee, std::uint32_t output) const;
  std::uint32_t checksum() const;
  std::string name_of(std::size_t function, const std::string& key) const;
  void make(const Wish& wish);
  std::vector<bool> reached(std::vector<std::size_t> from) const;

  const Library& library_;
  mutable std::optional<std::uint32_t> checksum_;  // of the whole library
  std::map<std::string, std::string> names_;       // by what is wished
  std::deque<Wish> wishes_;
  std::vector<Made> made_;
  std::vector<Change> changes_;
  std::uint64_t nodes_ = 0;
};

}  // namespace thaw::internal
