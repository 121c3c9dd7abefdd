#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <exception>

#include "cli/arguments.h"
#include "cli/terminal.h"
#include "thaw/thaw.h"

namespace thaw::cli {

namespace {

volatile std::sig_atomic_t interrupted_by = 0;

extern "C" void on_signal(int number) {
  if (interrupted_by != 0) ::_exit(128 + number);  // asked twice: at once
  interrupted_by = number;
}

void install_signals() {
  struct sigaction action{};
  action.sa_handler = on_signal;
  ::sigaction(SIGINT, &action, nullptr);
  ::sigaction(SIGTERM, &action, nullptr);
  std::signal(SIGPIPE, SIG_IGN);
}

// A stream that the caller closed leaves its number to the next file that is opened: the checkpoint would get
// what is meant for the terminal. A stream on /dev/null opened the other way round fails as the closed one.
void occupy_standard_streams() {
  for (const int stream : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
    if (::fcntl(stream, F_GETFD) != -1 || errno != EBADF) continue;
    if (::open("/dev/null", stream == STDIN_FILENO ? O_WRONLY : O_RDONLY) != stream) ::_exit(4);
  }
}

int exit_code(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::usage:
      return 2;
    case ErrorKind::input_io:
    case ErrorKind::malformed:
    case ErrorKind::unsupported:
    case ErrorKind::no_weights:
    case ErrorKind::missing_values:
      return 3;
    case ErrorKind::output_exists:
    case ErrorKind::output_io:
      return 4;
    case ErrorKind::interrupted:
      return 128 + (interrupted_by != 0 ? interrupted_by : SIGINT);
    case ErrorKind::bug:
      return 5;
  }
  return 5;
}

// A reader that has gone away is no failure of ours; a full disk is.
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

void print_next(const ThawReport& report) {
  const std::string prefix = python_quoted(report.prefix);
  std::fprintf(
      stderr,
      "next:  saver = tf.compat.v1.train.import_meta_graph(%s + '.meta'); saver.restore(session, %s)\n",
      prefix.c_str(), prefix.c_str());
  if (!report.locals.empty())
    std::fputs("       session.run(tf.compat.v1.local_variables_initializer())\n", stderr);
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

int run(Arguments& arguments) {
  ThawOptions& options = arguments.options;
  options.rules = read_rules(arguments.rules_files);
  options.list_all = arguments.json || arguments.verbose;
  ProgressLine line(arguments.quiet ? Choice::never : arguments.progress);
  options.stop = [] { return interrupted_by != 0; };
  options.progress = [&](std::uint64_t done, std::uint64_t total) { line.show(done, total); };
  const std::filesystem::path prefix = output_prefix(arguments.model, arguments.output);
  const ThawReport report = thaw_model(open_file(arguments.model), prefix, options);
  line.clear();
  if (arguments.json) {
    print(to_json(report) + "\n");
  } else if (!arguments.quiet) {
    print(to_text(report, {wants_color(arguments.color, STDOUT_FILENO), arguments.verbose}));
  }
  for (const std::string& warning : report.warnings) std::fprintf(stderr, "warning: %s\n", warning.c_str());
  if (!arguments.quiet && !arguments.json && !report.dry_run) print_next(report);
  return arguments.strict && !report.warnings.empty() ? 1 : 0;
}

int fail(const Error& error, bool json, Choice color) {
  if (json) std::printf("%s\n", to_json(error).c_str());  // where it cannot be written, the rest still can
  std::fflush(stdout);
  std::fputs(to_text(error, {wants_color(color, STDERR_FILENO), false}).c_str(), stderr);
  if (error.kind() == ErrorKind::bug)
    std::fprintf(stderr, "  this is a bug in thaw %s; please report it with the model and the command line\n",
                 version().c_str());
  return exit_code(error.kind());
}

int main_of(int count, char** words) {
  occupy_standard_streams();
  install_signals();
  Parsed parsed;
  try {
    parsed.parse(count, words);
    if (parsed.answer) {
      print(parsed.answer->text);
      return 0;
    }
    return run(parsed.arguments);
  } catch (const Error& error) {
    return fail(error, parsed.arguments.json, parsed.arguments.color);
  } catch (const std::bad_alloc&) {
    return fail(Error(ErrorKind::input_io, "out of memory", "enough for the graph without its weights"),
                parsed.arguments.json, parsed.arguments.color);
  } catch (const std::exception& error) {
    return fail(Error(ErrorKind::bug, error.what()), parsed.arguments.json, parsed.arguments.color);
  }
}

}  // namespace

}  // namespace thaw::cli

int main(int count, char** words) { return thaw::cli::main_of(count, words); }
