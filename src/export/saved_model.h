// `saved_model.pb` (core/protobuf/saved_model.proto: 1 saved_model_schema_version, 2 meta_graphs).
#pragma once

#include "export/meta_graph.h"

namespace thaw::internal {

// One MetaGraphDef, for sessions, and with `parts.object_graph` for TensorFlow 2.
Recipe make_saved_model(const Draft& draft, const MetaGraphParts& parts);

}  // namespace thaw::internal
