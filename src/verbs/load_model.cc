#include "model/read_attribute.h"
#include "subject/open_subject.h"
#include "thaw/error.h"
#include "thaw/inspect.h"
#include "thaw/model.h"
#include "verbs/describe_subject.h"
#include "verbs/inspect_graph.h"
#include "verbs/name_filter.h"

namespace thaw {

using namespace internal;

struct LoadedModel::Parts {
  std::shared_ptr<Destination> files;  // outlives what was opened through it
  Subject subject;
  const Model* model = nullptr;
  InspectReport report;
  std::vector<std::optional<Value>> values;
};

LoadedModel LoadedModel::open(const std::filesystem::path& path, const LoadOptions& options,
                              const std::shared_ptr<Destination>& files) {
  auto parts = std::make_shared<Parts>();
  parts->files = files;
  parts->subject = open_subject(*files, path);
  const Subject& subject = parts->subject;
  if (subject.models.empty()) {
    throw Error(ErrorKind::usage, thaw::quoted(path.string()) + " is a checkpoint without a graph",
                "a model, a SavedModel or a MetaGraphDef", "CheckpointReader reads checkpoints");
  }
  parts->model = &choose_model(subject, options.tag_set);
  NameFilter filter("match", {});
  GraphInspection seen = inspect_graph(*parts->model, subject.values.get(), InspectOptions{}, filter);
  parts->values = std::move(seen.values);
  parts->report = describe_subject(*files, subject);
  parts->report.graphs.push_back(std::move(seen.graph));
  return LoadedModel(std::move(parts));
}

const InspectReport& LoadedModel::report() const { return parts_->report; }

const std::optional<Value>& LoadedModel::value(std::size_t weight) const { return parts_->values.at(weight); }

std::size_t LoadedModel::node_count() const { return parts_->model->graph->node_count(); }

std::string_view LoadedModel::node_name(std::size_t node) const {
  return parts_->model->graph->name(static_cast<NodeId>(node));
}

std::string_view LoadedModel::node_op(std::size_t node) const {
  return parts_->model->graph->op(static_cast<NodeId>(node));
}

std::optional<std::size_t> LoadedModel::find_node(std::string_view name) const {
  const NodeId id = parts_->model->graph->find(name);
  return id == kNoNode ? std::nullopt : std::optional<std::size_t>(id);
}

ModelNode LoadedModel::node(std::size_t node) const {
  return read_node(*parts_->model->graph, static_cast<NodeId>(node));
}

}  // namespace thaw
