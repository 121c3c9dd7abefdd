// Looking inside: what a file or folder is, who made it, what it holds, whether it can be trained. Nothing is
// written.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "thaw/destination.h"
#include "thaw/inspected.h"

namespace thaw {

struct InspectOptions {
  // Patterns, as for thaw_model: of weights, entries, inputs, outputs and nodes only these are listed. Totals
  // stay those of the whole.
  std::vector<std::string> match;
  std::string tag_set;                    // one MetaGraph of a SavedModel: "serve", "serve,gpu"
  bool statistics = false;                // of the numbers of every listed weight: reads all their bytes
  std::optional<std::size_t> tree_depth;  // scopes, so many components deep; 0: all

  std::function<bool()> stop;  // asked now and then; true stops with Error interrupted
  // Bytes of values read so far, and in all.
  std::function<void(std::uint64_t done, std::uint64_t total)> progress;
};

// `path`: whatever Thaw reads, see README. Throws input_io, malformed, unsupported, usage and interrupted.
InspectReport inspect(const std::filesystem::path& path, const InspectOptions& options = {},
                      const std::shared_ptr<Destination>& files = posix_destination());

enum class InspectOrder : std::uint8_t { automatic, name, size };

struct InspectStyle {
  bool color = false;
  bool verbose = false;
  std::size_t width = 0;  // of the terminal; 0: there is none, and tables have tabs, whole names, raw numbers
  InspectOrder order = InspectOrder::automatic;
  bool weights = false, ops = false, io = false, tree = false;  // the tables that are wanted
  bool statistics = false;                                      // columns for them
  bool name_file = false;                                       // tables begin with the file's name
};

// The first screen, for people; not to be parsed.
std::string to_text(const InspectReport& report, const InspectStyle& style = {});
// The tables that `style` asks for. Off a terminal `head` puts the names of their columns above them.
std::string to_tables(const InspectReport& report, const InspectStyle& style, bool head = true);
// One line, "schema": "thaw.inspect/1"; docs/schemas/inspect.json describes it.
std::string to_json(const InspectReport& report);

}  // namespace thaw
