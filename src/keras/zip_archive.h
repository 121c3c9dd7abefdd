// Members of a zip file that are stored as they are (APPNOTE 6.3.9), as Keras' .keras files have them.
//
//   end of directory   "PK\5\6" disk:2 disk:2 count:2 count:2 size:4 at:4 comment
//   its 64 bit form    "PK\6\6" size:8 made:2 needs:2 disk:4 disk:4 count:8 count:8 size:8 at:8, found by
//                      "PK\6\7" disk:4 at:8 disks:4 right before the end
//   directory          "PK\1\2" made:2 needs:2 flags:2 method:2 time:4 crc:4 packed:4 size:4 name:2 extra:2
//                      comment:2 disk:2 kind:6 at:4 name extra comment
//   member             "PK\3\4" needs:2 flags:2 method:2 time:4 crc:4 packed:4 size:4 name:2 extra:2 name
//   extra
//                      data, and with bit 3 of the flags "PK\7\8" crc:4 behind them
#pragma once

#include <string>
#include <vector>

#include "thaw/source.h"

namespace thaw::internal {

struct ZipMember {
  std::string name;
  Range data;
  std::vector<std::uint64_t> crc_at;  // where the file has its checksum, in four bytes
  std::string fault;                  // why the data are of no use, "is compressed"; empty when they are
};

bool looks_like_zip(Bytes front);

// Throws malformed.
std::vector<ZipMember> read_zip(const Source& file);

}  // namespace thaw::internal
