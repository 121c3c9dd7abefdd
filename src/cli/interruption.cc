#include "cli/interruption.h"

#include <unistd.h>

#include <csignal>

namespace thaw::cli {

namespace {

volatile std::sig_atomic_t signal_number = 0;

extern "C" void on_signal(int number) {
  if (signal_number != 0) ::_exit(128 + number);  // asked twice: at once
  signal_number = number;
}

}  // namespace

void install_signals() {
  struct sigaction action{};
  action.sa_handler = on_signal;
  ::sigaction(SIGINT, &action, nullptr);
  ::sigaction(SIGTERM, &action, nullptr);
  std::signal(SIGPIPE, SIG_IGN);
  std::signal(SIGXFSZ, SIG_IGN);  // writing says EFBIG then, and temporaries are removed
}

int interrupted_by() { return signal_number; }

}  // namespace thaw::cli
