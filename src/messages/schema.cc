#include "messages/schema.h"

#include "messages/schema_tables.h"
#include "wire/text_form.h"

namespace thaw::internal {

const TextMessage& graph_def_text() { return schema::kGraphDef; }
const TextMessage& meta_graph_def_text() { return schema::kMetaGraphDef; }
const TextMessage& saved_model_text() { return schema::kSavedModel; }
const TextMessage& checkpoint_state_text() { return schema::kCheckpointState; }

const TextMessage* text_root(Bytes head) {
  const Bytes field = first_text_field(head);
  for (const TextMessage* root :
       {&graph_def_text(), &meta_graph_def_text(), &saved_model_text(), &checkpoint_state_text()}) {
    if (find_field(root->fields, field) != nullptr) return root;
  }
  return nullptr;
}

bool looks_like_text(Bytes head) { return text_root(head) != nullptr; }

}  // namespace thaw::internal
