#include "messages/control_flow_context.h"

#include "wire/message_writer.h"

namespace thaw::internal {

namespace {

std::string encode(const ValuesDef& values) {
  std::string out;
  MessageWriter writer(out);
  for (const std::string& name : values.values) writer.bytes(1, name);
  for (const auto& [key, value] : values.external_values) {
    std::string entry;
    MessageWriter(entry).bytes(1, key).bytes(2, value);
    writer.bytes(2, entry);
  }
  return out;
}

// Fields that hold their default are not written, as proto3 has it.
void append_text(MessageWriter& writer, std::uint32_t number, const std::string& text) {
  if (!text.empty()) writer.bytes(number, text);
}

void append_integer(MessageWriter& writer, std::uint32_t number, std::int64_t value) {
  if (value != 0) writer.integer(number, value);
}

void append_each(MessageWriter& writer, std::uint32_t number, const std::vector<std::string>& texts) {
  for (const std::string& text : texts) writer.bytes(number, text);
}

std::string nested(std::uint32_t number, const std::string& encoded) {
  std::string out;
  MessageWriter(out).bytes(number, encoded);
  return out;
}

}  // namespace

std::string encode(const CondContextDef& context) {
  std::string out;
  MessageWriter writer(out);
  append_text(writer, 1, context.context_name);
  append_text(writer, 2, context.pred_name);
  append_text(writer, 3, context.pivot_name);
  append_integer(writer, 4, context.branch);
  writer.bytes(5, encode(context.values_def));
  append_each(writer, 6, context.nested_contexts);
  return out;
}

std::string encode(const WhileContextDef& context) {
  std::string out;
  MessageWriter writer(out);
  append_text(writer, 1, context.context_name);
  append_integer(writer, 2, context.parallel_iterations);
  append_integer(writer, 3, context.back_prop ? 1 : 0);
  append_integer(writer, 4, context.swap_memory ? 1 : 0);
  append_text(writer, 5, context.pivot_name);
  append_text(writer, 6, context.pivot_for_pred_name);
  append_text(writer, 7, context.pivot_for_body_name);
  append_each(writer, 8, context.loop_exit_names);
  writer.bytes(9, encode(context.values_def));
  append_each(writer, 10, context.loop_enter_names);
  append_text(writer, 11, context.maximum_iterations_name);
  append_each(writer, 12, context.nested_contexts);
  return out;
}

std::string nested_cond(const std::string& encoded) { return nested(1, encoded); }
std::string nested_while(const std::string& encoded) { return nested(2, encoded); }

}  // namespace thaw::internal
