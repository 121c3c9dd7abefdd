#include "keras/h5_header.h"

#include <algorithm>
#include <deque>

namespace thaw::internal {

namespace {

constexpr std::size_t kMostBlocks = 4096;
constexpr std::uint8_t kSharedFlag = 0x02;

class HeaderReader {
 public:
  HeaderReader(H5Bytes& file, std::uint64_t at) : file_(file), at_(at) {}

  std::vector<H5Message> run() {
    if (file_.block(at_, 4) == "OHDR") {
      read_second();
    } else {
      read_first();
    }
    for (std::size_t blocks = 0; !waiting_.empty(); ++blocks) {
      if (blocks == kMostBlocks) fail_h5("an object's header goes on without end", "a header that ends");
      const Range range = waiting_.front();
      waiting_.pop_front();
      read_block(range);
    }
    return std::move(messages_);
  }

 private:
  void read_first() {
    const std::string prefix = file_.block(at_, 16);
    H5Fields fields(prefix);
    if (fields.u8() != 1) fail_h5("no object at " + std::to_string(at_), "an object header");
    fields.skip(7);
    waiting_.push_back({at_ + 16, fields.u32()});
  }

  void read_second() {
    const std::string prefix = file_.block(at_, 6);
    if (prefix[4] != 2) fail_h5("an object header of an unknown version", "version 1 or 2");
    const auto flags = static_cast<std::uint8_t>(prefix[5]);
    second_ = true;
    ordered_ = (flags & 0x04) != 0;
    const std::uint64_t skipped = ((flags & 0x20) != 0 ? 16u : 0u) + ((flags & 0x10) != 0 ? 4u : 0u);
    const std::size_t width = std::size_t{1} << (flags & 3);
    const std::string number = file_.block(at_ + 6 + skipped, width);
    const std::uint64_t size = H5Fields(number).number(width);
    read_messages(file_.block(at_ + 6 + skipped + width, size));
  }

  void read_block(const Range& range) {
    const std::string block = file_.block(range.at, range.size);
    if (!second_) return read_messages(block);
    if (block.size() < 8 || !block.starts_with("OCHK"))
      fail_h5("a header's continuation is none", "\"OCHK\" at " + std::to_string(range.at));
    read_messages(Bytes(block).substr(4, block.size() - 8));
  }

  // Less than a message's head at the end is a gap.
  void read_messages(Bytes block) {
    const std::size_t head = !second_ ? 8 : ordered_ ? 6 : 4;
    H5Fields fields(block);
    while (fields.rest().size() >= head) {
      const auto type = static_cast<H5MessageType>(second_ ? fields.u8() : fields.u16());
      const std::uint16_t size = fields.u16();
      const std::uint8_t flags = fields.u8();
      fields.skip(head - (second_ ? 4 : 5));
      add({type, (flags & kSharedFlag) != 0, std::string(fields.take(size))});
    }
  }

  void add(H5Message message) {
    if (message.type != H5MessageType::continuation) return messages_.push_back(std::move(message));
    H5Fields fields(message.body);
    const std::uint64_t at = fields.u64();
    waiting_.push_back({at, fields.u64()});
  }

  H5Bytes& file_;
  std::uint64_t at_;
  bool second_ = false, ordered_ = false;
  std::deque<Range> waiting_;
  std::vector<H5Message> messages_;
};

}  // namespace

std::vector<H5Message> read_h5_header(H5Bytes& file, std::uint64_t at) {
  return HeaderReader(file, at).run();
}

const H5Message* find_h5(const std::vector<H5Message>& messages, H5MessageType type) {
  const auto found = std::ranges::find(messages, type, &H5Message::type);
  return found == messages.end() ? nullptr : &*found;
}

}  // namespace thaw::internal
