// Canonical names: one spelling for the names that different layers' libraries and versions give one weight.
#pragma once

#include <string>

#include "thaw/source.h"

namespace thaw::internal {

// `conv/weights`, `conv/W` and `conv/kernel` become `conv/kernel`; so with biases, batch normalisation and
// embeddings. Recurrent cells that keep their weights in one layout share a name (contrib/rnn's
// checkpoint_convert.py tells the old ones). `X/ExponentialMovingAverage` is X.
std::string canonical_name(Bytes name);

// The role that the last component tells ("kernel"); empty when it tells none.
Bytes role_of(Bytes name);

// The layer that a weight belongs to: its scope, or at the root the number at the end of its name ("h1", "b1"
// are of layer "#1"). Empty when nothing tells.
std::string layer_of(Bytes name);

}  // namespace thaw::internal
