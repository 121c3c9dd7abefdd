// A thawed model whose files are changed, and what verifying says of them.
#pragma once

#include <functional>
#include <map>
#include <ostream>
#include <string>
#include <vector>

#include "checkpoint/bundle_messages.h"
#include "checkpoint/table_reader.h"
#include "checkpoint/table_writer.h"
#include "thaw/verify.h"
#include "verbs/world.h"

namespace thaw::internal {

inline const std::string kTwins = R"(
  x = Placeholder f32[?,2]
  a = Const f32[2,2] = 1 2 3 4
  a/read = Identity:f32 a
  b = Const f32[2,2] = 5 6 7 8
  b/read = Identity:f32 b
  bias = Const f32[2] = 9 10
  bias/read = Identity:f32 bias
  h = MatMul:f32 x a/read
  y = MatMul:f32 h b/read
  out = BiasAdd:f32 y bias/read
)";

inline const std::string kIndex = "out/model.ckpt.index", kData = "out/model.ckpt.data-00000-of-00001",
                         kMeta = "out/model.ckpt.meta";

// A thawed model, its files to be changed.
class ThawedSet {
 public:
  explicit ThawedSet(const ThawOptions& options = {}) { world_.thaw(options, source()); }

  static SourcePtr source() { return model(kTwins); }
  std::string& file(const std::string& path) { return world_.files().at(path); }
  void remove(const std::string& path) { world_.files().erase(path); }
  void put(const std::string& path, std::string content) { world_.files()[path] = std::move(content); }

  VerifyReport alone() const { return verify_checkpoint("out/model.ckpt", {}, world_.destination); }
  VerifyReport with_model(const VerifyOptions& options = {}) const {
    return verify_model(source(), "out/model.ckpt", options, world_.destination);
  }

  // The index with other entries and right checksums.
  void edit(const std::function<void(std::map<std::string, BundleEntry>&)>& change) {
    std::map<std::string, BundleEntry> entries;
    std::string header;
    TableReader(memory_source(file(kIndex))).for_each([&](Bytes key, Bytes value) {
      if (key.empty()) {
        header = value;
      } else {
        entries[std::string(key)] = decode_bundle_entry(value);
      }
    });
    change(entries);
    std::string written;
    TableWriter writer([&](Bytes bytes) { written.append(bytes); });
    writer.add("", header);
    for (const auto& [key, entry] : entries) writer.add(key, encode_bundle_entry(entry));
    writer.finish();
    file(kIndex) = written;
  }

 private:
  World world_;
};

struct Told {
  std::string kind, file, key;
  bool operator==(const Told&) const = default;
};
inline std::ostream& operator<<(std::ostream& out, const Told& told) {
  return out << told.kind << " " << told.file << " " << told.key;
}

inline std::vector<Told> told(const VerifyReport& report) {
  std::vector<Told> all;
  for (const VerifyProblem& problem : report.problems)
    all.push_back({std::string(name_of(problem.kind)), problem.file, problem.key});
  return all;
}

inline std::vector<std::string> failed(const VerifyReport& report) {
  std::vector<std::string> names;
  for (const VerifyCheck& check : report.checks) {
    if (!check.passed) names.push_back(check.name);
  }
  return names;
}

}  // namespace thaw::internal
