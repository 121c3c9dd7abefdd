#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <exception>

#include "cli/interruption.h"
#include "cli/run.h"
#include "cli/terminal.h"

namespace thaw::cli {

namespace {

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
      return 128 + (interrupted_by() != 0 ? interrupted_by() : SIGINT);
    case ErrorKind::bug:
      return 5;
  }
  return 5;
}

int fail(const Error& error, const ReportWishes& wishes) {
  if (wishes.json)
    std::printf("%s\n", to_json(error).c_str());  // where it cannot be written, the rest still can
  std::fflush(stdout);
  std::fputs(to_text(error, {wants_color(wishes.color, STDERR_FILENO), false}).c_str(), stderr);
  if (error.kind() == ErrorKind::bug)
    std::fprintf(stderr, "  this is a bug in thaw %s; please report it with the model and the command line\n",
                 version().c_str());
  return exit_code(error.kind());
}

int run_command(Answer& answer) {
  print(answer.text);
  return 0;
}

template <typename Arguments>
int run_command(Arguments& arguments) {
  return run(arguments);
}

int main_of(int count, char** words) {
  occupy_standard_streams();
  install_signals();
  const ReportWishes wishes = wishes_for_errors(count, words);
  try {
    Command command = parse_arguments(count, words);
    return std::visit([](auto& arguments) { return run_command(arguments); }, command);
  } catch (const Error& error) {
    return fail(error, wishes);
  } catch (const std::bad_alloc&) {
    return fail(Error(ErrorKind::input_io, "out of memory", "enough for the graph without its weights"),
                wishes);
  } catch (const std::exception& error) {
    return fail(Error(ErrorKind::bug, error.what()), wishes);
  }
}

}  // namespace

}  // namespace thaw::cli

int main(int count, char** words) { return thaw::cli::main_of(count, words); }
