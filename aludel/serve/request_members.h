#pragma once
// The members of the objects of a request: those that are read, and those that may stand beside
// them. What is neither is refused, because to pass over it could change the reply in silence.

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "aludel/base/json.h"
#include "aludel/base/neutral_member.h"

namespace aludel::serve {

/// A request that cannot be served, and which of its members is to blame.
struct RequestError {
  std::string message;
  std::string param;
};

/// What an object may hold besides the members that are read: some without effect on the reply
/// whatever their value, others only with a value that asks for nothing.
struct OtherMembers {
  std::span<const std::string_view> harmless;
  std::span<const NeutralMember> neutral;
};

extern const OtherMembers kOtherOfBody;
extern const OtherMembers kOtherOfStreamOptions;
extern const OtherMembers kOtherOfMessage;
extern const OtherMembers kOtherOfPart;

/// Reads the members of one object, and remembers the first complaint. Null stands for an absent
/// member. A name that was asked for is one that is read: there is no list of those.
class Members {
 public:
  /// `place` is where the object stands, "messages[3]"; "" for the body. REQUIRES: an object,
  /// which outlives this.
  explicit Members(const Json& object, std::string place = "")
      : object_(object), place_(std::move(place)) {}

  const Json* find(std::string_view name);
  void number(std::string_view name, double& target);
  std::optional<std::int64_t> integer(std::string_view name, std::int64_t least, std::int64_t most);
  bool boolean(std::string_view name);

  /// The string of that name; "" where it is absent, or is something else.
  std::string string(std::string_view name);

  void complain(std::string_view name, std::string_view what);

  /// Takes over the complaint of an object inside.
  void complain(std::optional<RequestError> inner);

  /// Complains of a member that was not asked for and is none of `other`, and of one that stands
  /// twice, since programs differ in which one counts. Behind all that asks.
  void refuse_others(const OtherMembers& other);

  std::optional<RequestError> error;

 private:
  void blame(std::string_view name, const std::string& message);

  const Json& object_;
  std::string place_;
  std::vector<std::string_view> asked_;  // literals
};

}  // namespace aludel::serve
