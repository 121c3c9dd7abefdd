#include "io/staging.h"

#include <atomic>

namespace thaw::internal {

std::string next_run(const Destination& destination) {
  static std::atomic<unsigned> count = 0;
  return destination.run_mark() + "-" + std::to_string(count++);
}

std::filesystem::path temporary_beside(const std::filesystem::path& place, std::string_view mark) {
  return place.parent_path() /
         ("." + place.filename().string() + std::string(kTemporary) + std::string(mark));
}

std::vector<std::filesystem::path> left_by_the_dead(const Destination& destination,
                                                    const std::filesystem::path& place) {
  const std::string start = temporary_beside(place, "").filename().string();
  std::vector<std::filesystem::path> left;
  for (const std::string& name : destination.list(place.parent_path())) {
    const std::size_t end = name.rfind('-');
    if (!name.starts_with(start) || end < start.size()) continue;
    const std::string mark = name.substr(start.size(), end - start.size());
    if (mark != destination.run_mark() && !destination.run_alive(mark))
      left.push_back(place.parent_path() / name);
  }
  return left;
}

void check_stop(const std::function<bool()>& stop) {
  if (stop && stop())
    throw Error(ErrorKind::interrupted, "stopped before anything was published", "", "run again");
}

void refuse_taken(const Destination& destination, const std::filesystem::path& place,
                  const std::string& what) {
  if (!destination.exists(place)) return;
  throw Error(ErrorKind::output_exists, "there is a " + what + " already: " + thaw::quoted(place.string()),
              "a name that is free", "choose another output, or replace this one with --force");
}

}  // namespace thaw::internal
