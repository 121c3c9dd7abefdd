// The proof that the functions of a thawed graph are those of the graph it came from, once the weights that
// are handed down to them are constants of theirs again.
#pragma once

#include "model/library.h"
#include "thaw/plan.h"

namespace thaw::internal {

struct FunctionProof {
  std::size_t equal = 0;      // functions, byte for byte
  std::size_t explained = 0;  // functions that take weights as arguments
};

// `handed_down` is `input` with weights of its functions handed down; of `written`, which was read back, the
// library counts. Throws bug, naming the function, at the first difference that nothing explains.
FunctionProof prove_functions(const Graph& input, const Library& library, const Graph& handed_down,
                              const Graph& written);

// Throws bug unless what stands behind the nodes is the same, byte for byte.
void prove_same_functions(const Graph& before, const Graph& written);

}  // namespace thaw::internal
