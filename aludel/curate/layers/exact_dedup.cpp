#include <algorithm>
#include <unordered_map>

#include "aludel/base/config.h"
#include "aludel/curate/cut_text.h"
#include "aludel/curate/layer.h"
#include "aludel/curate/layers/exact_dedup/boundaries.h"
#include "aludel/curate/layers/exact_dedup/duplicates.h"
#include "aludel/curate/layers/exact_dedup/repeats.h"
#include "aludel/curate/url.h"
#include "aludel/io/formats/jsonl.h"

namespace aludel::curate {
namespace {

struct ExactSettings {
  bool urls = true;
  std::int64_t min_words = 50;
  std::int64_t min_bytes = 100;
  double min_kept_share = 0.3;
  std::int64_t min_kept_words = 20;

  template <class V>
  void visit(V& v) {
    v("urls", urls, "of web pages with one address keep the newest capture only");
    v("min_words", min_words,
      "shortest run of words and symbols that is cut where it stands again; 0: cut nothing");
    v("min_bytes", min_bytes, "a shorter cut is not made");
    v("min_kept_share", min_kept_share, "a cut document falls when less of its words is left");
    v("min_kept_words", min_kept_words, "a cut document falls when fewer words are left");
  }
};

const char* const kNewest = "~";  // behind every date

std::string state_path(const std::string& folder) {
  return io::join_path(folder, "duplicates.jsonl");
}

class ExactFit final : public Fit {
 public:
  explicit ExactFit(const ExactSettings& settings) : settings_(settings) {}

  void observe(const Document& document) override {
    const std::string url =
        settings_.urls && document.kind == "web" ? normalise_url(document.url) : std::string();
    copies_.push_back({document.id, exact_dedup::text_fingerprint(document.text),
                       url.empty() ? Hash128{} : hash128(url),
                       document.is_settled ? kNewest : document.date});
    std::vector<std::uint64_t> hashes;
    if (settings_.min_words > 0) {
      for (const text::Word& word : exact_dedup::repeat_words(document.text)) {
        hashes.push_back(word.hash);
      }
    }
    words_.add(hashes);
  }

  void merge(Fit& later) override {
    auto& other = static_cast<ExactFit&>(later);
    std::ranges::move(other.copies_, std::back_inserter(copies_));
    words_.merge(other.words_);
  }

  Status finish(io::FileSystem& files, const std::string& state_folder) override {
    auto writer = ALUDEL_TRY(io::JsonlWriter::create(files, state_path(state_folder)));
    std::vector<bool> dropped(copies_.size(), false);
    for (const exact_dedup::Duplicate& duplicate : exact_dedup::find_duplicates(copies_)) {
      dropped[duplicate.document] = true;
      Json row = Json::object();
      row["id"] = copies_[duplicate.document].id;
      row["reason"] = duplicate.reason;
      row["of"] = copies_[duplicate.kept].id;
      ALUDEL_TRY(writer.write(row));
    }
    if (settings_.min_words > 0) {
      const auto cuts =
          exact_dedup::find_repeats(words_, static_cast<std::size_t>(settings_.min_words), dropped);
      for (std::size_t i = 0; i < cuts.size(); ++i) {
        if (!cuts[i].empty()) ALUDEL_TRY(writer.write(cut_row(copies_[i].id, cuts[i])));
      }
    }
    return writer.commit();
  }

 private:
  static Json cut_row(const std::string& id, const std::vector<Range>& cuts) {
    Json row = Json::object();
    row["id"] = id;
    for (const Range& cut : cuts) {
      row["cut_words"].push_back(static_cast<std::int64_t>(cut.begin));
      row["cut_words"].push_back(static_cast<std::int64_t>(cut.end));
    }
    return row;
  }

  ExactSettings settings_;
  std::vector<exact_dedup::Copy> copies_;
  exact_dedup::WordSequences words_;
};

class ExactLayer final : public Layer {
 public:
  explicit ExactLayer(const ExactSettings& settings) : settings_(settings) {}

  std::unique_ptr<Fit> start_fit() const override { return std::make_unique<ExactFit>(settings_); }

  Status load_state(io::FileSystem& files, const std::string& state_folder) override {
    auto reader = ALUDEL_TRY(io::JsonlReader::open(files, state_path(state_folder)));
    Json row;
    while (ALUDEL_TRY(reader.next(row))) {
      Finding& finding = findings_[row.string_or("id", "")];
      finding.reason = row.string_or("reason", "");
      finding.kept = row.string_or("of", "");
      const Json* cuts = row.find("cut_words");
      for (std::size_t i = 0; cuts != nullptr && i + 1 < cuts->as_array().size(); i += 2) {
        finding.cut_words.push_back(
            {static_cast<std::size_t>(cuts->as_array()[i].as_integer()),
             static_cast<std::size_t>(cuts->as_array()[i + 1].as_integer())});
      }
    }
    return Ok{};
  }

  Verdict judge(Document& document) const override {
    const auto found = findings_.find(document.id);
    if (found == findings_.end()) return {};
    const Finding& finding = found->second;
    if (!finding.reason.empty()) {
      document.annotations["exact_dedup"]["of"] = finding.kept;
      return {false, finding.reason, 1};
    }
    return cut(document, finding.cut_words);
  }

 private:
  struct Finding {
    std::string reason;
    std::string kept;
    std::vector<Range> cut_words;
  };

  Verdict cut(Document& document, const std::vector<Range>& cut_words) const {
    const std::vector<text::Word> words = exact_dedup::repeat_words(document.text);
    std::vector<Range> cuts;
    std::size_t words_cut = 0;
    for (const Range& range : cut_words) {
      if (range.begin >= range.end || range.end > words.size()) continue;  // of another text
      const Range run = exact_dedup::snap_to_sentences(document.text, words, range);
      const Range bytes{words[run.begin].begin, words[run.end - 1].end};
      if (bytes.end - bytes.begin < static_cast<std::size_t>(settings_.min_bytes)) continue;
      cuts.push_back(bytes);
      words_cut += run.end - run.begin;
    }
    if (cuts.empty()) return {};
    const double share = static_cast<double>(words_cut) / static_cast<double>(words.size());
    Json& annotation = document.annotations["exact_dedup"];
    annotation["cut"] = static_cast<std::int64_t>(cuts.size());
    annotation["share"] = share;
    if (1 - share < settings_.min_kept_share ||
        words.size() - words_cut < static_cast<std::size_t>(settings_.min_kept_words)) {
      return {false, "mostly_repeated", share};
    }
    document.text = cut_text(document.text, cuts);
    return {true, "", share};
  }

  ExactSettings settings_;
  std::unordered_map<std::string, Finding> findings_;
};

}  // namespace

extern constinit const LayerSpec layer_exact_dedup = {
    .name = "exact_dedup",
    .summary = "Drops copies of texts and older captures of an address; cuts long repeated runs.",
    .source = "Lee et al. 2022, arXiv:2107.06499; RefinedWeb, arXiv:2306.01116",
    .kind = LayerKind::fitted,
    .show_settings = default_settings<ExactSettings>,
    .make = [](const Json& settings, const LayerContext&) -> Result<std::unique_ptr<Layer>> {
      ExactSettings read;
      ALUDEL_TRY(read_config(settings, read, "layer exact_dedup"));
      if (read.min_words < 0) {
        return Error{Code::invalid_argument, "[layer exact_dedup] min_words must not be negative"};
      }
      return std::unique_ptr<Layer>(std::make_unique<ExactLayer>(read));
    },
};

}  // namespace aludel::curate
