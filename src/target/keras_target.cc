#include "target/keras_target.h"

#include <algorithm>
#include <tuple>

#include "io/recipe.h"
#include "keras/h5_file.h"
#include "match/series.h"
#include "target/keras_names.h"
#include "thaw/error.h"

namespace thaw::internal {

namespace {

constexpr const char* kWeightsMember = "model.weights.h5";

ZipMember weights_member(const Source& file) {
  for (ZipMember& member : read_zip(file)) {
    if (member.name != kWeightsMember) continue;
    if (member.fault.empty()) return member;
    throw Error(ErrorKind::unsupported, thaw::quoted(member.name) + " " + member.fault,
                "a member that is stored as it is", "save the model with Keras again: model.save('x.keras')");
  }
  throw Error(ErrorKind::unsupported, "a zip file without " + thaw::quoted(kWeightsMember),
              "what model.save('x.keras') leaves", "give the .keras or .weights.h5 file of your model");
}

SourcePtr part_of(const SourcePtr& file, const Range& range) {
  Recipe part;
  part.add(file, range);
  return std::move(part).as_source(file->name());
}

void refuse_fault(const H5Dataset& dataset) {
  if (dataset.fault.empty()) return;
  throw Error(ErrorKind::unsupported, thaw::quoted(dataset.path) + " " + dataset.fault,
              "values that lie in the file as they are, as Keras writes them",
              "load the weights into your model and save them again with model.save_weights");
}

class KerasReader {
 public:
  KerasReader(const SourcePtr& file, std::optional<ZipMember> member)
      : places_{file, {}, std::move(member)},
        start_(places_.member ? places_.member->data.at : 0),
        h5_(read_h5(places_.member ? part_of(file, places_.member->data) : file)) {}

  Target run() {
    const std::vector<KerasName> names = keras_names(h5_);
    for (std::size_t i = 0; i < names.size(); ++i) add(h5_.datasets[i], names[i]);
    if (target_.slots.empty()) {
      throw Error(ErrorKind::unsupported, "holds no weights", "the weights of a model whose layers are built",
                  "call the model once, or give it an input shape, before it is saved");
    }
    // Layers of one class, and what is in them, by their numbers.
    std::ranges::sort(target_.slots, {}, [](const Slot& slot) {
      SeriesPlace place = series_place(slot.keys.front());
      return std::tuple(std::move(place.pattern), std::move(place.numbers));
    });
    target_.ordinal = !tells_layer_names(h5_);
    describe();
    target_.patched = std::move(places_);
    return std::move(target_);
  }

 private:
  void add(const H5Dataset& dataset, const KerasName& name) {
    if (name.part == KerasPart::unknown_optimizer && target_.warnings.empty())
      target_.warnings.emplace_back(
          "the state of the target's optimizer is left as it is: what it begins with is not known");
    const bool is_slot = name.part == KerasPart::weight || name.part == KerasPart::optimizer;
    if (!is_slot || dataset.shape.element_count() == 0) return;
    refuse_fault(dataset);
    const Range place{start_ + dataset.data.at, dataset.data.size};
    const Value own = Value::from_range(dataset.dtype, dataset.shape, places_.file, place);
    target_.slots.push_back({name.name, {dataset.path}, dataset.dtype, dataset.shape, {}, own, {}, false});
    places_.places.emplace(dataset.path, place);
  }

  void describe() {
    const bool whole = places_.member || h5_.text("", "model_config") != nullptr;
    target_.result = whole ? ResultKind::keras_model : ResultKind::keras_weights;
    target_.format = whole ? "Keras model" : "Keras weights";
  }

  FileWithPlaces places_;
  std::uint64_t start_;
  H5File h5_;
  Target target_;
};

}  // namespace

bool looks_like_keras(Bytes front) { return looks_like_h5(front) || looks_like_zip(front); }

Target open_keras_target(const SourcePtr& file) {
  char front[4] = {};
  if (file->size() >= sizeof front) file->read_at(0, std::as_writable_bytes(std::span(front)));
  std::optional<ZipMember> member;
  if (looks_like_zip(Bytes(front, sizeof front))) member = weights_member(*file);
  return KerasReader(file, std::move(member)).run();
}

}  // namespace thaw::internal
