// Staging: what publications of every kind go by until all is in its place.
//
//   dir/.NAME.thaw-RUN     staged for dir/NAME
//
// RUN is "MARK-NUMBER": the run_mark of the destination and a number that tells publications of one process
// apart. Hidden names: no reader lists them.
#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "thaw/destination.h"
#include "thaw/error.h"

namespace thaw::internal {

inline constexpr std::string_view kTemporary = ".thaw-";

// A RUN that nobody had before.
std::string next_run(const Destination& destination);

// dir/.NAME.thaw-MARK for dir/NAME.
std::filesystem::path temporary_beside(const std::filesystem::path& place, std::string_view mark);

// What runs that died have staged for `place`.
std::vector<std::filesystem::path> left_by_the_dead(const Destination& destination,
                                                    const std::filesystem::path& place);

// Throws interrupted when `stop` says so; it may be empty.
void check_stop(const std::function<bool()>& stop);

// Runs `work` after the result has come to its place: when it throws, the error says so, in the words of
// `complete`.
template <typename Work>
void though_published(const std::string& complete, Work work) {
  try {
    work();
  } catch (const Error& error) {
    throw Error(error.kind(), error.problem(), error.expected(), complete + "; " + error.hint());
  }
}

// Throws output_exists when there is something at `place`; `what`: "file".
void refuse_taken(const Destination& destination, const std::filesystem::path& place,
                  const std::string& what);

}  // namespace thaw::internal
