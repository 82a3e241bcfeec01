#pragma once

#include <stdexcept>
#include <string>

/// A bug is a check: the only `throw` of ours, caught in main, at a task's boundary and at a
/// request's.
#define ALUDEL_CHECK(condition, message) \
  ((condition) ? void(0) : ::aludel::fail_check(__FILE__, __LINE__, #condition, message))

namespace aludel {

class CheckFailure : public std::logic_error {
 public:
  using std::logic_error::logic_error;
};

[[noreturn]] inline void fail_check(const char* file, int line, const char* condition,
                                    const char* message) {
  throw CheckFailure(std::string(file) + ":" + std::to_string(line) + ": " + condition + ": " +
                     message);
}

}  // namespace aludel
