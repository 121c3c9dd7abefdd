#include "python/verb_options.h"

#include <nanobind/stl/optional.h>
#include <nanobind/stl/pair.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include <initializer_list>

#include "python/watch.h"
#include "thaw/error.h"

namespace nb = nanobind;

namespace thaw::python {

namespace {

template <typename Field>
void take(const nb::dict& given, const char* name, Field& field) {
  field = nb::cast<Field>(given[name]);
}

template <typename Word>
struct WordRow {
  const char* word;
  Word means;
};

template <typename Word>
void take_word(const nb::dict& given, const char* name, std::initializer_list<WordRow<Word>> rows,
               Word& field) {
  const auto word = nb::cast<std::string>(given[name]);
  std::string known;
  for (const WordRow<Word>& row : rows) {
    if (word == row.word) {
      field = row.means;
      return;
    }
    known += (known.empty() ? "" : ", ") + std::string(row.word);
  }
  throw Error(ErrorKind::usage, std::string(name) + "=" + thaw::quoted(word), "one of " + known,
              "leave it out");
}

template <typename Options>
void take_renames(const nb::dict& given, Options& options) {
  take(given, "rename", options.rename);
  for (const auto& [name, text] : nb::cast<std::vector<std::pair<std::string, std::string>>>(given["rules"]))
    options.rules.push_back({name, text});
}

// Of the verbs that name weights.
template <typename Options>
void take_names(const nb::dict& given, Options& options) {
  take(given, "thaw", options.thaw);
  take(given, "keep", options.keep);
  take_renames(given, options);
  take(given, "scope", options.scope);
  take(given, "strip_prefix", options.strip_prefix);
}

// Of the verbs that thaw, or look at what was thawed.
template <typename Options>
void take_part(const nb::dict& given, Options& options) {
  take(given, "tag_set", options.tag_set);
  take(given, "signature", options.signature);
}

// Of the verbs that match weights with entries.
template <typename Options>
void take_matching(const nb::dict& given, Options& options) {
  take(given, "float_ops", options.float_ops);
  take(given, "skip", options.skip);
  take(given, "layout", options.layout);
  take(given, "accept_order", options.accept_order);
}

// Of the verbs that write checkpoints to go on from.
template <typename Options>
void take_training(const nb::dict& given, Options& options) {
  take(given, "optimizer", options.optimizer);
  take(given, "global_step", options.global_step);
  take(given, "keep_state", options.keep_state);
}

// Of the verbs that write.
template <typename Options>
void take_writing(const nb::dict& given, Options& options) {
  take(given, "force", options.force);
  take(given, "sync", options.sync);
  take(given, "verify", options.verify);
  take(given, "dry_run", options.dry_run);
}

}  // namespace

ThawOptions thaw_options(const nb::dict& given) {
  ThawOptions options;
  take_names(given, options);
  take_part(given, options);
  take(given, "non_trainable", options.non_trainable);
  take(given, "ema_twins", options.ema_twins);
  take(given, "inputs", options.inputs);
  take(given, "outputs", options.outputs);
  take(given, "prune", options.prune);
  take(given, "clear_devices", options.clear_devices);
  take(given, "expand_cells", options.expand_cells);
  options.saved_model = nb::cast<std::string>(given["saved_model"]);
  take(given, "target_tf", options.target_tf);
  take_word<BatchNorms>(given, "bn", {{"frozen", BatchNorms::frozen}, {"batch", BatchNorms::batch}},
                        options.batch_norms);
  take(given, "unfold_batch_norm", options.unfold_batch_norms);
  take(given, "bn_momentum", options.bn_momentum);
  take(given, "float_ops", options.float_ops);
  take_word<VariableStyle>(given, "variables",
                           {{"resource", VariableStyle::resource}, {"ref", VariableStyle::ref}},
                           options.style);
  take_word<Initializer>(
      given, "init",
      {{"nan", Initializer::nan}, {"restore", Initializer::restore}, {"value", Initializer::value}},
      options.initializer);
  take_training(given, options);
  take_writing(given, options);
  watch(options, given["progress"]);
  return options;
}

TransplantOptions transplant_options(const nb::dict& given) {
  TransplantOptions options;
  take_names(given, options);
  take_part(given, options);
  take_matching(given, options);
  take_word<SlotWish>(given, "slots", {{"reset", SlotWish::reset}, {"keep", SlotWish::keep}}, options.slots);
  take_word<MissingWish>(
      given, "missing",
      {{"error", MissingWish::error}, {"keep", MissingWish::keep}, {"zero", MissingWish::zero}},
      options.missing);
  take(given, "seed", options.seed);
  take_training(given, options);
  take_writing(given, options);
  watch(options, given["progress"]);
  return options;
}

VerifyOptions verify_options(const nb::dict& given) {
  VerifyOptions options;
  take_names(given, options);
  take_part(given, options);
  take(given, "outputs", options.outputs);
  take_matching(given, options);
  take(given, "tolerance", options.tolerance);
  watch(options, given["progress"]);
  return options;
}

DiffOptions diff_options(const nb::dict& given) {
  DiffOptions options;
  take_word<DiffPart>(given, "part",
                      {{"all", DiffPart::all}, {"weights", DiffPart::weights}, {"graph", DiffPart::graph}},
                      options.part);
  take(given, "match", options.match);
  take_renames(given, options);
  take(given, "tag_set", options.tag_set);
  take(given, "tolerance", options.tolerance);
  watch(options, given["progress"]);
  return options;
}

FreezeOptions freeze_options(const nb::dict& given) {
  FreezeOptions options;
  take(given, "outputs", options.outputs);
  take(given, "tag_set", options.tag_set);
  take(given, "signature", options.signature);
  take(given, "inputs", options.inputs);
  take(given, "keep_variables", options.keep_variables);
  take(given, "clear_devices", options.clear_devices);
  take_writing(given, options);
  watch(options, given["progress"]);
  return options;
}

InspectOptions inspect_options(const nb::dict& given) {
  InspectOptions options;
  take(given, "match", options.match);
  take(given, "tag_set", options.tag_set);
  take(given, "statistics", options.statistics);
  take(given, "tree_depth", options.tree_depth);
  watch(options, given["progress"]);
  return options;
}

}  // namespace thaw::python
