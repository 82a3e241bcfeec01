#include "aludel/curate/document/scan/scan_slot.h"

#include "aludel/base/hash.h"
#include "aludel/curate/document/scan/text_scan.h"

namespace aludel::curate {

struct ScanSlot::Held {
  Hash128 text;
  WordRule rule;
  TextScan scan;
};

ScanSlot::ScanSlot() = default;
ScanSlot::~ScanSlot() = default;

ScanSlot::ScanSlot(const ScanSlot& /*other*/) {}

ScanSlot::ScanSlot(ScanSlot&& other) noexcept = default;
ScanSlot& ScanSlot::operator=(ScanSlot&& other) noexcept = default;

ScanSlot& ScanSlot::operator=(const ScanSlot& other) {
  if (this != &other) clear();
  return *this;
}

const TextScan& ScanSlot::of(std::string_view text, WordRule rule) {
  const Hash128 hash = hash128(text);
  if (held_ == nullptr || held_->rule != rule || held_->text != hash) {
    held_ = std::make_unique<Held>(Held{hash, rule, scan_text(text, rule)});
  }
  return held_->scan;
}

void ScanSlot::clear() {
  held_.reset();
}

}  // namespace aludel::curate
