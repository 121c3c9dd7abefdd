// Several files as one input: for each but the last its size (u32le) and its bytes; the last is the rest.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "hostile/mutation.h"

namespace thaw::internal {

std::string pack(const std::vector<std::string>& files);
// As many files as asked for; a size that reaches too far takes what there is.
std::vector<std::string> unpack(const std::string& input, std::size_t count);

using Mutate = std::function<std::string(const std::string& file, const std::string& donor, Chance& chance)>;
// One of the files is changed, by the function of its place.
Mutate mutate_one_of(std::vector<Mutate> ways);

}  // namespace thaw::internal
