#pragma once

#include <span>
#include <string>

#include "aludel/base/json.h"
#include "aludel/base/result.h"
#include "aludel/curate/document/scan/scan_slot.h"
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
  Json metadata = Json::object();     // members of its record that are none of the others
  std::string rejected_by;            // the layer that dropped it; empty while it is kept
  std::string reason;
  double score = 0;
  /// Its place was settled in a run that is read again: a layer that chooses between documents
  /// chooses it. Not part of the JSON object.
  bool is_settled = false;
  /// What a layer's plan found of it, for that layer's decide(); null for nothing. Not
  /// part of the JSON object.
  Json finding = {};
  ScanSlot scan = {};  // of text: what a layer that counts leaves for the next
};

/// The document as the one JSON object that kept, rejects and `aludel layer` share: the three
/// reject fields only for a reject, `raw` and what belongs to it never, all else always.
Json to_json(Document document);

/// The members of that object as columns, for files of rows: annotations and metadata are texts
/// that hold JSON there, so that every file has the same schema.
std::span<const io::Column> document_columns();

/// The names of a record's members that hold text and id; "a.b" is member b of member a, unless the
/// record has a member of that whole name.
struct DocumentKeys {
  std::string text = "text";
  std::string id = "id";
  /// Whether rejected_by, reason and score are of a run of ours; else they are metadata.
  bool has_verdict = true;
};

/// The inverse, which takes any record that has a text. Numbers and booleans become text where a
/// text is expected; what is of no use there, and every member that is not a document's, goes to
/// metadata as it is. Metadata's own url, date, dump and language count where the record names
/// none and no layer has annotated it. Bytes that are not UTF-8 become U+FFFD. Errors: not_found
/// with the names of the record's members where it has no text; corrupt_data where the text is of
/// another type, or for what is no object.
Result<Document> document_from_json(Json json, const DocumentKeys& keys = {});

/// Whether annotations are what layers write and write on: an object of notes for each, and the
/// lists of groups that are counted. What another tool calls so is none, and no layer may stumble
/// over it.
bool are_of_layers(const Json& annotations);

/// Adds a member to the document's metadata, unless it is there already; a name that is taken by
/// another value gets "_" behind it, or "_2" and so on.
void add_metadata(Document& document, std::string_view name, Json value);

/// The same for each member, in linear time: a hostile record has a million. The name of a member
/// does not grow with the number of those of its kind, so each is looked for in few steps.
void add_metadata(Document& document, Json::Object members);

}  // namespace aludel::curate
