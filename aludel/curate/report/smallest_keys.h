#pragma once

#include <cstddef>
#include <cstdint>
#include <iterator>
#include <map>
#include <utility>

namespace aludel::curate {

/// The values of the smallest keys: a sample that does not depend on the order of adding.
template <class Value>
class SmallestKeys {
 public:
  explicit SmallestKeys(std::size_t capacity) : capacity_(capacity) {}

  /// True if add() would keep a value of this key.
  bool wants(std::uint64_t key) const {
    return values_.size() < capacity_ || key < values_.rbegin()->first;
  }

  void add(std::uint64_t key, Value value) {
    if (!wants(key)) return;
    values_.insert_or_assign(key, std::move(value));
    if (values_.size() > capacity_) values_.erase(std::prev(values_.end()));
  }

  /// Returns the value of a key, which is made if it is new; nullptr if the key is not wanted.
  Value* at(std::uint64_t key) {
    if (const auto found = values_.find(key); found != values_.end()) return &found->second;
    if (!wants(key)) return nullptr;
    add(key, Value());
    return &values_.find(key)->second;
  }

  const std::map<std::uint64_t, Value>& values() const { return values_; }

 private:
  std::size_t capacity_;
  std::map<std::uint64_t, Value> values_;
};

}  // namespace aludel::curate
