// Schema: the text forms that TensorFlow's tools write (`.pbtxt`, text `.meta`, `checkpoint`), for
// wire/text_form.h.
#pragma once

#include "thaw/source.h"
#include "wire/text_schema.h"

namespace thaw::internal {

const TextMessage& graph_def_text();
const TextMessage& meta_graph_def_text();
const TextMessage& saved_model_text();
const TextMessage& checkpoint_state_text();

// Whose text begins like `head`: the one of the four that has its first field, null when none has. They share
// no field, so one is enough.
const TextMessage* text_root(Bytes head);

// Is `head` the beginning of one of the four?
bool looks_like_text(Bytes head);

}  // namespace thaw::internal
