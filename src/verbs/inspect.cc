#include "thaw/inspect.h"

#include <algorithm>
#include <map>

#include "io/blame.h"
#include "subject/open_subject.h"
#include "tensor/statistics.h"
#include "verbs/describe_subject.h"
#include "verbs/inspect_checkpoint.h"
#include "verbs/inspect_graph.h"

namespace thaw {

using namespace internal;

namespace {

constexpr std::uint64_t kMostMade = 1u << 30;

// Reads what was listed, and tells how far it is.
class StatisticsReader {
 public:
  StatisticsReader(const InspectOptions& options, StoredSet* stored) : options_(options), stored_(stored) {}

  void run(InspectReport& report, const std::vector<std::vector<std::optional<Value>>>& values) {
    for (const InspectedGraph& graph : report.graphs) {
      for (const InspectedWeight& weight : graph.weights) total_ += weight.bytes;
    }
    if (report.checkpoint) {
      for (const InspectedEntry& entry : report.checkpoint->entries) total_ += entry.bytes;
    }
    for (std::size_t i = 0; i < report.graphs.size(); ++i) {
      std::vector<InspectedWeight>& weights = report.graphs[i].weights;
      for (std::size_t k = 0; k < weights.size(); ++k) take_weight(weights[k], values[i][k]);
    }
    if (!report.checkpoint) return;
    for (InspectedEntry& entry : report.checkpoint->entries) take_entry(entry);
  }

 private:
  void take_weight(InspectedWeight& weight, const std::optional<Value>& value) {
    if (!value || !has_statistics(value->dtype()) || (weight.frozen && !is_worth_it(*value))) return;
    weight.statistics = take(*value);
    const bool whole = stored_ != nullptr && !weight.frozen && weight.statistics &&
                       stored_->find(weight.keys.front())->shape == value->shape();
    if (whole) by_key_.emplace(weight.keys.front(), *weight.statistics);
  }

  // One number of a constant may stand for terabytes: no more than this is made of those that are not there.
  bool is_worth_it(const Value& value) {
    if (value.place()) return true;
    if (value.byte_size() > kMostMade - made_) return false;
    made_ += value.byte_size();
    return true;
  }

  void take_entry(InspectedEntry& entry) {
    const auto known = by_key_.find(entry.key);
    if (known != by_key_.end()) {
      entry.statistics = known->second;
    } else if (has_statistics(entry.dtype)) {
      entry.statistics = take(stored_->value(entry.key));
    }
  }

  TensorStatistics take(const Value& value) {
    return take_statistics(value, [this](std::uint64_t bytes) {
      done_ += bytes;
      if (options_.stop && options_.stop()) throw Error(ErrorKind::interrupted, "stopped");
      if (options_.progress) options_.progress(std::min(done_, total_), total_);
    });
  }

  const InspectOptions& options_;
  StoredSet* stored_;
  std::map<std::string, TensorStatistics> by_key_;
  std::uint64_t done_ = 0, total_ = 0, made_ = 0;
};

std::vector<const Model*> chosen_models(const Subject& subject, const std::string& tags) {
  std::vector<const Model*> models;
  if (!tags.empty()) {
    if (subject.models.empty()) {
      throw Error(ErrorKind::usage, "--tag-set for a checkpoint, which has no MetaGraph",
                  "a SavedModel, or no --tag-set", "leave it out");
    }
    return {&choose_model(subject, tags)};
  }
  for (const Model& model : subject.models) models.push_back(&model);
  return models;
}

// Only for advice.
std::vector<Bytes> all_names(const Subject& subject, const InspectReport& report) {
  std::vector<Bytes> names;
  for (const Model& model : subject.models) {
    for (NodeId id = 0; id < model.graph->node_count(); ++id) names.push_back(model.graph->name(id));
  }
  if (subject.values) {
    for (const StoredEntry& entry : subject.values->entries()) names.push_back(entry.name);
  }
  for (const InspectedGraph& graph : report.graphs) {
    for (const InspectedWeight& weight : graph.weights) names.push_back(weight.name);
  }
  return names;
}

InspectReport inspect_subject(const Subject& subject, const InspectOptions& options, const Destination& files,
                              NameFilter& filter) {
  InspectReport report = describe_subject(files, subject);
  std::vector<std::vector<std::optional<Value>>> values;
  for (const Model* model : chosen_models(subject, options.tag_set)) {
    GraphInspection seen = inspect_graph(*model, subject.values.get(), options, filter);
    report.graphs.push_back(std::move(seen.graph));
    values.push_back(std::move(seen.values));
  }
  if (subject.values) report.checkpoint = inspect_checkpoint(*subject.values, options, filter);
  if (filter.left_over()) report.unmatched = filter.unmatched(all_names(subject, report));
  if (options.statistics) StatisticsReader(options, subject.values.get()).run(report, values);
  for (const Model& model : subject.models) model.file->check_unchanged();
  return report;
}

bool names_a_file(const Error& error, const Subject& subject) {
  if (error.places().empty()) return false;
  return std::ranges::any_of(subject.files, [&](const std::filesystem::path& file) {
    return error.places().front().starts_with(file.string());
  });
}

}  // namespace

InspectReport inspect(const std::filesystem::path& path, const InspectOptions& options,
                      const std::shared_ptr<Destination>& files) {
  NameFilter filter("--match", options.match);
  const Subject subject = open_subject(*files, path);
  try {
    return blaming(ErrorKind::input_io, [&] { return inspect_subject(subject, options, *files, filter); });
  } catch (Error& error) {  // several may be inspected at once
    if (error.kind() == ErrorKind::malformed && !names_a_file(error, subject)) error.at(path.string());
    throw;
  }
}

}  // namespace thaw
