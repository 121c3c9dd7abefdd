#include "cli/guarded.h"

#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <new>

#include "cli/interruption.h"
#include "cli/terminal.h"

namespace thaw::cli {

namespace {

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

}  // namespace

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

int fail_for_memory(bool json) {
  if (json)
    std::fputs(R"json({"schema":"thaw.error/1","kind":"input_io","places":[],"problem":"out of memory",)json"
               R"json("expected":"enough for the graph without its weights",)json"
               R"json("hint":"run it where there is more, or raise the limit (ulimit -v)"})json"
               "\n",
               stdout);
  std::fflush(stdout);
  std::fputs(
      "error: out of memory\n"
      "  expected: enough for the graph without its weights\n"
      "  try:      run it where there is more, or raise the limit (ulimit -v)\n",
      stderr);
  return exit_code(ErrorKind::input_io);
}

void end_for_memory() noexcept {
  try {
    if (const std::exception_ptr thrown = std::current_exception()) std::rethrow_exception(thrown);
  } catch (const std::bad_alloc&) {
    ::_exit(fail_for_memory(false));
  } catch (...) {
    std::abort();
  }
  std::abort();
}

int guarded(const ReportWishes& wishes, const std::function<int()>& work) try {
  try {
    return work();
  } catch (const Error& error) {
    return fail(error, wishes);
  } catch (const std::bad_alloc&) {
    throw;
  } catch (const std::exception& error) {
    return fail(Error(ErrorKind::bug, error.what()), wishes);
  }
} catch (const std::bad_alloc&) {  // of the work, or of what tells of another error
  return fail_for_memory(wishes.json);
}

}  // namespace thaw::cli
