#include "io/recipe.h"

#include <algorithm>
#include <array>
#include <cstring>

#include "io/window.h"
#include "thaw/error.h"

namespace thaw::internal {

namespace {
// Neighbouring ranges of one source and neighbouring strings are joined, so that long runs of untouched nodes
// cost one piece.
constexpr std::size_t kJoinBelow = 64 * 1024;
}  // namespace

std::string* Recipe::open_end() {
  auto* last = pieces_.empty() ? &head_ : std::get_if<std::string>(&pieces_.back());
  return last != nullptr && last->size() < kJoinBelow ? last : nullptr;
}

void Recipe::add(std::string owned) {
  if (owned.empty()) return;
  size_ += owned.size();
  std::string* last = open_end();
  if (last != nullptr && last->empty()) {
    *last = std::move(owned);
  } else if (last == nullptr || owned.size() >= kJoinBelow) {
    pieces_.emplace_back(std::move(owned));
  } else {
    last->append(owned);
  }
}

void Recipe::add(std::shared_ptr<const void> owner, Bytes bytes) {
  if (bytes.empty()) return;
  size_ += bytes.size();
  pieces_.emplace_back(Kept{std::move(owner), bytes});
}

std::optional<Bytes> Recipe::bytes_of(const Piece& piece) {
  if (const auto* owned = std::get_if<std::string>(&piece)) return *owned;
  if (const auto* kept = std::get_if<Kept>(&piece)) return kept->bytes;
  return std::nullopt;
}

std::uint64_t Recipe::size_of(const Piece& piece) {
  if (const std::optional<Bytes> held = bytes_of(piece)) return held->size();
  if (const auto* ranged = std::get_if<Ranged>(&piece)) return ranged->range.size;
  return std::get<Produced>(piece).size;
}

std::optional<Bytes> Recipe::in_memory() const {
  return pieces_.empty() ? std::optional<Bytes>(head_) : std::nullopt;
}

void Recipe::add(SourcePtr source, Range range) {
  if (range.size == 0) return;
  size_ += range.size;
  if (!pieces_.empty()) {
    auto* last = std::get_if<Ranged>(&pieces_.back());
    if (last != nullptr && last->source == source && last->range.at + last->range.size == range.at) {
      last->range.size += range.size;
      return;
    }
  }
  pieces_.emplace_back(Ranged{std::move(source), range});
}

void Recipe::add(std::uint64_t size, std::function<void(const Sink&)> produce, ReadPart read_part) {
  if (size == 0) return;
  size_ += size;
  pieces_.emplace_back(Produced{size, std::move(produce), std::move(read_part)});
}

void Recipe::add(Recipe other) {
  const std::uint64_t head = other.head_.size();
  add(std::move(other.head_));
  if (pieces_.empty()) {
    pieces_ = std::move(other.pieces_);
    size_ += other.size_ - head;
    return;
  }
  for (Piece& piece : other.pieces_) {
    if (auto* owned = std::get_if<std::string>(&piece)) {
      add(std::move(*owned));
    } else if (auto* kept = std::get_if<Kept>(&piece)) {
      add(std::move(kept->owner), kept->bytes);
    } else if (auto* ranged = std::get_if<Ranged>(&piece)) {
      add(std::move(ranged->source), ranged->range);
    } else {
      auto& produced = std::get<Produced>(piece);
      add(produced.size, std::move(produced.produce), std::move(produced.read_part));
    }
  }
}

// Small ranges follow each other closely: most are in what was read for the one before.
class Recipe::RangePourer {
 public:
  void pour(const Ranged& ranged, const Sink& sink) {
    const auto [at, size] = ranged.range;
    if (size >= Window::kBuffer) return pour_range(*ranged.source, ranged.range, sink);
    if (source_ != ranged.source.get()) {
      source_ = ranged.source.get();
      window_.emplace(*source_, Range{0, source_->size()});
    }
    window_->seek(at);
    sink(window_->peek(static_cast<std::size_t>(size)).substr(0, static_cast<std::size_t>(size)));
  }

