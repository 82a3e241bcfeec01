#include <algorithm>
#include <unordered_map>

#include "aludel/base/config.h"
#include "aludel/curate/cut_text.h"
#include "aludel/curate/layer.h"
#include "aludel/curate/layers/paragraph_dedup/paragraphs.h"
#include "aludel/io/formats/jsonl.h"

namespace aludel::curate {
namespace {

using paragraph_dedup::Paragraph;

struct ParagraphSettings {
  std::int64_t min_words = 20;
  double min_new_share = 0.1;
  std::int64_t min_kept_words = 20;

  template <class V>
  void visit(V& v) {
    v("min_words", min_words,
      "shorter paragraphs stay; words, or code points of Chinese, Japanese, Korean");
    v("min_new_share", min_new_share,
      "a document falls when less of its words is in paragraphs, short ones too, that are new");
    v("min_kept_words", min_kept_words, "a cut document falls when fewer words are left");
  }
};

std::string paragraph_state_path(const std::string& folder) {
  return io::join_path(folder, "paragraphs.jsonl");
}

class ParagraphFit final : public Fit {
 public:
  void observe(const Document& document) override {
    const auto paragraphs = paragraph_dedup::split_paragraphs(document.text);
    for (std::size_t i = 0; i < paragraphs.size(); ++i) {
      if (paragraphs[i].words > 0) places_.push_back({paragraphs[i].hash, ids_.size(), i});
    }
    ids_.push_back(document.id);
  }

  void merge(Fit& later) override {
    auto& other = static_cast<ParagraphFit&>(later);
    for (Place place : other.places_) {
      place.document += ids_.size();
      places_.push_back(place);
    }
    std::ranges::move(other.ids_, std::back_inserter(ids_));
  }

  // One row for each paragraph that stands in two places: where it stays.
  Status finish(io::FileSystem& files, const std::string& state_folder) override {
    std::ranges::sort(places_);
    auto writer = ALUDEL_TRY(io::JsonlWriter::create(files, paragraph_state_path(state_folder)));
    for (std::size_t i = 0; i < places_.size();) {
      const Place& first = places_[i];
      std::size_t end = i + 1;
      while (end < places_.size() && places_[end].hash == first.hash)
        ++end;
      if (end - i > 1) {
        Json row = Json::object();
        row["paragraph"] = first.hash.hex();
        row["id"] = ids_[first.document];
        row["index"] = static_cast<std::int64_t>(first.index);
        row["places"] = static_cast<std::int64_t>(end - i);
        ALUDEL_TRY(writer.write(row));
      }
      i = end;
    }
    return writer.commit();
  }

 private:
  struct Place {
    Hash128 hash;
    std::size_t document;
    std::size_t index;
    auto operator<=>(const Place&) const = default;  // NOLINT(modernize-use-nullptr): not its 0
  };

  std::vector<Place> places_;
  std::vector<std::string> ids_;
};

class ParagraphLayer final : public Layer {
 public:
  explicit ParagraphLayer(const ParagraphSettings& settings) : settings_(settings) {}

  std::unique_ptr<Fit> start_fit() const override { return std::make_unique<ParagraphFit>(); }

  Status load_state(io::FileSystem& files, const std::string& state_folder) override {
    auto reader = ALUDEL_TRY(io::JsonlReader::open(files, paragraph_state_path(state_folder)));
    Json row;
    while (ALUDEL_TRY(reader.next(row))) {
      owners_[row.string_or("paragraph", "")] = {row.string_or("id", ""),
                                                 row.integer_or("index", 0)};
    }
    return Ok{};
  }

  Verdict judge(Document& document) const override {
    const auto paragraphs = paragraph_dedup::split_paragraphs(document.text);
    std::vector<Range> cuts;
    std::size_t words = 0;
    std::size_t words_repeated = 0;
    std::size_t words_cut = 0;
    for (std::size_t i = 0; i < paragraphs.size(); ++i) {
      const Paragraph& paragraph = paragraphs[i];
      words += paragraph.words;
      if (paragraph.words == 0 || stays_here(paragraph, document.id, i)) continue;
      words_repeated += paragraph.words;
      if (paragraph.words < static_cast<std::size_t>(settings_.min_words)) continue;
      cuts.push_back({paragraph.begin, paragraph.end});
      words_cut += paragraph.words;
    }
    if (words_repeated == 0) return {};
    const double share = static_cast<double>(words_repeated) / static_cast<double>(words);
    Json& annotation = document.annotations["paragraph_dedup"];
    annotation["repeated_share"] = share;
    annotation["cut"] = static_cast<std::int64_t>(cuts.size());
    if (1 - share < settings_.min_new_share ||
        (!cuts.empty() && words - words_cut < static_cast<std::size_t>(settings_.min_kept_words))) {
      return {false, "mostly_duplicate_paragraphs", share};
    }
    if (!cuts.empty()) document.text = cut_text(document.text, cuts);
    return {true, "", share};
  }

 private:
  /// Whether this is the one place where the paragraph is kept.
  bool stays_here(const Paragraph& paragraph, const std::string& id, std::size_t index) const {
    const auto owner = owners_.find(paragraph.hash.hex());
    return owner == owners_.end() ||
           (owner->second.id == id && owner->second.index == static_cast<std::int64_t>(index));
  }

  struct Owner {
    std::string id;
    std::int64_t index;
  };

  ParagraphSettings settings_;
  std::unordered_map<std::string, Owner> owners_;  // hash in hexadecimal
};

}  // namespace

extern constinit const LayerSpec layer_paragraph_dedup = {
    .name = "paragraph_dedup",
    .summary = "Cuts paragraphs that stood in an earlier document.",
    .source = "CCNet, arXiv:1911.00359 (there of lines); Yi, arXiv:2403.04652 figure 1",
    .kind = LayerKind::fitted,
    .show_settings = default_settings<ParagraphSettings>,
    .make = [](const Json& settings, const LayerContext&) -> Result<std::unique_ptr<Layer>> {
      ParagraphSettings read;
      ALUDEL_TRY(read_config(settings, read, "layer paragraph_dedup"));
      if (read.min_words < 1) {
        return Error{Code::invalid_argument,
                     "[layer paragraph_dedup] min_words must be at least 1"};
      }
      return std::unique_ptr<Layer>(std::make_unique<ParagraphLayer>(read));
    },
};

}  // namespace aludel::curate
