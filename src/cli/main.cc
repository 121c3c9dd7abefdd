#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <exception>
#include <new>

#include "cli/guarded.h"
#include "cli/interruption.h"
#include "cli/run.h"

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

int run_command(Answer& answer) {
  print(answer.text);
  return 0;
}

template <typename Arguments>
int run_command(Arguments& arguments) {
  return run(arguments);
}

int main_of(int count, char** words) try {
  std::set_terminate(end_for_memory);
  occupy_standard_streams();
  install_signals();
  const ReportWishes wishes = wishes_for_errors(count, words);
  return guarded(wishes, [&] {
    Command command = parse_arguments(count, words);
    return std::visit([](auto& arguments) { return run_command(arguments); }, command);
  });
} catch (const std::bad_alloc&) {
  return fail_for_memory(false);
}

}  // namespace

}  // namespace thaw::cli

int main(int count, char** words) { return thaw::cli::main_of(count, words); }
