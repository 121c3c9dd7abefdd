#include "ops/op_history.h"

#include <charconv>
#include <iterator>
#include <unordered_map>

namespace thaw::internal {
namespace {

struct Release {
  std::int32_t major, minor, graph;
};

#include "ops/op_history_data.inc"

struct ReleaseSpan {
  std::size_t first = 0, last = std::size(kReleases) - 1;
};

std::size_t take_number(std::string_view& text) {
  std::size_t number = 0;
  const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), number);
  text.remove_prefix(static_cast<std::size_t>(end - text.data()) + 1);
  return number;
}

using Spans = std::unordered_map<std::string_view, ReleaseSpan>;

// Lines "op first last" and "op.attribute first last".
Spans read_spans() {
  Spans spans;
  for (std::string_view text(kSpans); !text.empty();) {
    const std::size_t space = text.find(' ');
    const std::string_view key = text.substr(0, space);
    text.remove_prefix(space + 1);
    const std::size_t first = take_number(text);
    spans.emplace(key, ReleaseSpan{first, take_number(text)});
  }
  return spans;
}

ReleaseSpan span_of(const std::string& key) {
  static const Spans spans = read_spans();
  const auto found = spans.find(key);
  return found == spans.end() ? ReleaseSpan{} : found->second;
}

ReleaseSpan span_of_attr(std::string_view op, std::string_view attr) {
  return span_of(std::string(op) + "." + std::string(attr));
}

std::string name_of_release(std::size_t number) {
  const Release& release = kReleases[number];
  return std::to_string(release.major) + "." + std::to_string(release.minor);
}

std::string text_of_span(const ReleaseSpan& span) {
  const bool is_open = span.last + 1 == std::size(kReleases);
  return "from " + name_of_release(span.first) + (is_open ? " on" : " to " + name_of_release(span.last));
}

}  // namespace

std::optional<TensorFlowRelease> TensorFlowRelease::find(std::string_view version) {
  for (std::size_t number = 0; number < std::size(kReleases); ++number) {
    const std::string name = name_of_release(number);
    const bool same =
        version == name || (version.starts_with(name + ".") && version.size() > name.size() + 1);
    if (same) return TensorFlowRelease(number);
  }
  return std::nullopt;
}

std::string TensorFlowRelease::first() { return name_of_release(0); }
std::string TensorFlowRelease::last() { return name_of_release(std::size(kReleases) - 1); }

std::string TensorFlowRelease::name() const { return name_of_release(number_); }

std::int64_t TensorFlowRelease::producer() const { return kReleases[number_].graph; }

bool TensorFlowRelease::has_op(std::string_view op) const {
  const ReleaseSpan span = span_of(std::string(op));
  return span.first <= number_ && number_ <= span.last;
}

bool TensorFlowRelease::has_attr(std::string_view op, std::string_view attr) const {
  const ReleaseSpan span = span_of_attr(op, attr);
  return span.first <= number_ && number_ <= span.last;
}

std::string TensorFlowRelease::releases_with(std::string_view op) {
  return text_of_span(span_of(std::string(op)));
}

std::string TensorFlowRelease::releases_with(std::string_view op, std::string_view attr) {
  return text_of_span(span_of_attr(op, attr));
}

}  // namespace thaw::internal
