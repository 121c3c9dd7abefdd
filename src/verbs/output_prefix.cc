#include "checkpoint/bundle_names.h"
#include "io/blame.h"
#include "subject/find_checkpoint.h"
#include "thaw/thaw.h"

namespace thaw {

using namespace internal;

std::filesystem::path model_file(const std::filesystem::path& model, const Destination& files) {
  return blaming(ErrorKind::input_io, [&] {
    return is_folder(files, model) ? saved_model_file(files, model).value_or(model) : model;
  });
}

std::filesystem::path output_prefix(const std::filesystem::path& model, const std::string& output,
                                    const std::filesystem::path& saved_model) {
  if (output.empty() && !saved_model.empty()) return {};
  const std::filesystem::path plain = model.has_filename() ? model : model.parent_path();
  if (output.empty()) return std::filesystem::path(plain.stem().string() + ".thawed") / "model.ckpt";
  const std::filesystem::path path = output;
  if (output.ends_with('/') || posix_destination()->exists(path / ".")) return path / "model.ckpt";
  return prefix_of(path);
}

std::filesystem::path transplant_output(const std::filesystem::path& model,
                                        const std::filesystem::path& target, const std::string& output) {
  const std::shared_ptr<Destination> files = posix_destination();
  const bool saved_model = blaming(ErrorKind::input_io, [&] {
    return files->exists(target / "variables" / "variables.index") && is_saved_model(*files, target);
  });
  const std::string ending = target.extension().string();
  if (!output.empty() && saved_model) {
    const std::filesystem::path path = output;
    return path.has_filename() ? path : path.parent_path();
  }
  const std::filesystem::path usual = output_prefix(model, output);
  if (!output.empty()) return usual;
  if (saved_model) return usual.parent_path() / "saved_model";
  return ending == ".h5" || ending == ".keras" ? usual.parent_path() / target.filename() : usual;
}

}  // namespace thaw
