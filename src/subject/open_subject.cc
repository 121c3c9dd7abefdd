#include "subject/open_subject.h"

#include <algorithm>

#include "checkpoint/bundle_names.h"
#include "io/blame.h"
#include "model/sniff.h"
#include "thaw/error.h"

namespace thaw::internal {

namespace {

using std::filesystem::path;

class SubjectOpener {
 public:
  SubjectOpener(const Destination& files, const path& given) : files_(files), given_(given) {
    subject_.path = given.string();
  }

  Subject open() {
    const bool folder = is_folder(files_, given_);
    if (const auto model = folder ? saved_model_file(files_, given_) : std::nullopt) {
      open_saved_model(*model, given_);
    } else if (const auto checkpoint = find_checkpoint(files_, given_)) {
      open_checkpoint(*checkpoint);
    } else if (folder) {
      throw Error(ErrorKind::input_io,
                  "holds no SavedModel, and no checkpoint or several and no state file that names one",
                  "a folder with one of them", "name the file, or the checkpoint's prefix")
          .at(subject_.path);
    } else {
      open_file();
    }
    return std::move(subject_);
  }

 private:
  // People also keep other graphs under this name.
  void open_saved_model(const path& file, const path& folder) {
    read_models(file);
    const FileKind kind = subject_.models.front().kind;
    subject_.is_saved_model = kind == FileKind::saved_model || kind == FileKind::saved_model_text;
    subject_.format = subject_.is_saved_model ? "SavedModel" : name_of(kind);
    if (subject_.is_saved_model) look_for_values(variables_of(folder));
  }

  void open_checkpoint(const FoundCheckpoint& checkpoint) {
    subject_.values = open_stored_set(files_, checkpoint);
    add_value_files();
    subject_.format = subject_.values->format();
    const path meta = meta_path(subject_.values->prefix());
    if (!files_.exists(meta)) return;
    try {
      read_models(meta);
    } catch (const Error& error) {
      subject_.graph_fault = error.what();
    }
  }

  void open_file() {
    read_models(given_);
    const FileKind kind = subject_.models.front().kind;
    subject_.format = name_of(kind);
    subject_.is_saved_model = kind == FileKind::saved_model || kind == FileKind::saved_model_text;
    if (subject_.is_saved_model) look_for_values(variables_of(given_.parent_path()));
    if (given_.extension() == kMetaSuffix) look_for_values(prefix_of(given_));
  }

  void read_models(const path& file) {
    subject_.models = open_models(files_.open(file));
    subject_.files.push_back(file);
  }

  void look_for_values(const path& prefix) {
    try {
      const auto checkpoint = find_checkpoint(files_, prefix);
      if (!checkpoint) return;
      subject_.values = open_stored_set(files_, *checkpoint);
      add_value_files();
    } catch (const Error& error) {
      subject_.values_fault = error.what();
    }
  }

  void add_value_files() {
    for (path& file : subject_.values->files()) subject_.files.push_back(std::move(file));
  }

  const Destination& files_;
  path given_;
  Subject subject_;
};

std::vector<std::string> split(Bytes text) {
  std::vector<std::string> tags;
  for (std::size_t at = 0; at <= text.size();) {
    const std::size_t end = std::min(text.find(',', at), text.size());
    if (end > at) tags.emplace_back(text.substr(at, end - at));
    at = end + 1;
  }
  std::ranges::sort(tags);
  return tags;
}

const Model* find_tagged(const Subject& subject, Bytes wanted) {
  for (const Model& model : subject.models) {
    std::vector<std::string> tags = model.envelope.tags;
    std::ranges::sort(tags);
    if (tags == split(wanted)) return &model;
  }
  return nullptr;
}

}  // namespace

std::string joined_tags(const std::vector<std::string>& tags) {
  std::string text;
  for (const std::string& tag : tags) text += (text.empty() ? "" : ",") + tag;
  return text;
}

std::string name_of_tags(const std::vector<std::string>& tags) {
  return tags.empty() ? "without tags" : "tagged " + thaw::quoted(joined_tags(tags));
}

Subject open_subject(const Destination& files, const path& given) {
  return blaming(ErrorKind::input_io, [&] { return SubjectOpener(files, given).open(); });
}

const Model& choose_model(const Subject& subject, const std::string& tags) {
  if (subject.models.empty())
    throw Error(ErrorKind::bug, "a subject without graphs was asked for one").at(subject.path);
  if (tags.empty() && subject.models.size() == 1) return subject.models.front();
  // The one without tags is what hub.Module and hub.load take of a module of TensorFlow Hub.
  if (tags.empty()) {
    for (const Bytes usual : {Bytes("serve"), kNoTags}) {
      if (const Model* model = find_tagged(subject, usual)) return *model;
    }
  } else if (const Model* model = find_tagged(subject, tags)) {
    return *model;
  }
  std::string all;
  for (const Model& model : subject.models)
    all += (all.empty() ? "" : "; ") + name_of_tags(model.envelope.tags);
  throw Error(ErrorKind::usage,
              tags.empty() ? "holds several graphs, none of them tagged 'serve' alone"
                           : "holds no graph " + name_of_tags(split(tags)),
              "one of: " + all, "--tag-set with its tags, as in --tag-set serve,gpu; '' for none")
      .at(subject.path);
}

}  // namespace thaw::internal
