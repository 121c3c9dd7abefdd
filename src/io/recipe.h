// Recipe: bytes to be written, whose total size is known before the first of them exists. Pieces are owned
// bytes, bytes that somebody else keeps, ranges of a Source, or producers; none of the last two is held in
// memory.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <variant>
#include <vector>

#include "thaw/source.h"

namespace thaw::internal {

using Sink = std::function<void(Bytes)>;
// Fills `into` with what a producer gives from byte `at` on.
using ReadPart = std::function<void(std::uint64_t at, std::span<std::byte> into)>;

class Recipe {
 public:
  Recipe() = default;
  explicit Recipe(std::string owned) { add(std::move(owned)); }

  void add(std::string owned);
  void add(SourcePtr source, Range range);
  // `produce` hands exactly `size` bytes to the sink, the same ones each time; anything else is a bug.
  // `read_part`, when there is one, gives the same bytes from anywhere.
  void add(std::uint64_t size, std::function<void(const Sink&)> produce, ReadPart read_part = {});
  void add(Recipe other);
  // Bytes that `owner` keeps where they are.
  void add(std::shared_ptr<const void> owner, Bytes bytes);

  std::uint64_t size() const { return size_; }
  bool empty() const { return size_ == 0; }
  void pour(const Sink& sink) const;
  // Everything at once, for recipes known to be small and for tests.
  std::string bytes() const;
  // The bytes, when they are in memory in one piece.
  std::optional<Bytes> in_memory() const;
  // Random access to a recipe without producers: bytes of several sources put together without copying them.
  SourcePtr as_source(std::string name) &&;
  // The same for any recipe. Of a producer that cannot read parts everything is produced anew each time, from
  // its beginning on: for readers that look at the beginning only.
  SourcePtr as_replaying_source(std::string name) &&;

 private:
  friend class RecipeSource;
  class RangePourer;
  struct Ranged {
    SourcePtr source;
    Range range;
  };
  struct Produced {
    std::uint64_t size;
    std::function<void(const Sink&)> produce;
    ReadPart read_part;
  };
  struct Kept {
    std::shared_ptr<const void> owner;
    Bytes bytes;
  };
  using Piece = std::variant<std::string, Kept, Ranged, Produced>;

  // Of a piece that is in memory.
  static std::optional<Bytes> bytes_of(const Piece& piece);
  static std::uint64_t size_of(const Piece& piece);
  SourcePtr make_source(std::string name, bool replays) &&;

  // The end, if it is a string that may still grow.
  std::string* open_end();

  std::string head_;  // stands before all pieces: most recipes are one short string
  std::vector<Piece> pieces_;
  std::uint64_t size_ = 0;
};

// All of `range`, in chunks of at most 64 KiB.
void pour_range(const Source& source, Range range, const Sink& sink);

}  // namespace thaw::internal
