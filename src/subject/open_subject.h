// Subject: what a command is about, whatever kind of file or folder it is: graphs, values, or both.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "model/model.h"
#include "subject/stored_set.h"
#include "thaw/tag_set.h"

namespace thaw::internal {

struct Subject {
  std::string path;                   // as it was given
  std::string format;                 // "frozen GraphDef", "SavedModel", "checkpoint", as reports call it
  std::vector<Model> models;          // several of a SavedModel with several tag sets; none: values alone
  std::unique_ptr<StoredSet> values;  // null: no checkpoint belongs to it
  // Why what lies beside it is not used, in one line each; empty when it is, or when there is none.
  std::string values_fault, graph_fault;
  std::vector<std::filesystem::path> files;  // everything that was looked at
  bool is_saved_model = false;               // `path` is its folder or the file in it
};

// A model file of any kind (a `.meta` with the checkpoint beside it, when it is there), a SavedModel's folder
// or file, a checkpoint by prefix, file or folder (with the `.meta` beside it). `files` must outlive it.
// Throws input_io, malformed, unsupported, naming the file.
Subject open_subject(const Destination& files, const std::filesystem::path& path);

// "serve,gpu".
std::string joined_tags(const std::vector<std::string>& tags);
// "tagged 'serve,gpu'", "without tags".
std::string name_of_tags(const std::vector<std::string>& tags);

// One MetaGraph by its tags ("serve", "serve,gpu", kNoTags): that of `tags`; when they are empty the only
// one, else `serve`, else the one without tags. Throws usage, listing them all.
const Model& choose_model(const Subject& subject, const std::string& tags);

}  // namespace thaw::internal
