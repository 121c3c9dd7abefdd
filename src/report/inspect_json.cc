#include <algorithm>

#include "report/json_writer.h"
#include "thaw/inspect.h"

namespace thaw {

namespace {

class InspectJson {
 public:
  explicit InspectJson(const InspectReport& report) : report_(report) {}

  std::string run() {
    json_.begin_object().field("schema", "thaw.inspect/1");
    source();
    if (report_.graphs.empty()) {
      no_graph();
    } else {
      graph(report_.graphs.front());
    }
    json_.key("others").begin_array();
    for (std::size_t i = 1; i < report_.graphs.size(); ++i) {
      json_.begin_object();
      graph(report_.graphs[i]);
      warnings(report_.graphs[i].warnings, {});
      json_.end_object();
    }
    json_.end_array();
    checkpoint();
    warnings(report_.graphs.empty() ? std::vector<std::string>{} : report_.graphs.front().warnings,
             report_.warnings);
    return json_.end_object().take();
  }

 private:
  template <typename List, typename Show>
  void list(std::string_view name, const List& items, Show show) {
    json_.key(name).begin_array();
    for (const auto& item : items) {
      json_.begin_object();
      show(item);
      json_.end_object();
    }
    json_.end_array();
  }

  void source() {
    json_.key("source").begin_object();
    json_.field("path", report_.path).field("bytes", report_.bytes).field("format", report_.format);
    files();
    json_.end_object();
  }

  void files() {
    list("files", report_.files,
         [&](const ReportedFile& file) { json_.field("path", file.path).field("bytes", file.bytes); });
  }

  void warnings(const std::vector<std::string>& first, const std::vector<std::string>& second) {
    json_.key("warnings").begin_array();
    for (const auto* texts : {&first, &second}) {
      for (const std::string& text : *texts) json_.value(text);
    }
    json_.end_array();
  }

  // A checkpoint alone: its weights are the totals.
  void no_graph() {
    const InspectedTotal total = report_.checkpoint ? report_.checkpoint->weights : InspectedTotal{};
    for (const char* name : {"inputs", "outputs"}) json_.key(name).begin_array().end_array();
    json_.key("nodes").null();
    json_.field("weights", total.tensors)
        .field("parameters", total.numbers)
        .field("weight_bytes", total.bytes);
    json_.key("ops").null();
    json_.key("producer").null();
  }

  void graph(const InspectedGraph& graph) {
    tensors("inputs", graph.inputs);
    tensors("outputs", graph.outputs);
    json_.field("nodes", graph.nodes);
    totals(graph);
    ops(graph);
    json_.field("producer", graph.producer);
    origin(graph);
    json_.field("functions", graph.functions).field("function_nodes", graph.function_nodes);
    list("signatures", graph.signatures, [&](const InspectedSignature& signature) {
      json_.field("name", signature.name).field("method", signature.method);
      tensors("inputs", signature.inputs);
      tensors("outputs", signature.outputs);
    });
    list("variables", graph.weights, [&](const InspectedWeight& weight) { show(weight); });
    constants(graph);
    training(graph.training);
    refusal(graph.refusal);
    scopes(graph.scopes);
  }

  void totals(const InspectedGraph& graph) {
    InspectedTotal all;
    for (const InspectedTotal* total : {&graph.trainable, &graph.statistic, &graph.state}) {
      all.tensors += total->tensors;
      all.numbers += total->numbers;
      all.bytes += total->bytes;
    }
    json_.field("weights", all.tensors).field("parameters", all.numbers).field("weight_bytes", all.bytes);
    json_.key("roles").begin_object();
    role("trainable", graph.trainable);
    role("statistic", graph.statistic);
    role("state", graph.state);
    json_.end_object();
  }

  void role(std::string_view name, const InspectedTotal& total) {
    json_.key(name).begin_object();
    json_.field("weights", total.tensors).field("parameters", total.numbers).field("bytes", total.bytes);
    json_.end_object();
  }

  void ops(const InspectedGraph& graph) {
    json_.key("ops").begin_object();
    for (const InspectedOp& op : graph.ops) {
      if (op.nodes > 0) json_.field(op.op, op.nodes);
    }
    json_.end_object().key("function_ops").begin_object();
    for (const InspectedOp& op : graph.ops) {
      if (op.nodes_of_functions > 0) json_.field(op.op, op.nodes_of_functions);
    }
    json_.end_object().key("gradients").begin_object();
    for (const InspectedOp& op : graph.ops) {
      if (op.gradient != OpGradient::passes) json_.field(op.op, name_of(op.gradient));
    }
    json_.end_object();
  }

  void origin(const InspectedGraph& graph) {
    json_.field("tags", graph.tags);
    json_.field("tensorflow_version", graph.tensorflow_version);
    json_.field("tensorflow_git_version", graph.tensorflow_git_version);
    json_.field("made_by", graph.made_by);
    list("tools", graph.tools, [&](const InspectedTool& tool) {
      json_.field("tool", tool.tool).field("mark", tool.mark).field("nodes", tool.count);
      json_.field("example", tool.example);
    });
  }

