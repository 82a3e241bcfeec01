#pragma once

#include <span>
#include <string>

#include "aludel/base/json.h"
#include "aludel/base/result.h"
#include "aludel/curate/document/scan/scan_slot.h"
#include "aludel/io/rows.h"

namespace aludel::curate {

/// One page, file, chapter or line on its way through the cascade.
struct Document {
  std::string id;   // unique in the run and stable between runs
  std::string url;  // or the path of the file
  std::string source;
  std::string kind;  // web, open or licensed
  std::string licence;
  std::string profile = "web";  // web, book, code or qa: chooses the settings of layers
  std::string language;         // ISO 639-1, empty until layer `language`
  std::string text;             // UTF-8
  std::string date;
  std::string dump;                   // the crawl, if the source or archive names one
  std::string cluster;                // of near-duplicates: its name, the same for all of them
  std::string raw;                    // fetched bytes, until layer `language` extracts the text
  std::string content_type;           // of `raw`: "text/html; charset=gbk"
  std::string robots_tag;             // the response's X-Robots-Tag fields, joined by ", "
  std::string tdm_reservation;        // the response's TDM-Reservation field
  Json annotations = Json::object();  // layer name -> the layer's notes
  Json metadata = Json::object();     // all other members of the document's record
  std::string rejected_by;            // the layer that dropped it; empty while it is kept
  std::string reason;
  double score = 0;
  /// True if an earlier run, which is read again, has already decided that the current layer keeps
  /// it. A layer that chooses between documents prefers it. Not part of the JSON object.
  bool is_settled = false;
  /// The finding of the current layer's plan about it, for decide(); null if there is none. Not
  /// part of the JSON object.
  Json finding = {};
  ScanSlot scan = {};  // counts over the text, which one layer leaves for the next
};

/// Returns the document as the JSON object that kept files, rejects files and `aludel layer` share.
/// Only a reject has rejected_by, reason and score. `raw`, with what belongs to it, is never there;
/// every other member always is.
Json to_json(Document document);

/// Returns the members of that object as columns, for files of rows. Annotations and metadata are
/// columns of JSON as text, so that every file has the same schema.
std::span<const io::Column> document_columns();

/// The names of the members that hold text and id in a record. "a.b" is member b of member a,
/// unless the record has a member with that whole name.
struct DocumentKeys {
  std::string text = "text";
  std::string id = "id";
  /// True if rejected_by, reason and score come from a run of ours; else they are metadata.
  bool has_verdict = true;
};

/// Makes a document of any record that has a text. Turns numbers and booleans into text where a
/// document has text. Moves values that do not fit, and unknown members, to metadata as they are.
/// Takes url, date, dump and language from metadata if the record does not have them and no layer
/// has annotated it. Replaces bytes that are not UTF-8 by U+FFFD. Errors: not_found with the names
/// of the record's members if it has no text; corrupt_data if the text has another type or `json`
/// is not an object.
Result<Document> document_from_json(Json json, const DocumentKeys& keys = {});

/// True if annotations have the form that layers write: an object of notes for each layer, and
/// lists of groups to count. Another tool may use the name for something else, and layers must not
/// read it.
bool are_of_layers(const Json& annotations);

/// Adds a member to the document's metadata, unless it is there already. If the name has another
/// value, appends "_" to the new name, or "_2" and so on.
void add_metadata(Document& document, std::string_view name, Json value);

/// Adds each member in the same way. Takes linear time even for a hostile record with a million
/// members, because names do not grow with the number of members.
void add_metadata(Document& document, Json::Object members);

}  // namespace aludel::curate
