#include "wire/table_footer.h"

namespace thaw::internal {

bool ends_as_table(const Source& file) {
  if (file.size() < kTableFooterSize) return false;
  std::string end(kTableMagic.size(), '\0');
  file.read_at(file.size() - end.size(), std::as_writable_bytes(std::span(end)));
  return end == kTableMagic;
}

}  // namespace thaw::internal