  void tensors(std::string_view name, const std::vector<InspectedTensor>& tensors) {
    list(name, tensors, [&](const InspectedTensor& tensor) {
      json_.field("name", tensor.name).field("key", tensor.key).field("dtype", name_of(tensor.dtype));
      json_.field("shape", tensor.shape).field("why", tensor.why);
    });
  }

  void place(const std::optional<ReportedPlace>& place) {
    json_.key("function");
    if (!place) {
      json_.null();
      return;
    }
    json_.begin_object().field("name", place->function).field("node", place->node).end_object();
  }

  void show(const InspectedWeight& weight) {
    json_.field("name", weight.name).field("node", weight.node);
    place(weight.place);
    json_.field("keys", weight.keys).field("dtype", name_of(weight.dtype)).field("shape", weight.shape);
    json_.field("bytes", weight.bytes).field("role", name_of(weight.role)).field("frozen", weight.frozen);
    json_.field("has_value", weight.has_value).field("derived", weight.derived);
    json_.key("stored");
    weight.stored == DType::invalid ? json_.null() : json_.value(name_of(weight.stored));
    reasons(weight.reasons);
    statistics(weight.statistics);
  }

  void reasons(const Reasons& reasons) {
    json_.key("rules").begin_array();
    for (const Reason& reason : reasons) json_.value(reason.rule);
    json_.end_array();
  }

  void statistics(const std::optional<TensorStatistics>& found) {
    if (!found) return;
    json_.key("statistics").begin_object();
    json_.field("numbers", found->numbers).field("min", found->min).field("max", found->max);
    json_.field("mean", found->mean).field("deviation", found->deviation).field("zeros", found->zeros);
    json_.field("nans", found->nans).field("infinities", found->infinities);
    json_.end_object();
  }

  void constants(const InspectedGraph& graph) {
    json_.key("constants").begin_object();
    json_.field("nodes", graph.constants.tensors).field("numbers", graph.constants.numbers);
    json_.field("bytes", graph.constants.bytes).field("kept", graph.kept_count);
    list("unsure", graph.unsure, [&](const ReportedConstant& constant) {
      json_.field("node", constant.node);
      place(constant.place);
      json_.field("dtype", name_of(constant.dtype)).field("shape", constant.shape);
      reasons(constant.reasons);
    });
    json_.end_object();
  }

  void blocks(std::string_view name, const std::vector<InspectedBlock>& blocks) {
    list(name, blocks, [&](const InspectedBlock& block) {
      json_.field("op", block.op).field("nodes", block.nodes).field("node", block.node);
      json_.field("function", block.function);
    });
  }

  void training(const InspectedTraining& training) {
    json_.key("training").begin_object();
    json_.field("trainable", training.trainable).field("reached", training.reached);
    json_.field("derived", training.derived);
    blocks("without_gradient", training.blocked);
    blocks("unknown_ops", training.unknown);
    control_flow(training.control_flow);
    json_.end_object();
  }

  void control_flow(const std::optional<ReportedControlFlow>& found) {
    json_.key("control_flow");
    if (!found) {
      json_.null();
      return;
    }
    json_.begin_object();
    list("loops", found->loops, [&](const ReportedLoop& loop) {
      json_.field("frame", loop.frame).field("depth", loop.depth).field("variables", loop.variables);
      json_.field("trains", loop.trains);
    });
    json_.field("conds", found->conds).field("blocked_conds", found->blocked_conds);
    json_.field("problems", found->problems).end_object();
  }

  void refusal(const std::optional<InspectedRefusal>& refusal) {
    json_.key("refusal");
    if (!refusal) {
      json_.null();
      return;
    }
    json_.begin_object().field("problem", refusal->problem).field("hint", refusal->hint).end_object();
  }

  void scopes(const std::vector<InspectedScope>& scopes) {
    if (scopes.empty()) return;
    list("scopes", scopes, [&](const InspectedScope& scope) {
      json_.field("name", scope.name).field("nodes", scope.nodes).field("weights", scope.weights);
      json_.field("parameters", scope.parameters).field("bytes", scope.bytes);
    });
  }

  void checkpoint() {
    json_.key("checkpoint");
    if (!report_.checkpoint) {
      json_.null();
      return;
    }
    const InspectedCheckpoint& found = *report_.checkpoint;
    json_.begin_object().field("prefix", found.prefix).field("format", found.format);
    json_.field("numbers", found.total.numbers).field("bytes", found.total.bytes);
    list("entries", found.entries, [&](const InspectedEntry& entry) {
      json_.field("key", entry.key).field("name", entry.name).field("dtype", name_of(entry.dtype));
      json_.field("shape", entry.shape).field("bytes", entry.bytes).field("kind", entry.kind);
      statistics(entry.statistics);
    });
    scopes(found.scopes);
    json_.end_object();
  }

  const InspectReport& report_;
  JsonWriter json_;
};

}  // namespace

std::string to_json(const InspectReport& report) { return InspectJson(report).run(); }

}  // namespace thaw