 private:
  const Source* source_ = nullptr;
  std::optional<Window> window_;
};

void Recipe::pour(const Sink& sink) const {
  RangePourer ranges;
  if (!head_.empty()) sink(head_);
  for (const Piece& piece : pieces_) {
    if (const std::optional<Bytes> held = bytes_of(piece)) {
      sink(*held);
    } else if (const auto* ranged = std::get_if<Ranged>(&piece)) {
      ranges.pour(*ranged, sink);
    } else {
      const auto& produced = std::get<Produced>(piece);
      std::uint64_t seen = 0;
      produced.produce([&](Bytes bytes) {
        seen += bytes.size();
        sink(bytes);
      });
      if (seen != produced.size)
        throw Error(ErrorKind::bug, "a producer gave another number of bytes than it had promised");
    }
  }
}

std::string Recipe::bytes() const {
  std::string all;
  all.reserve(size_);
  pour([&](Bytes bytes) { all.append(bytes); });
  return all;
}

// Pieces found by their first byte; `begins_` has one entry more than there are pieces.
class RecipeSource final : public Source {
 public:
  RecipeSource(Recipe recipe, std::string name, bool replays)
      : recipe_(std::move(recipe)), name_(std::move(name)) {
    std::uint64_t at = 0;
    for (const Recipe::Piece& piece : recipe_.pieces_) {
      begins_.push_back(at);
      if (!replays && std::holds_alternative<Recipe::Produced>(piece))
        throw Error(ErrorKind::bug, "a producer has no random access");
      at += Recipe::size_of(piece);
    }
    begins_.push_back(at);
  }

  std::string name() const override { return name_; }
  std::uint64_t size() const override { return recipe_.size(); }

  void read_at(std::uint64_t at, std::span<std::byte> into) const override {
    if (at > size() || into.size() > size() - at)
      throw Error(ErrorKind::input_io, "reading past the end").at(name_);
    auto piece = static_cast<std::size_t>(std::ranges::upper_bound(begins_, at) - begins_.begin()) - 1;
    for (; !into.empty(); ++piece) {
      const std::uint64_t skip = at - begins_[piece];
      const auto now =
          static_cast<std::size_t>(std::min<std::uint64_t>(into.size(), begins_[piece + 1] - at));
      if (const std::optional<Bytes> bytes = Recipe::bytes_of(recipe_.pieces_[piece])) {
        std::memcpy(into.data(), bytes->data() + skip, now);
      } else if (const auto* ranged = std::get_if<Recipe::Ranged>(&recipe_.pieces_[piece])) {
        ranged->source->read_at(ranged->range.at + skip, into.first(now));
      } else {
        read_produced(std::get<Recipe::Produced>(recipe_.pieces_[piece]), skip, into.first(now));
      }
      at += now;
      into = into.subspan(now);
    }
  }

 private:
  struct Enough {};

  static void read_produced(const Recipe::Produced& produced, std::uint64_t at, std::span<std::byte> into) {
    if (produced.read_part) return produced.read_part(at, into);
    replay(produced, at, into);
  }

  // From its beginning, as far as it is wanted.
  static void replay(const Recipe::Produced& produced, std::uint64_t skip, std::span<std::byte> into) {
    std::uint64_t seen = 0;
    std::size_t done = 0;
    try {
      produced.produce([&](Bytes bytes) {
        const std::uint64_t wanted = skip + done;
        if (seen + bytes.size() > wanted) {
          const Bytes rest = bytes.substr(static_cast<std::size_t>(wanted - seen));
          const std::size_t now = std::min(rest.size(), into.size() - done);
          std::memcpy(into.data() + done, rest.data(), now);
          done += now;
        }
        seen += bytes.size();
        if (done == into.size()) throw Enough();
      });
      throw Error(ErrorKind::bug, "a producer gave fewer bytes than it had promised");
    } catch (const Enough&) {
      return;
    }
  }

  Recipe recipe_;
  std::string name_;
  std::vector<std::uint64_t> begins_;
};

SourcePtr Recipe::as_source(std::string name) && {
  return std::move(*this).make_source(std::move(name), false);
}

SourcePtr Recipe::as_replaying_source(std::string name) && {
  return std::move(*this).make_source(std::move(name), true);
}

SourcePtr Recipe::make_source(std::string name, bool replays) && {
  if (!head_.empty()) pieces_.insert(pieces_.begin(), std::move(head_));
  return std::make_shared<RecipeSource>(std::move(*this), std::move(name), replays);
}

void pour_range(const Source& source, Range range, const Sink& sink) {
  std::array<std::byte, 64 * 1024> buffer;
  for (std::uint64_t done = 0; done < range.size;) {
    const std::size_t now =
        static_cast<std::size_t>(std::min<std::uint64_t>(buffer.size(), range.size - done));
    source.read_at(range.at + done, std::span(buffer).first(now));
    sink(Bytes(reinterpret_cast<const char*>(buffer.data()), now));
    done += now;
  }
}

}  // namespace thaw::internal
