#include "messages/function_ref.h"

#include "messages/attr_value.h"
#include "wire/message_reader.h"
#include "wire/message_writer.h"

namespace thaw::internal {

namespace {

constexpr std::uint32_t kFunc = static_cast<std::uint32_t>(AttrKind::func);
constexpr std::uint32_t kFuncInList = 9;

Bytes name_of(Bytes function) {
  Bytes name;
  MessageReader reader(function);
  for (FieldView field; reader.next(field);) {
    if (field.is_bytes(1)) name = field.payload;
  }
  return name;
}

std::string renamed(Bytes function, const std::string& name) {
  std::string out;
  MessageWriter(out).bytes(1, name);
  MessageReader reader(function);
  for (FieldView field; reader.next(field);) {
    if (!field.is_bytes(1)) out.append(field.whole);
  }
  return out;
}

}  // namespace

std::vector<Bytes> referred_functions(Bytes attr_value) {
  const AttrView view = view_attr(attr_value);
  if (view.kind == AttrKind::func) return {name_of(view.payload)};
  std::vector<Bytes> names;
  if (view.kind != AttrKind::list) return names;
  MessageReader reader(view.payload);
  for (FieldView field; reader.next(field);) {
    if (field.is_bytes(kFuncInList)) names.push_back(name_of(field.payload));
  }
  return names;
}

std::string with_functions(Bytes attr_value, const std::vector<std::string>& names) {
  const AttrView view = view_attr(attr_value);
  std::string out, list;
  if (view.kind == AttrKind::func) {
    MessageWriter(out).bytes(kFunc, renamed(view.payload, names.at(0)));
    return out;
  }
  MessageReader reader(view.payload);
  std::size_t index = 0;
  for (FieldView field; reader.next(field);) {
    if (field.is_bytes(kFuncInList)) {
      MessageWriter(list).bytes(kFuncInList, renamed(field.payload, names.at(index++)));
    } else {
      list.append(field.whole);
    }
  }
  MessageWriter(out).bytes(static_cast<std::uint32_t>(AttrKind::list), list);
  return out;
}

}  // namespace thaw::internal
