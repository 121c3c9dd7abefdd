// EXPECT_THAT([&] { ... }, throws_error(ErrorKind::malformed, "part of its message")).
#pragma once

#include <gmock/gmock.h>

#include <ostream>
#include <string>

#include "thaw/error.h"

namespace thaw {

inline void PrintTo(const Error& error, std::ostream* out) {
  *out << "kind " << static_cast<int>(error.kind()) << ": " << error.what();
  if (!error.hint().empty()) *out << " [try: " << error.hint() << "]";
}

namespace internal {

// An Error of that kind whose line (places, problem, expectation) holds the text. Every error says what is
// wrong.
inline auto throws_error(ErrorKind kind, const std::string& text) {
  using testing::AllOf;
  using testing::HasSubstr;
  using testing::Not;
  using testing::Property;
  return testing::Throws<Error>(AllOf(Property("kind", &Error::kind, kind),
                                      Property("what", &Error::what, HasSubstr(text)),
                                      Property("problem", &Error::problem, Not(testing::IsEmpty()))));
}

}  // namespace internal

}  // namespace thaw
