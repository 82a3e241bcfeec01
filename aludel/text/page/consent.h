#pragma once

#include <string_view>

namespace aludel::text {

/// What a page says about its use for training, in its markup or in the head of its response.
struct ConsentSignals {
  bool noai = false;          // a robots directive against training on the page
  bool noimageai = false;     // the same of its images
  bool tdm_reserved = false;  // TDM Reservation Protocol: text and data mining is reserved

  void add(const ConsentSignals& other) {
    noai |= other.noai;
    noimageai |= other.noimageai;
    tdm_reserved |= other.tdm_reserved;
  }
};

/// Returns the signals of the header fields X-Robots-Tag (several joined by ",") and
/// TDM-Reservation. A directive for one named crawler counts for all.
/// Source: TDMRep, W3C Community Group Final Report of 2024-05-10: only the value 1 reserves.
ConsentSignals consent_in_headers(std::string_view robots_tag, std::string_view tdm_reservation);

/// Returns the signals of the first thousand <meta> tags of a page in UTF-8: "robots", "ai" or the
/// name of a crawler ("…bot") with noai or noimageai, and "tdm-reservation". A tag that reserves
/// outweighs another that does not. Tags are read wherever they stand, in comments and scripts,
/// too: the parse of extraction skips those, so its tree cannot answer. Concurrent calls: yes.
ConsentSignals consent_in_markup(std::string_view html);

}  // namespace aludel::text
