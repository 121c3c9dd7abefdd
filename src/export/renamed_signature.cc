#include "export/renamed_signature.h"

#include "messages/node_def.h"
#include "wire/message_reader.h"
#include "wire/message_writer.h"

namespace thaw::internal {

namespace {

constexpr int kDeepest = 16;

class SignatureRenamer {
 public:
  explicit SignatureRenamer(const NameNow& name_now) : name_now_(name_now) {}

  std::optional<std::string> run(Bytes signature) {
    std::string renamed = with(signature, [&](const FieldView& field) {
      return field.is_bytes(1) || field.is_bytes(2) ? std::optional(entry(field.payload)) : std::nullopt;
    });
    if (lost_) return std::nullopt;
    return renamed;
  }

 private:
  // A message in which some fields have other contents.
  template <typename Change>
  std::string with(Bytes message, const Change& change) {
    std::string out;
    MessageReader reader(message);
    for (FieldView field; reader.next(field);) {
      if (const std::optional<std::string> changed = change(field)) {
        MessageWriter(out).bytes(field.number, *changed);
      } else {
        out.append(field.whole);
      }
    }
    return out;
  }

  std::string entry(Bytes message) {
    return with(message, [&](const FieldView& field) {
      return field.is_bytes(2) ? std::optional(info(field.payload)) : std::nullopt;
    });
  }

  // TensorInfo: 1 name, 4 coo_sparse {1, 2, 3 tensors}, 5 composite_tensor {2 components}.
  std::string info(Bytes message) {
    return with(message, [&](const FieldView& field) -> std::optional<std::string> {
      if (field.is_bytes(1)) return tensor(field.payload);
      if (field.is_bytes(4))
        return with(field.payload, [&](const FieldView& part) {
          return part.number <= 3 && part.type == WireType::length_delimited
                     ? std::optional(tensor(part.payload))
                     : std::nullopt;
        });
      if (field.is_bytes(5) && depth_ < kDeepest) return composite(field.payload);
      return std::nullopt;
    });
  }

  std::string composite(Bytes message) {
    ++depth_;
    std::string out = with(message, [&](const FieldView& field) {
      return field.is_bytes(2) ? std::optional(info(field.payload)) : std::nullopt;
    });
    --depth_;
    return out;
  }

  std::string tensor(Bytes text) {
    const InputName name = parse_input(text);
    const std::optional<std::string> now = name_now_(name.node);
    lost_ = lost_ || !now;
    const std::size_t colon = text.rfind(':');
    return now.value_or("") + (colon == Bytes::npos ? "" : std::string(text.substr(colon)));
  }

  const NameNow& name_now_;
  int depth_ = 0;
  bool lost_ = false;
};

}  // namespace

std::optional<NamedMessage> renamed_signature(const NamedMessage& signature, const NameNow& name_now) {
  std::optional<std::string> message = SignatureRenamer(name_now).run(signature.message);
  if (!message) return std::nullopt;
  return NamedMessage{signature.name, std::move(*message)};
}

}  // namespace thaw::internal
