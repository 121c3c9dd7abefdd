// A destination on a medium that forgets, when the power goes, whatever was not synced: the bytes of files,
// and any choice of the changes to names, in no particular order.
#pragma once

#include <cstddef>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "thaw/destination.h"
#include "thaw/error.h"

namespace thaw::internal {

class PowerDestination : public Destination {
 public:
  using Files = std::map<std::filesystem::path, std::string>;

  explicit PowerDestination(const Files& files) {
    for (const auto& [path, content] : files)
      durable_[path.native()] = std::make_shared<Node>(Node{content, content});
    names_ = durable_;
  }
  // With bytes of its own; a file that has two names has them in the copy, too.
  PowerDestination(const PowerDestination& other)
      : Destination(), names_(other.names_), durable_(other.durable_), changes_(other.changes_) {
    std::map<NodePtr, NodePtr> copies;
    const auto copy = [&](NodePtr& node) {
      if (!node) return;
      NodePtr& mine = copies[node];
      if (!mine) mine = std::make_shared<Node>(*node);
      node = mine;
    };
    for (auto& [path, node] : names_) copy(node);
    for (auto& [path, node] : durable_) copy(node);
    for (Change& change : changes_) {
      for (auto& [path, node] : change) copy(node);
    }
  }
  PowerDestination& operator=(const PowerDestination&) = delete;

  // Which of the changes to names that were not synced had arrived, as bits: every choice of a few; of many
  // the first ones, the last ones, one alone, all but one.
  std::vector<std::size_t> choices() const {
    const std::size_t count = changes_.size(), all = (std::size_t{1} << count) - 1;
    std::vector<std::size_t> found = {all};
    for (std::size_t kept = 0; count <= 4 && kept < all; ++kept) found.push_back(kept);
    for (std::size_t i = 0; count > 4 && i < count; ++i) {
      const std::size_t one = std::size_t{1} << i;
      for (const std::size_t kept : {one, all & ~one, one - 1, all & ~(one - 1)}) found.push_back(kept);
    }
    return found;
  }
  // What is left when, of the changes to names that were not synced, those with their bit in `kept` had
  // arrived.
  Files after_power_loss(std::size_t kept) const {
    Names names = durable_;
    for (std::size_t i = 0; i < changes_.size(); ++i) {
      if ((kept >> i & 1) != 0) apply(changes_[i], names);
    }
    Files files;
    for (const auto& [path, node] : names) files[path] = node->synced;
    return files;
  }

  std::vector<std::filesystem::path> make_folders(const std::filesystem::path&) override { return {}; }
  void remove_empty_folder(const std::filesystem::path&) noexcept override {}
  std::vector<std::string> list(const std::filesystem::path&) const override {
    std::vector<std::string> found;
    for (const auto& [path, node] : names_) found.push_back(path.substr(path.rfind('/') + 1));
    return found;
  }
  bool exists(const std::filesystem::path& path) const override { return names_.contains(path.native()); }
  std::unique_ptr<OutputFile> create(const std::filesystem::path& path, std::uint64_t) override {
    if (exists(path)) throw Error(ErrorKind::output_io, "exists");
    auto node = std::make_shared<Node>();
    change({{path.native(), node}});
    return std::make_unique<File>(node);
  }
  SourcePtr open(const std::filesystem::path& path) const override { return memory_source(node(path)->now); }
  void rename(const std::filesystem::path& from, const std::filesystem::path& to) override {
    const auto moved = node(from);
    if (exists(to) && node(to) == moved) return;
    change({{from.native(), nullptr}, {to.native(), moved}});
  }
  bool hard_link(const std::filesystem::path& from, const std::filesystem::path& to) override {
    if (exists(to)) throw Error(ErrorKind::output_io, "exists");
    change({{to.native(), node(from)}});
    return true;
  }
  void remove(const std::filesystem::path& path) override {
    if (exists(path)) change({{path.native(), nullptr}});
  }
  void sync_folder(const std::filesystem::path&) override {
    durable_ = names_;
    changes_.clear();
  }

 private:
  struct Node {
    std::string now, synced;
  };
  using NodePtr = std::shared_ptr<Node>;
  using Names = std::map<std::string, NodePtr>;                 // paths
  using Change = std::vector<std::pair<std::string, NodePtr>>;  // happens as one; null: the name goes

  class File : public OutputFile {
   public:
    explicit File(NodePtr node) : node_(std::move(node)) {}
    void append(Bytes bytes) override { node_->now.append(bytes); }
    void close(bool sync) override {
      if (sync) node_->synced = node_->now;
    }

   private:
    NodePtr node_;
  };

  static void apply(const Change& change, Names& names) {
    for (const auto& [path, node] : change) {
      if (node) {
        names[path] = node;
      } else {
        names.erase(path);
      }
    }
  }
  void change(Change what) {
    apply(what, names_);
    changes_.push_back(std::move(what));
  }
  NodePtr node(const std::filesystem::path& path) const {
    const auto found = names_.find(path.native());
    if (found == names_.end()) throw Error(ErrorKind::output_io, "there is no " + path.string());
    return found->second;
  }

  Names names_, durable_;
  std::vector<Change> changes_;
};

}  // namespace thaw::internal
