// Object headers of HDF5: the messages that say what an object is (File Format Specification, IV.A).
//
//   version 1   version:1 0:1 count:2 references:4 size:4 0:4, then messages  type:2 size:2 flags:1 0:3 body
//   version 2   "OHDR" version:1 flags:1 [times:16] [limits:4] size:1,2,4,8, messages  type:1 size:2 flags:1
//               [order:2] body, checksum:4
// A continuation (type 0x10) is address:8 size:8 of more messages, in version 2 between "OCHK" and a
// checksum.
#pragma once

#include <string>
#include <vector>

#include "keras/h5_bytes.h"

namespace thaw::internal {

enum class H5MessageType : std::uint16_t {
  dataspace = 0x01,
  link_info = 0x02,
  datatype = 0x03,
  link = 0x06,
  external_files = 0x07,
  layout = 0x08,
  filters = 0x0B,
  attribute = 0x0C,
  continuation = 0x10,
  symbol_table = 0x11,
  attribute_info = 0x15,
};

struct H5Message {
  H5MessageType type;
  bool shared = false;  // the body only says where the message is
  std::string body;
};

std::vector<H5Message> read_h5_header(H5Bytes& file, std::uint64_t at);

// The first message of `type`; nullptr when there is none.
const H5Message* find_h5(const std::vector<H5Message>& messages, H5MessageType type);

}  // namespace thaw::internal
