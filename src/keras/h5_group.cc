#include "keras/h5_group.h"

#include <set>

#include "thaw/error.h"

namespace thaw::internal {

namespace {

constexpr std::uint32_t kSymbolicLink = 2;

class SymbolTable {
 public:
  SymbolTable(H5Bytes& file, Bytes message) : file_(file) {
    H5Fields fields(message);
    tree_ = fields.u64();
    const std::string heap = file_.block(fields.u64(), 32);
    H5Fields head(heap);
    if (head.take(4) != "HEAP") fail_h5("a group without its names", "a local heap");
    head.skip(4);
    const std::uint64_t size = head.u64();
    head.skip(8);
    names_ = file_.block(head.u64(), size);
  }

  std::vector<H5Member> run() {
    std::vector<std::uint64_t> waiting{tree_};
    while (!waiting.empty()) {
      const std::uint64_t at = waiting.back();
      waiting.pop_back();
      if (!seen_.insert(at).second) fail_h5("a group's tree turns back on itself", "a tree");
      if (file_.block(at, 4) == "SNOD") {
        read_node(at);
      } else {
        read_tree(at, waiting);
      }
    }
    return std::move(members_);
  }

 private:
  void read_tree(std::uint64_t at, std::vector<std::uint64_t>& waiting) {
    const std::string head = file_.block(at, 24);
    H5Fields fields(head);
    if (fields.take(4) != "TREE" || fields.u8() != 0) fail_h5("a group without its tree", "a group's B-tree");
    fields.skip(1);
    const std::size_t count = fields.u16();
    const std::string entries = file_.block(at + 24, count * 16);
    // Last first: they are taken from the back.
    for (std::size_t i = count; i-- > 0;)
      waiting.push_back(H5Fields(Bytes(entries).substr(i * 16 + 8)).u64());
  }

  void read_node(std::uint64_t at) {
    const std::string head = file_.block(at, 8);
    const std::size_t count = H5Fields(Bytes(head).substr(6)).u16();
    const std::string entries = file_.block(at + 8, count * 40);
    H5Fields fields(entries);
    for (std::size_t i = 0; i < count; ++i) {
      const std::uint64_t name = fields.u64(), header = fields.u64();
      const bool symbolic = fields.u32() == kSymbolicLink;
      fields.skip(20);
      if (!symbolic) members_.push_back({name_at(name), header});
    }
  }

  std::string name_at(std::uint64_t at) const {
    const std::size_t end =
        at < names_.size() ? names_.find('\0', static_cast<std::size_t>(at)) : Bytes::npos;
    if (end == Bytes::npos) fail_h5("a member of a group without a name", "a name in the group's heap");
    return names_.substr(static_cast<std::size_t>(at), end - static_cast<std::size_t>(at));
  }

  H5Bytes& file_;
  std::uint64_t tree_ = 0;
  std::string names_;
  std::set<std::uint64_t> seen_;
  std::vector<H5Member> members_;
};

void add_link(Bytes message, std::vector<H5Member>& members) {
  H5Fields fields(message);
  if (fields.u8() != 1) fail_h5("a link of an unknown version", "version 1");
  const std::uint8_t flags = fields.u8();
  const bool hard = (flags & 0x08) == 0 || fields.u8() == 0;
  if ((flags & 0x04) != 0) fields.skip(8);
  if ((flags & 0x10) != 0) fields.skip(1);
  const std::uint64_t length = fields.number(std::size_t{1} << (flags & 3));
  const std::string name(fields.take(length));
  if (hard) members.push_back({name, fields.u64()});
}

// Links beside the header: a fractal heap, once there are more than eight.
void refuse_heap(const H5Message& info) {
  H5Fields fields(info.body);
  fields.skip(1);
  if ((fields.u8() & 1) != 0) fields.skip(8);
  if (fields.u64() == kH5Nowhere) return;
  throw Error(ErrorKind::unsupported, "an HDF5 file in the layout of newer libraries",
              "the layout that h5py and Keras write by default",
              "save the weights with Keras again, or open the file with h5py.File(..., libver='earliest')");
}

}  // namespace

bool is_h5_group(const std::vector<H5Message>& messages) {
  return find_h5(messages, H5MessageType::symbol_table) != nullptr ||
         find_h5(messages, H5MessageType::link_info) != nullptr ||
         find_h5(messages, H5MessageType::link) != nullptr;
}

std::vector<H5Member> read_h5_members(H5Bytes& file, const std::vector<H5Message>& messages) {
  if (const H5Message* table = find_h5(messages, H5MessageType::symbol_table))
    return SymbolTable(file, table->body).run();
  std::vector<H5Member> members;
  for (const H5Message& message : messages) {
    if (message.type == H5MessageType::link_info) refuse_heap(message);
    if (message.type == H5MessageType::link) add_link(message.body, members);
  }
  return members;
}

}  // namespace thaw::internal
