#include "target/keras_plain_names.h"

#include <array>

#include "names/read_path.h"
#include "names/scopes.h"

namespace thaw::internal {

namespace {

struct AttributeRow {
  Bytes attribute, name;
};
// keras/layers/attention/multi_head_attention.py.
constexpr std::array kParts = std::to_array<AttributeRow>({
    {"_query_dense", "query"},
    {"_key_dense", "key"},
    {"_value_dense", "value"},
    {"_output_dense", "attention_output"},
});

std::string class_of_cell(std::int64_t gates) {
  return gates == 4 ? "lstm" : gates == 3 ? "gru" : "simple_rnn";
}

std::string cell_name(Bytes layer_group, std::int64_t gates) {
  const std::string layer(last_component(layer_group));
  for (const std::string direction : {"forward", "backward"}) {
    if (layer != direction + "_layer") continue;
    const std::string kind = class_of_cell(gates);
    return std::string(last_component(parent_scope(layer_group))) + "/" + direction + "_" + kind + "/" +
           kind + "_cell";
  }
  return layer + "/" + std::string(without_number(layer)) + "_cell";
}

}  // namespace

std::string plain_layer_name(Bytes group, std::int64_t gates) {
  const Bytes last = last_component(group);
  if (last == "cell") return cell_name(parent_scope(group), gates);
  for (const AttributeRow& row : kParts) {
    if (row.attribute == last) return add_scope(row.name, last_component(parent_scope(group)));
  }
  return std::string(last);
}

}  // namespace thaw::internal
