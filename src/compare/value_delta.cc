#include "compare/value_delta.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <utility>
#include <vector>

#include "tensor/element_number.h"
#include "thaw/error.h"

namespace thaw::internal {

namespace {

constexpr std::uint64_t kChunk = 64 * 1024;  // a multiple of every element's size

void check_stop(const ValueWatch& watch) {
  if (watch.stop && watch.stop()) throw Error(ErrorKind::interrupted, "stopped");
}

bool is_finite(const std::complex<long double>& number) {
  return std::isfinite(number.real()) && std::isfinite(number.imag());
}

// Strings in order; neighbours that are equal are held once, so that memory is bounded by what was read.
class StringRuns {
 public:
  void add(Bytes text) {
    if (runs_.empty() || runs_.back().first != text) runs_.emplace_back(text, 0);
    ++runs_.back().second;
  }
  // Whether `text` is the next one.
  bool take(Bytes text) {
    while (run_ < runs_.size() && taken_ == runs_[run_].second) {
      ++run_;
      taken_ = 0;
    }
    if (run_ == runs_.size()) return false;
    ++taken_;
    return runs_[run_].first == text;
  }

 private:
  std::vector<std::pair<std::string, std::uint64_t>> runs_;
  std::size_t run_ = 0;
  std::uint64_t taken_ = 0;
};

class ElementComparer {
 public:
  ElementComparer(const Value& a, const Value& b, const ElementWishes& wishes)
      : a_(a), b_(b), wishes_(wishes), width_(element_size(a.dtype())) {
    delta_.elements = static_cast<std::uint64_t>(a.element_count());
    read_ = std::min(delta_.elements, wishes.repeated_from);
  }

  ValueDelta run() {
    if (a_.dtype() == DType::string) {
      compare_strings();
    } else if (a_.byte_size() > 0) {
      compare_bytes();
      if (delta_.largest) relate();
    }
    return delta_;
  }

 private:
  void compare_strings() {
    StringRuns strings;
    a_.for_each_string([&](Bytes element) {
      check_stop(wishes_.watch);
      strings.add(element);
    });
    b_.for_each_string([&](Bytes element) {
      check_stop(wishes_.watch);
      if (!strings.take(element)) ++delta_.changed;
    });
  }

  void compare_bytes() {
    std::vector<std::byte> left(kChunk), right(kChunk);
    const auto from_a = a_.open(), from_b = b_.open();
    for (std::uint64_t rest = read_ * width_; rest > 0;) {
      check_stop(wishes_.watch);
      const auto now = static_cast<std::size_t>(std::min(rest, kChunk));
      from_a->read(std::span(left).first(now));
      from_b->read(std::span(right).first(now));
      if (std::memcmp(left.data(), right.data(), now) != 0) compare_chunk(left.data(), right.data(), now);
      if (wishes_.watch.bytes) wishes_.watch.bytes(now);
      rest -= now;
      if (rest == 0) repeat(left.data() + now - width_, right.data() + now - width_);
    }
  }

  void compare_chunk(const std::byte* left, const std::byte* right, std::size_t size) {
    for (std::size_t at = 0; at < size; at += width_) compare_element(left + at, right + at, 1);
  }

  void repeat(const std::byte* left, const std::byte* right) {
    if (read_ < delta_.elements) compare_element(left, right, delta_.elements - read_);
  }

  void compare_element(const std::byte* left, const std::byte* right, std::uint64_t times) {
    if (std::memcmp(left, right, width_) == 0) return;
    if (!has_numbers(a_.dtype())) {
      delta_.changed += times;
      return;
    }
    const auto a = number_of(a_.dtype(), left), b = number_of(a_.dtype(), right);
    if (!is_finite(a) || !is_finite(b)) {
      delta_.changed += times;
      delta_.not_finite += times;
      return;
    }
    const auto distance = static_cast<double>(std::abs(a - b));
    if (wishes_.tolerance && distance <= *wishes_.tolerance) {
      delta_.within += times;
      return;
    }
    delta_.changed += times;
    delta_.largest = std::max(delta_.largest.value_or(0), distance);
  }

  // A second look at A: most values that are compared are equal and need none.
  void relate() {
    long double most = 0;
    std::vector<std::byte> bytes(kChunk);
    const auto stream = a_.open();
    for (std::uint64_t rest = read_ * width_; rest > 0;) {
      check_stop(wishes_.watch);
      const auto now = static_cast<std::size_t>(std::min(rest, kChunk));
      stream->read(std::span(bytes).first(now));
      for (std::size_t at = 0; at < now; at += width_) {
        const auto number = number_of(a_.dtype(), bytes.data() + at);
        if (is_finite(number)) most = std::max(most, std::abs(number));
      }
      rest -= now;
    }
    if (most > 0) delta_.relative = static_cast<double>(*delta_.largest / most);
  }

  const Value& a_;
  const Value& b_;
  const ElementWishes& wishes_;
  std::size_t width_;
  std::uint64_t read_;  // elements
  ValueDelta delta_;
};

}  // namespace

ValueDelta compare_elements(const Value& a, const Value& b, const ElementWishes& wishes) {
  if (a.dtype() != b.dtype() || a.shape() != b.shape())
    throw Error(ErrorKind::bug, "values of different types or shapes were compared");
  return ElementComparer(a, b, wishes).run();
}

}  // namespace thaw::internal
