#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "aludel/curate/cascade/layer.h"
#include "aludel/curate/document/document.h"

// Notes in a document's annotations that the run writes, not a layer, so that another run can
// decide about the document again. In annotations.LAYER:
//   would_drop, would_drop_score   in an annotated run, if the layer would have dropped it
//   bytes_in                       size of the text before an edit of the layer
// While a finished run is read again, annotations.stored has:
//   text                           hash of the text as it was read
//   decided                        true for a document of a run that was not annotated
//   rejected_by, reason, score     of a reject
namespace aludel::curate {

/// Key of the annotation that says, by layer, why the layer would have dropped the document and
/// which rule of `recover` kept it.
inline constexpr std::string_view kRecovered = "recovered";

/// Removes a note if it is there.
void remove_note(Json& notes, std::string_view name);

/// Notes the reason and score of a drop that an annotated run does not make.
void note_would_drop(Document& document, std::string_view layer, const Verdict& verdict);

/// True if some layer noted that it would drop the document.
bool would_drop(const Document& document);

/// Removes what note_would_drop() wrote, in this or an earlier run.
void clear_would_drop(Document& document);

/// What a finished run did with drops: an annotated run kept every document, a decided run has
/// rejects.
enum class RunKind : std::uint8_t { annotated, decided };

/// Begins annotations.stored of a document that was read from a finished run. Moves its reject
/// fields there and removes its notes of would-be drops; of an annotated run, also its cluster.
void begin_stored(Document& document, RunKind kind);

/// True if the document was read from a finished run.
bool is_stored(const Document& document);

/// True if it was read from a decided run.
bool is_decided(const Document& document);

/// True if the document was read from a decided run in which that layer judged it, so that its
/// verdict there stands.
bool is_settled_at(const Document& document, std::string_view layer);

/// True if its text is still as it was read. REQUIRES: is_stored().
bool has_stored_text(const Document& document);

/// Returns the layer that rejected the document in the run that it was read from; empty if that run
/// kept it, or if it was not read from a run.
std::string stored_rejected_by(const Document& document);

/// Returns reason and score of that reject. REQUIRES: stored_rejected_by() is not empty.
Verdict stored_verdict(const Document& document);

/// Removes annotations.stored, which files in kept/ and rejects/ do not have.
void end_stored(Document& document);

/// Returns the bytes of text before the layer at `place` of the cascade; after all layers if
/// `place` is their number. For a document of a finished run, returns the size that the text had in
/// the run that first judged it, which the notes `bytes_in` tell.
std::size_t text_bytes_before(const Document& document, std::size_t place);

/// True if the document was read from a run that notes an edit of that layer.
bool was_edited(const Document& document, std::string_view layer);

/// Returns the place of a layer in the cascade; the number of layers for a name that is not one of
/// the twelve.
std::size_t layer_place(std::string_view layer);

}  // namespace aludel::curate
