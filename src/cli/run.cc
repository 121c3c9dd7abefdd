#include "cli/run.h"

#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>

#include "cli/interruption.h"
#include "cli/terminal.h"

namespace thaw::cli {

namespace {

void print_next(const ThawReport& report) {
  if (report.saved_model)
    std::fprintf(stderr, "next:  model = tf.saved_model.load(%s)  # model.%s\n",
                 python_quoted(report.saved_model->path).c_str(),
                 report.saved_model->objects ? "trainable_variables" : "variables");
  if (report.prefix.empty()) return;
  std::fprintf(stderr,
               "next:  saver = tf.compat.v1.train.import_meta_graph(%s); saver.restore(session, %s)\n",
               python_quoted(report.prefix + ".meta").c_str(), python_quoted(report.prefix).c_str());
  if (!report.locals.empty())
    std::fputs("       session.run(tf.compat.v1.local_variables_initializer())\n", stderr);
}

const char* call_of(const TransplantReport& report) {
  switch (report.result) {
    case ResultKind::checkpoint:
      return report.target_format == "object checkpoint" ? "tf.train.Checkpoint(model=model).restore(%s)"
                                                         : "tf.compat.v1.train.Saver().restore(session, %s)";
    case ResultKind::keras_weights:
      return "model.load_weights(%s)";
    case ResultKind::keras_model:
      return "model = keras.models.load_model(%s)";
    case ResultKind::saved_model:
      return "model = tf.saved_model.load(%s)";
  }
  return "";
}

// In code that already has its graph, or its layers.
void print_next(const TransplantReport& report) {
  const std::string call = call_of(report);
  const std::size_t place = call.find("%s");
  std::fprintf(stderr, "next:  %s%s%s\n", call.substr(0, place).c_str(), python_quoted(report.prefix).c_str(),
               call.substr(place + 2).c_str());
}

template <typename Report>
void show(const Report& report, const ReportWishes& wishes) {
  if (wishes.json) {
    print(to_json(report) + "\n");
  } else if (!wishes.quiet) {
    print(to_text(report, {wants_color(wishes.color, STDOUT_FILENO), wishes.verbose}));
  }
  for (const std::string& warning : report.warnings) std::fprintf(stderr, "warning: %s\n", warning.c_str());
  const bool written = !report.files.empty();
  if (!wishes.quiet && !wishes.json && written) print_next(report);
}

// For those who asked for no report, which would have told it.
void tell_incomplete() {
  const Error error(ErrorKind::missing_values, "the plan is not complete: nothing was written",
                    "a value for each entry of the target", "the same without -q lists what is missing");
  std::fputs(to_text(error).c_str(), stderr);
}

template <typename Options>
void watch(Options& options, ProgressLine& line) {
  options.stop = [] { return interrupted_by() != 0; };
  options.progress = [&line](std::uint64_t done, std::uint64_t total) { line.show(done, total); };
}

}  // namespace

void print(const std::string& text) {
  errno = 0;
  const bool written =
      std::fwrite(text.data(), 1, text.size(), stdout) == text.size() && std::fflush(stdout) == 0;
  if (written || errno == EPIPE) return;
  throw Error(ErrorKind::output_io, std::string("standard output cannot be written: ") + std::strerror(errno),
              "room for the report", "the files, if any were asked for, are complete");
}

std::string python_quoted(const std::string& path) {
  constexpr const char* kDigits = "0123456789abcdef";
  std::string out = "'";
  for (const char c : path) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x20 || byte == 0x7F) {
      out += {'\\', 'x', kDigits[byte >> 4], kDigits[byte & 15]};
    } else {
      if (c == '\'' || c == '\\') out += '\\';
      out += c;
    }
  }
  return out + "'";
}

std::vector<RulesText> read_rules(const std::vector<std::string>& files) {
  std::vector<RulesText> rules;
  for (const std::string& file : files) {
    const SourcePtr source = open_file(file);
    std::string text(static_cast<std::size_t>(source->size()), '\0');
    source->read_at(0, std::as_writable_bytes(std::span(text)));
    rules.push_back({file, std::move(text)});
  }
  return rules;
}

int run(ThawArguments& arguments) {
  ThawOptions& options = arguments.options;
  const ReportWishes& wishes = arguments.report;
  options.rules = read_rules(arguments.rules_files);
  options.list_all = wishes.json || wishes.verbose;
  ProgressLine line(wishes.quiet ? Choice::never : wishes.progress);
  watch(options, line);
  const std::filesystem::path prefix = output_prefix(arguments.model, arguments.output, options.saved_model);
  const ThawReport report = thaw_model(open_file(model_file(arguments.model)), prefix, options);
  line.clear();
  show(report, wishes);
  return wishes.strict && !report.warnings.empty() ? 1 : 0;
}

int run(TransplantArguments& arguments) {
  TransplantOptions& options = arguments.options;
  const ReportWishes& wishes = arguments.report;
  options.rules = read_rules(arguments.rules_files);
  ProgressLine line(wishes.quiet ? Choice::never : wishes.progress);
  watch(options, line);
  const std::filesystem::path prefix = transplant_output(arguments.model, arguments.into, arguments.output);
  const TransplantReport report =
      transplant_model(open_file(model_file(arguments.model)), arguments.into, prefix, options);
  line.clear();
  show(report, wishes);
  if (!report.complete && wishes.quiet && !wishes.json) tell_incomplete();
  return !report.complete || (wishes.strict && !report.warnings.empty()) ? 1 : 0;
}

}  // namespace thaw::cli
