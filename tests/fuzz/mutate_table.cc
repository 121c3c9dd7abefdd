#include "fuzz/mutate_table.h"

#include <cstring>
#include <map>
#include <optional>

#include "checkpoint/table_reader.h"
#include "checkpoint/table_writer.h"
#include "io/crc32c.h"

namespace thaw::internal {

namespace {

using Entries = std::vector<std::pair<std::string, std::string>>;

std::optional<Entries> entries_of(const std::string& table) {
  try {
    Entries entries;
    TableReader(memory_source(table)).for_each([&](Bytes key, Bytes value) {
      entries.emplace_back(key, value);
    });
    return entries;
  } catch (const Error&) {
    return std::nullopt;
  }
}

// The keys of the result ascend, or TableWriter would not take them.
std::string table_of(const Entries& entries, Chance& chance) {
  const std::map<std::string, std::string> sorted(entries.begin(), entries.end());
  std::string table;
  const TableOptions options = {chance.below(2) == 0 ? 262144 : 1 + chance.below(200),
                                static_cast<std::uint32_t>(1 + chance.below(16))};
  TableWriter writer([&](Bytes bytes) { table += bytes; }, options);
  for (const auto& [key, value] : sorted) writer.add(key, value);
  writer.finish();
  return table;
}

void change_entry(Entries& entries, const Entries& donor, Chance& chance) {
  const std::size_t at = chance.below(entries.size());
  const auto place = entries.begin() + static_cast<std::ptrdiff_t>(at);
  const auto& lent = donor[chance.below(donor.size())];
  switch (chance.below(8)) {
    case 0:
      entries.erase(place);
      break;
    case 1:
      entries.insert(place, lent);
      break;
    case 2:
      place->second = lent.second;
      break;
    case 3:
      place->first = chance.below(2) == 0 ? lent.first : mutate_bytes(place->first, chance);
      break;
    case 4:
      entries.emplace_back(place->first + "/more", place->second);
      break;
    default:
      place->second = mutate_fields(place->second, lent.second, chance);
  }
}

void repair_block(std::string& table, BlockHandle handle) {
  if (handle.at > table.size() || handle.size > table.size() - handle.at) return;
  if (table.size() - handle.at - handle.size < kBlockTrailerSize) return;
  const std::uint32_t crc = mask_crc(crc32c(Bytes(table).substr(handle.at, handle.size + 1)));
  std::memcpy(table.data() + handle.at + handle.size + 1, &crc, sizeof crc);
}

}  // namespace

void repair_checksums(std::string& table) {
  if (table.size() < kTableFooterSize) return;
  try {
    Bytes footer = Bytes(table).substr(table.size() - kTableFooterSize);
    repair_block(table, take_handle(footer));
    const BlockHandle index = take_handle(footer);
    repair_block(table, index);
    const std::string block = read_block(*memory_source(table), index, table.size());
    for (BlockEntries entries(block); entries.next();) {
      Bytes value = entries.value();
      repair_block(table, take_handle(value));
    }
  } catch (const Error&) {
    // no further than this leads
  }
}

std::string mutate_table(const std::string& table, const std::string& donor, Chance& chance) {
  if (chance.below(3) == 0) {
    std::string changed = mutate_bytes(table, chance);
    if (chance.below(8) != 0) repair_checksums(changed);
    return changed;
  }
  std::optional<Entries> entries = entries_of(table);
  const std::optional<Entries> lent = entries_of(donor);
  if (!entries || entries->empty()) return mutate_bytes(table, chance);
  for (std::size_t count = 1 + chance.below(3); count > 0 && !entries->empty(); --count)
    change_entry(*entries, lent && !lent->empty() ? *lent : Entries(*entries), chance);
  return table_of(*entries, chance);
}

}  // namespace thaw::internal
