#include "ops/op_table.h"

#include <algorithm>
#include <array>
#include <iterator>

namespace thaw::internal {
namespace {

struct ArgRow {
  std::uint16_t name, type_attr, number_attr, type_list_attr;  // numbers of texts
  std::uint8_t type, default_type;
  bool is_ref;
};

#include "ops/op_table_data.inc"

// Where each text starts, and where the last one ends.
constexpr auto kTextStarts = [] {
  std::array<std::uint16_t, kTextCount + 1> starts{};
  std::size_t next = 1;
  for (std::size_t at = 0; next <= kTextCount; ++at) {
    if (kText[at] == '\0') starts[next++] = static_cast<std::uint16_t>(at + 1);
  }
  return starts;
}();
static_assert(sizeof(kText) <= 65536 && kTextStarts[kTextCount] + 1 == sizeof(kText));

constexpr std::string_view text(std::size_t number) {
  const std::size_t start = kTextStarts[number];
  return {kText + start, static_cast<std::size_t>(kTextStarts[number + 1]) - 1 - start};
}

// Text 0 is the empty one: op `i` is named by text `i + 1`.
constexpr std::string_view op_name(std::size_t index) { return text(index + 1); }

constexpr bool sorted_by_name() {
  for (std::size_t i = 1; i < kOpCount; ++i) {
    if (!(op_name(i - 1) < op_name(i))) return false;
  }
  return true;
}
static_assert(sorted_by_name());

// By name: open addressing, made by the compiler. Every node's op is looked up, most of them several times.
constexpr std::size_t kBuckets = 4096;
constexpr std::uint16_t kNoOp = 0xFFFF;
static_assert(kOpCount < kBuckets / 2);

constexpr std::size_t bucket_of(std::string_view name) {
  std::uint32_t hash = 2166136261u;  // FNV-1a
  for (const char c : name) hash = (hash ^ static_cast<unsigned char>(c)) * 16777619u;
  return (hash ^ hash >> 16) % kBuckets;
}

constexpr auto kByName = [] {
  std::array<std::uint16_t, kBuckets> table{};
  table.fill(kNoOp);
  for (std::size_t i = 0; i < kOpCount; ++i) {
    std::size_t bucket = bucket_of(op_name(i));
    while (table[bucket] != kNoOp) bucket = (bucket + 1) % kBuckets;
    table[bucket] = static_cast<std::uint16_t>(i);
  }
  return table;
}();
static_assert(std::size(kOps) == kOpCount);

}  // namespace

ArgInfo ArgList::iterator::operator*() const {
  const ArgRow& row = kArgs[row_];
  return {text(row.name),          row.type,
          row.default_type,        row.is_ref,
          text(row.type_attr),     text(row.number_attr),
          text(row.type_list_attr)};
}

bool ArgList::all_single() const {
  return std::all_of(kArgs + first_, kArgs + first_ + count_,
                     [](const ArgRow& row) { return row.number_attr == 0 && row.type_list_attr == 0; });
}

std::string_view OpInfo::name() const { return op_name(number()); }

std::size_t OpInfo::number() const { return static_cast<std::size_t>(this - kOps); }

const OpInfo* find_op(std::string_view op) {
  for (std::size_t bucket = bucket_of(op);; bucket = (bucket + 1) % kBuckets) {
    const std::uint16_t index = kByName[bucket];
    if (index == kNoOp) return nullptr;
    if (op_name(index) == op) return &kOps[index];
  }
}

std::string_view op_table_version() { return kTensorFlowVersion; }

}  // namespace thaw::internal
