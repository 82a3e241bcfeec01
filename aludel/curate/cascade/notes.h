#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "aludel/curate/cascade/layer.h"
#include "aludel/curate/document/document.h"

// What a run notes in a document's annotations besides what its layers note, so that another run
// can judge it again. In annotations.LAYER:
//   would_drop, would_drop_score   in an annotated run, where the layer would have dropped it
//   bytes_in                       size of the text before an edit of the layer
// and while a stored run is read again, in annotations.stored:
//   text                           hash of the text as it was read
//   decided                        true for a document of a run that was not annotated
//   rejected_by, reason, score     of a reject
namespace aludel::curate {

/// In annotations[kRecovered], by layer: what was dropped there and by which rule it came back.
inline constexpr std::string_view kRecovered = "recovered";

/// Removes a note where it is.
void remove_note(Json& notes, std::string_view name);

void note_would_drop(Document& document, std::string_view layer, const Verdict& verdict);

/// Whether some layer noted that it would drop the document.
bool would_drop(const Document& document);

/// Removes what note_would_drop() noted, of this or an earlier run.
void clear_would_drop(Document& document);

/// An annotated run kept every document; a decided one has rejects.
enum class RunKind : std::uint8_t { annotated, decided };

/// Begins annotations.stored of a document of a finished run, and clears its reject fields.
void begin_stored(Document& document, RunKind kind);

/// Whether the document was read from a finished run.
bool is_stored(const Document& document);

/// Whether that was a decided run.
bool is_decided(const Document& document);

/// Whether the verdict of a layer on a document stands as the run that it was read from has it: it
/// was judged by that layer there. False for what was not read from a decided run.
bool is_settled_at(const Document& document, std::string_view layer);

/// Whether its text is still as it was read. REQUIRES: is_stored().
bool has_stored_text(const Document& document);

/// The layer that rejected it in the run that it was read from; empty for a kept one.
std::string stored_rejected_by(const Document& document);

/// Reason and score of that. REQUIRES: stored_rejected_by() is not empty.
Verdict stored_verdict(const Document& document);

/// Removes annotations.stored: what is written to kept and rejects has none.
void end_stored(Document& document);

/// Size of the text before the layer at a place of the cascade, or after all with the count of
/// layers: of a stored document as the run had it that first judged it.
std::size_t text_bytes_before(const Document& document, std::size_t place);

/// Whether the run that a stored document was read from notes an edit of that layer.
bool was_edited(const Document& document, std::string_view layer);

/// Place of a layer in the cascade; behind all of them for what is none of the twelve.
std::size_t layer_place(std::string_view layer);

}  // namespace aludel::curate
