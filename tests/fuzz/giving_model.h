// A model whose weights go into targets: a dense layer of that name, 3 by 2.
#pragma once

#include <string>

#include "support/graph_text.h"
#include "thaw/source.h"

namespace thaw::internal {

inline SourcePtr giving_model(const std::string& layer) {
  const std::string kernel = layer + "/kernel", bias = layer + "/bias";
  return memory_source(graph_text::graph_bytes("x = Placeholder f32[?,3]\n" +                      //
                                               kernel + " = Const f32[3,2]\n" +                    //
                                               kernel + "/read = Identity:f32 " + kernel + "\n" +  //
                                               bias + " = Const f32[2]\n" +                        //
                                               bias + "/read = Identity:f32 " + bias + "\n" +      //
                                               "h = MatMul:f32 x " + kernel + "/read\n" +          //
                                               "y = BiasAdd:f32 h " + bias + "/read\n"),
                       "model");
}

}  // namespace thaw::internal
