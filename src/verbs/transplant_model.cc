#include <algorithm>

#include "checkpoint/bundle_names.h"
#include "io/absolute_path.h"
#include "thaw/thaw.h"
#include "verbs/axis_orders.h"
#include "verbs/convert_cells.h"
#include "verbs/fill_slots.h"
#include "verbs/float_model.h"
#include "verbs/leave_out.h"
#include "verbs/open_to_thaw.h"
#include "verbs/publish_checkpoint.h"
#include "verbs/refuse_to_replace.h"
#include "verbs/write_legacy.h"
#include "verbs/write_patched.h"
#include "verbs/write_saved_model.h"

namespace thaw {

using namespace internal;

namespace {

struct Transplant {
  Target target;
  ModelWeights model;
  FilledSlots filled;
};

bool is_of_cudnn(const std::string& name) { return name.find("cudnn") != std::string::npos; }

// Cells made to be compatible with CuDNN's do not add the forget bias of 1 that other cells add while they
// run: it is in their numbers. Who built which is not in the names alone.
void warn_of_cells(TransplantReport& report) {
  for (const TransplantedEntry& entry : report.entries) {
    if (entry.origin != Origin::weight || is_of_cudnn(entry.key) == is_of_cudnn(entry.weight)) continue;
    report.warnings.push_back(thaw::quoted(entry.weight) + " and " + thaw::quoted(entry.key) +
                              " may be of cells that differ in their forget bias: CuDNN's has it among its "
                              "numbers, others add 1 while they run");
    return;
  }
}

void warn(const Transplant& plan, TransplantReport& report) {
  report.warnings.insert(report.warnings.end(), plan.target.warnings.begin(), plan.target.warnings.end());
  report.warnings.insert(report.warnings.end(), plan.filled.warnings.begin(), plan.filled.warnings.end());
  const auto left =
      std::ranges::count(plan.filled.findings, FindingKind::left_over, &TransplantFinding::kind);
  if (left > 0) {
    report.warnings.push_back(std::to_string(left) + (left == 1 ? " weight" : " weights") +
                              " of the model found no place in the target");
  }
}

Transplant make_plan_of(const Model& model, const std::filesystem::path& into, const Destination& files,
                        const TransplantOptions& options, TransplantReport& report) {
  Transplant plan{open_target(files, into, options.seed), find_model_weights(model, options), {}};
  report.weights = plan.model.weights.size();
  report.warnings = convert_cells(plan.model, plan.target.slots);
  mark_axis_orders(options.layout, plan.target.slots);
  LeftOut left_out = leave_out(options.skip, plan.model, plan.target);
  report.skipped = std::move(left_out.names);
  const std::vector<bool>& skipped = left_out.slots;
  const Matching matching = match(plan.model.weights, in_models_order(plan.target.slots),
                                  {options.scope.empty(), options.accept_order, skipped,
                                   plan.target.patched.has_value(), plan.target.ordinal});
  plan.filled = fill_slots(plan.model, plan.target, matching, skipped, options);
  report.source_path = model.file->name();
  report.source_bytes = model.file->size();
  report.source_format = name_of(model.kind);
  report.target_path = plan.target.path;
  report.target_format = plan.target.format;
  report.result = plan.target.result;
  for (const Slot& slot : plan.target.slots) report.target_entries += slot.keys.size();
  report.unfrozen = plan.model.unfrozen;
  report.complete = plan.filled.complete;
  report.entries = plan.filled.entries;
  report.findings = plan.filled.findings;
  warn(plan, report);
  warn_of_cells(report);
  return plan;
}

void write(const Model& model, const Transplant& plan, const TransplantOptions& options,
           const std::shared_ptr<Destination>& destination, TransplantReport& report) {
  const std::filesystem::path path = report.prefix;
  const CheckpointContents& contents = plan.filled.contents;
  const bool legacy = !plan.target.patched && plan.target.result == ResultKind::keras_weights;
  if (plan.target.result == ResultKind::saved_model) {
    report.files = write_saved_model(path, plan.target, contents, *model.file, options, destination);
  } else if (plan.target.patched || legacy) {
    const auto writer = legacy ? write_legacy : write_patched;
    report.files = {{path.string(), writer(path, plan.target, contents, *model.file, options, destination)}};
  } else {
    report.files = publish_checkpoint(*model.file, contents, {path, destination}, publish_wishes(options));
  }
  report.values_verified = options.verify;
}

// The target stays as it is, whatever happens: its own name is no place for the result.
void refuse_in_place(const std::filesystem::path& into, const std::filesystem::path& prefix) {
  const auto plain = [](const std::filesystem::path& path) { return absolute_path(prefix_of(path)); };
  if (plain(into) != plain(prefix)) return;
  throw Error(ErrorKind::usage, "the result would replace the target " + thaw::quoted(into.string()),
              "another prefix for the result", "give another name or folder with -o");
}

}  // namespace

TransplantReport transplant_model(const SourcePtr& source, const std::filesystem::path& into,
                                  const std::filesystem::path& prefix, const TransplantOptions& options,
                                  const std::shared_ptr<Destination>& destination) {
  check_prefix(prefix);
  refuse_in_place(into, prefix);
  const Model opened = open_to_thaw(source, {options.tag_set, options.signature, {}}, *destination);
  try {
    const Model model = float_model(opened, {options.thaw, options.keep, options.float_ops});
    TransplantReport report;
    report.prefix = prefix.string();
    report.dry_run = options.dry_run;
    Transplant plan = make_plan_of(model, into, *destination, options, report);
    if (!plan.target.prefix.empty()) refuse_in_place(plan.target.prefix, prefix);
    if (plan.target.result == ResultKind::checkpoint && asks_for_legacy(prefix, plan.target)) {
      plan.target.result = report.result = ResultKind::keras_weights;
      refuse_to_replace(prefix, *model.file, *destination, {"the model", "result", "name"});
    }
    if (plan.target.patched) check_patched_output(prefix, plan.target, *model.file, *destination);
    if (plan.target.result == ResultKind::saved_model)
      check_saved_model_output(prefix, plan.target, plan.filled.contents, *destination);
    if (report.complete && !options.dry_run) write(model, plan, options, destination, report);
    return report;
  } catch (Error& error) {
    const bool about_input =
        error.kind() == ErrorKind::no_weights || error.kind() == ErrorKind::missing_values;
    if (about_input && error.places().empty()) error.at(source->name());
    throw;
  }
}

}  // namespace thaw
