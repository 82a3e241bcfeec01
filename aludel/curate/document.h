#pragma once

#include <span>
#include <string>

#include "aludel/base/json.h"
#include "aludel/base/result.h"
#include "aludel/curate/scan/scan_slot.h"
#include "aludel/io/rows.h"

namespace aludel::curate {

/// One page or file on its way through the cascade.
struct Document {
  std::string id;   // unique in the run and stable between runs
  std::string url;  // or the path it was read from
  std::string source;
  std::string kind;  // web, open or licensed
  std::string licence;
  std::string profile = "web";  // web, book, code or qa: which settings judge it
  std::string language;         // ISO 639-1, empty until layer `language`
  std::string text;             // UTF-8
  std::string date;
  std::string dump;                   // the crawl it is of, where its source or archive names one
  std::string raw;                    // fetched bytes, until layer `language` makes text of them
  std::string content_type;           // of raw: "text/html; charset=gbk"
  std::string robots_tag;             // of the response: its X-Robots-Tag fields, joined by ", "
  std::string tdm_reservation;        // of the response: its TDM-Reservation field
  Json annotations = Json::object();  // layer name -> what that layer saw
  std::string rejected_by;            // the layer that dropped it; empty while it is kept
  std::string reason;
  double score = 0;
  /// Its place was settled in a run that is read again: a layer that chooses between documents
  /// chooses it. Not part of the JSON object.
  bool is_settled = false;
  /// What the fit of a corpus layer found of it, for that layer's judge(); null for nothing. Not
  /// part of the JSON object.
  Json finding = {};
  ScanSlot scan = {};  // of text: what a layer that counts leaves for the next
};

/// The document as the one JSON object that kept, rejects and `aludel layer` share: `date` and
/// `profile` only where they say something, the three reject fields only for a reject, `raw` and
/// what belongs to it never.
Json to_json(Document document);

/// The members of that object as columns, for a file that has columns.
std::span<const io::Column> document_columns();

/// The inverse; keys it does not know are ignored. Text that is not UTF-8 gets U+FFFD.
/// Errors: corrupt_data for something that is no object, or has a known key of another type.
Result<Document> document_from_json(Json json);

}  // namespace aludel::curate
