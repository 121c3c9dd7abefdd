#include "fuzz/fuzz_target.h"

#include "fuzz/targets.h"

namespace thaw::internal {

const std::vector<FuzzTarget>& fuzz_targets() {
  static const std::vector<FuzzTarget> targets = {
      model_target(),  inspect_target(), round_trip_target(), control_flow_target(), saved_model_target(),
      bundle_target(), table_target(),   v1_target(),         strings_target(),      tensor_target(),
      keras_target(),  list_target(),    rules_target()};
  return targets;
}

void require(bool holds, const std::string& what) {
  if (!holds) throw Violation{what};
}

namespace {

void check_refusal(const Error& error, bool usage) {
  const ErrorKind kind = error.kind();
  const bool about_input = kind == ErrorKind::input_io || kind == ErrorKind::malformed ||
                           kind == ErrorKind::unsupported || kind == ErrorKind::no_weights ||
                           kind == ErrorKind::missing_values;
  const std::string what = std::string(name_of(kind)) + ": " + error.what();
  require(about_input || (usage && kind == ErrorKind::usage), "the wrong kind of error, " + what);
  require(!error.problem().empty() && !error.expected().empty() && !error.hint().empty(),
          "an error without three parts, " + what);
  for (const char c : error.what() + error.hint()) {
    const auto byte = static_cast<unsigned char>(c);
    require(byte >= 0x20 && byte != 0x7F, "a control character in " + what);
  }
}

}  // namespace

bool goes_through(const std::function<void()>& work, bool usage) {
  try {
    work();
    return true;
  } catch (const Error& error) {
    check_refusal(error, usage);
    return false;
  } catch (const std::exception& other) {
    throw Violation{std::string("not an Error: ") + other.what()};
  }
}

}  // namespace thaw::internal
