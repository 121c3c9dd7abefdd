#include "passes/frozen_functions.h"

#include <algorithm>

#include "draft/library_edit.h"
#include "io/crc32c.h"
#include "passes/frozen_function.h"
#include "thaw/error.h"

namespace thaw::internal {

namespace {

// A chain of Identities in a file may be a circle.
constexpr std::size_t kLongestWay = 1000;
// Ways of calling grow by powers; what a file of a few hundred bytes may ask for ends here.
constexpr std::uint64_t kMostNodes = 4'000'000;

// What makes two ways of calling a function different.
std::string key_of(const std::string& function, const FrozenSlots& arguments, bool is_body) {
  std::string key = function + (is_body ? " body" : "");
  for (const auto& [index, value] : arguments) {
    key += " " + std::to_string(index) + ":" + std::string(name_of(value.dtype)) + value.shape.to_string();
  }
  return key;
}

const FunctionNode* find_node(const FunctionDef& function, Bytes name) {
  const auto named = [&](const FunctionNode& node) { return node.node.name == name; };
  const auto found = std::ranges::find_if(function.nodes, named);
  return found == function.nodes.end() ? nullptr : &*found;
}

// The argument that a result is, behind operations that give on what they take.
std::optional<std::uint32_t> argument_behind(const FunctionDef& function, std::string tensor) {
  for (std::size_t i = 0; i < kLongestWay; ++i) {
    const FunctionInput parts = parse_function_input(tensor);
    const FunctionNode* node = find_node(function, parts.node);
    if (node == nullptr) {
      const auto argument = std::ranges::find(function.inputs, parts.node, &FunctionArg::name);
      if (argument == function.inputs.end()) return std::nullopt;
      return static_cast<std::uint32_t>(argument - function.inputs.begin());
    }
    const Bytes op = node->node.op;
    const bool each = op == "While" || op == "StatelessWhile" || op == "IdentityN";
    const std::uint32_t slot = each ? parts.number : 0;
    if ((op != "Identity" && !each) || slot >= data_input_count(node->node)) return std::nullopt;
    tensor = node->node.inputs[slot];
  }
  return std::nullopt;
}

}  // namespace

std::uint32_t FrozenFunctions::checksum() const {
  if (checksum_) return *checksum_;
  std::uint32_t checksum = 0;
  for (std::size_t i = 0; i < library_.functions().size(); ++i)
    library_.field(i).pour([&](Bytes bytes) { checksum = crc32c_extend(checksum, bytes); });
  checksum_ = checksum;
  return checksum;
}

std::optional<std::uint32_t> FrozenFunctions::given_back(std::size_t callee, std::uint32_t output) const {
  const FunctionDef& function = library_.functions()[callee];
  if (output >= function.outputs.size() || function.outputs[output].type != DType::resource)
    return std::nullopt;
  const std::string* result = function.find_return(function.outputs[output].name);
  return result == nullptr ? std::nullopt : argument_behind(function, *result);
}

std::optional<std::uint32_t> FrozenFunctions::given_back(const CallSite& site, std::uint32_t output) const {
  if (site.kind == CallKind::loop) return output;
  const std::optional<std::uint32_t> argument = given_back(site.callees[0].function, output);
  const auto differs = [&](const Callee& callee) { return given_back(callee.function, output) != argument; };
  return std::ranges::any_of(site.callees, differs) ? std::nullopt : argument;
}

// Named after all that it is made from, which is less than its content: functions may call each other in a
// circle.
std::string FrozenFunctions::name_of(std::size_t function, const std::string& key) const {
  constexpr std::string_view kDigits = "0123456789abcdef";
  const std::uint32_t number = crc32c_extend(checksum(), key);
  std::string name = library_.functions()[function].name + "_frozen_";
  for (int shift = 28; shift >= 0; shift -= 4) name += kDigits[(number >> shift) & 15];
  while (library_.find(name) != kNoFunction) name += "_";
  return name;
}

std::vector<std::string> FrozenFunctions::names(const CallSite& site, const FrozenSlots& arguments) {
  std::vector<std::string> names;
  for (const Callee& callee : site.callees) {
    const bool is_body = callee.attr == "body";
    const std::string key = key_of(library_.functions()[callee.function].name, arguments, is_body);
    const auto [known, is_new] = names_.try_emplace(key);
    if (is_new) {
      known->second = name_of(callee.function, key);
      wishes_.push_back({callee.function, arguments, is_body, known->second});
    }
    names.push_back(known->second);
  }
  return names;
}

void FrozenFunctions::make() {
  while (!wishes_.empty()) {
    const Wish wish = std::move(wishes_.front());
    wishes_.pop_front();
    try {
      make(wish);
    } catch (Error& error) {
      throw error.at("function " + thaw::quoted(library_.functions()[wish.function].name));
    }
  }
}

void FrozenFunctions::make(const Wish& wish) {
  const FunctionDef& was = library_.functions()[wish.function];
  FrozenFunction frozen = freeze_function(was, wish.arguments, *this);
  const auto comes_out = [&](const auto& argument) { return frozen.results.contains(argument.first); };
  const auto is_told = [&](const auto& result) {
    return wish.is_body ? wish.arguments.contains(result.first)
                        : given_back(wish.function, result.first).has_value();
  };
  const bool comes_back = !wish.is_body || std::ranges::all_of(wish.arguments, comes_out);
  if (!comes_back || !std::ranges::all_of(frozen.results, is_told)) {
    throw Error(ErrorKind::unsupported, "a variable among its results is not the one that it was given",
                "functions that give variables back as they came", "--keep-variables leaves them variables");
  }
  nodes_ += was.nodes.size();
  if (nodes_ > kMostNodes)
    throw Error(ErrorKind::unsupported, "the functions would become too many",
                "4 million nodes of functions");
  frozen.function.name = wish.name;
  changes_.push_back({"Z7", wish.name, was.name + " with constants as arguments"});
  for (const Change& change : frozen.changes)
    changes_.push_back({change.rule, wish.name + "/" + change.node, change.what});
  Made made{wish.function, encode_function(frozen.function), {}};
  for (const FunctionNode& node : frozen.function.nodes) {
    for (const std::size_t named : named_functions(node.node, library_)) made.named.push_back(named);
  }
  made_.push_back(std::move(made));
}

std::vector<bool> FrozenFunctions::reached(std::vector<std::size_t> work) const {
  std::vector<bool> seen(library_.functions().size());
  while (!work.empty()) {
    const std::size_t function = work.back();
    work.pop_back();
    if (seen[function]) continue;
    seen[function] = true;
    for (const FunctionNode& node : library_.functions()[function].nodes) {
      for (const std::size_t inner : named_functions(node.node, library_)) work.push_back(inner);
    }
  }
  return seen;
}

FrozenLibrary FrozenFunctions::finish(const std::vector<std::size_t>& by_graph,
                                      const std::vector<std::size_t>& before, bool with_others) const {
  const std::vector<bool> was_reached = reached(before);
  std::vector<std::size_t> wanted = by_graph;
  for (const Made& made : made_) wanted.insert(wanted.end(), made.named.begin(), made.named.end());
  for (std::size_t i = 0; i < was_reached.size(); ++i) {
    const bool stays = library_.has_gradient(library_.functions()[i].name) || !was_reached[i];
    if (with_others && stays) wanted.push_back(i);
  }
  const std::vector<bool> stays = reached(std::move(wanted));
  std::multimap<std::size_t, const Recipe*> made;
  for (const Made& one : made_) made.emplace(one.function, &one.field);
  Recipe functions;
  FrozenLibrary library;
  for (std::size_t i = 0; i < stays.size(); ++i) {
    if (stays[i]) functions.add(library_.field(i));
    const auto [first, last] = made.equal_range(i);
    for (auto next = first; next != last; ++next) functions.add(*next->second);
    library.functions.insert(library.functions.end(), stays[i] + made.count(i), i);
  }
  library.rest = library_.rest_with(std::move(functions));
  return library;
}

}  // namespace thaw::internal
