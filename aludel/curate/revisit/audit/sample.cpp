#include "aludel/curate/revisit/audit/sample.h"

#include <algorithm>
#include <map>
#include <mutex>
#include <utility>

#include <fmt/format.h>

#include "aludel/base/hash.h"
#include "aludel/base/stop.h"
#include "aludel/curate/cascade/cascade.h"
#include "aludel/curate/report/smallest_keys.h"
#include "aludel/curate/revisit/audit/page.h"
#include "aludel/io/formats/jsonl.h"
#include "aludel/io/rows.h"

namespace aludel::curate::audit {
namespace {

constexpr std::size_t kKeyDigits = 16;

/// Returns the name of a document on the sheet. It differs from the hash by which the document is
/// drawn, because that hash would tell a reader small strata from large ones.
std::string key_of(std::int64_t seed, const Document& document) {
  return hash128(fmt::format("audit key\n{}\n{}", seed, document.id)).hex().substr(0, kKeyDigits);
}

struct Drop {
  std::string layer;  // empty: kept
  std::string reason;
};

/// Returns who dropped the document; in an annotated run, the first layer that would have dropped
/// it.
Drop drop_of(const Document& document) {
  if (!document.rejected_by.empty()) return {document.rejected_by, document.reason};
  for (const std::string_view layer : cascade_order()) {
    const Json* noted = document.annotations.find(layer);
    if (noted == nullptr) continue;
    if (std::string reason = noted->string_or("would_drop", ""); !reason.empty()) {
      return {std::string(layer), std::move(reason)};
    }
  }
  return {};
}

bool is_shown_by_text(const std::string& layer) {
  if (layer == kReadLayer) return false;
  const auto spec = find_layer(layer);
  return !spec || spec.value()->grounds == Grounds::own_text;
}

/// The drawing of a sample: the documents with the smallest hashes of each stratum. One caller at a
/// time.
class Draw {
 public:
  Draw(const RuleNotes& rules, const SampleSettings& settings)
      : rules_(rules), settings_(settings) {}

  void add(Document document) {
    Drop drop = drop_of(document);
    if (const std::string why = reason_to_leave_out(document, drop); !why.empty()) {
      ++left_out_[why];
      return;
    }
    Part& part = part_of(drop.layer);
    ++part.stratum.documents;
    if (!drop.layer.empty()) ++part.stratum.reasons[drop.reason];
    const std::uint64_t hash = hash64(document.id, static_cast<std::uint64_t>(settings_.seed));
    if (part.capacity == 0 || !part.items.wants(hash)) return;
    Item item;
    item.answer = {key_of(settings_.seed, document),
                   document.id,
                   document.language,
                   std::move(drop.layer),
                   std::move(drop.reason),
                   rules_.of(document)};
    item.text = std::move(document.text);
    part.items.add(hash, std::move(item));
  }

  void merge(const Draw& other) {
    for (const auto& [why, count] : other.left_out_) {
      left_out_[why] += count;
    }
    for (const auto& [layer, from] : other.parts_) {
      Part& part = part_of(layer);
      part.stratum.documents += from.stratum.documents;
      for (const auto& [reason, count] : from.stratum.reasons) {
        part.stratum.reasons[reason] += count;
      }
      for (const auto& [hash, item] : from.items.values()) {
        part.items.add(hash, item);
      }
    }
  }

  Sample finish() && {
    Sample sample;
    sample.sheet.seed = settings_.seed;
    sample.sheet.languages = settings_.languages;
    sample.sheet.left_out = std::move(left_out_);
    for (auto& [layer, part] : parts_) {
      sample.sheet.strata.push_back(std::move(part.stratum));
      for (const auto& [hash, item] : part.items.values()) {
        sample.sheet.answers.push_back(item.answer);
        sample.texts.push_back({item.answer.key, item.answer.language, item.text});
      }
    }
    std::ranges::stable_sort(sample.sheet.strata, {}, place_of);
    std::ranges::sort(sample.sheet.answers, {}, &Answer::key);
    std::ranges::sort(sample.texts, {}, &SheetText::key);
    return sample;
  }

 private:
  struct Item {
    Answer answer;
    std::string text;
  };

  struct Part {
    explicit Part(std::int64_t most) : capacity(most), items(static_cast<std::size_t>(most)) {}

    std::int64_t capacity;
    Stratum stratum;
    SmallestKeys<Item> items;
  };

  /// Returns the place of a stratum, by its layer. The kept documents come last, behind layers that
  /// are not of the twelve.
  static std::size_t place_of(const Stratum& stratum) {
    return stratum.layer.empty() ? cascade_order().size() + 1 : layer_place(stratum.layer);
  }

  Part& part_of(const std::string& layer) {
    const std::int64_t most = layer.empty() ? settings_.kept : settings_.per_layer;
    Part& part = parts_.try_emplace(layer, most).first->second;
    part.stratum.layer = layer;
    return part;
  }

  std::string reason_to_leave_out(const Document& document, const Drop& drop) const {
    if (drop.reason == kCutAtSeam) return std::string(kCutAtSeam);
    if (document.text.empty()) return "no_text";
    const auto& languages = settings_.languages;
    if (!languages.empty() && std::ranges::find(languages, document.language) == languages.end()) {
      return "other_language";
    }
    const bool is_readable = drop.layer.empty() || is_shown_by_text(drop.layer);
    return settings_.layers == Layers::all || is_readable ? "" : "dropped_by_" + drop.layer;
  }

  const RuleNotes& rules_;
  const SampleSettings& settings_;
  std::map<std::string, Part> parts_;  // by layer
  std::map<std::string, std::uint64_t> left_out_;
};

Status read_into(io::FileSystem& files, const std::string& path, Draw& draw) {
  const auto reader = ALUDEL_TRY(io::open_rows(files, path, document_columns()));
  for (Json json; ALUDEL_TRY(reader->next(json));) {
    if (stop_requested()) return Error{Code::cancelled, "[audit] stopped; run it again"};
    auto document = document_from_json(std::move(json));
    if (!document) {
      return std::move(document).error().with_context(
          fmt::format("{}, row {}", path, reader->row_number()));
    }
    draw.add(std::move(document).value());
  }
  return Ok{};
}

}  // namespace

Result<Sample> draw_sample(io::FileSystem& files, Threads& threads, const StoredRun& run,
                           const RuleNotes& rules, const SampleSettings& settings) {
  const auto shards = ALUDEL_TRY(run.shards());
  Draw all(rules, settings);
  std::mutex all_mutex;
  std::vector<Status> results(shards.size(), Status(Ok{}));
  threads.parallel_for(shards.size(), [&](std::size_t i) {
    Draw draw(rules, settings);
    for (const FilePart& part : shards[i].parts) {
      results[i] = read_into(files, part.path, draw);
      if (!results[i]) return;
    }
    const std::lock_guard lock(all_mutex);
    all.merge(draw);
  });
  for (Status& result : results) {
    ALUDEL_TRY(std::move(result));
  }
  Sample sample = std::move(all).finish();
  if (sample.texts.empty()) {
    return Error{Code::not_found,
                 fmt::format("[audit] {} has no document to judge: see whether --languages names "
                             "those of its documents, or give --all-layers",
                             run.folder())};
  }
  return sample;
}

Status write_sample(io::FileSystem& files, const std::string& folder, const Sample& sample) {
  ALUDEL_TRY(files.make_folders(folder));
  auto writer =
      ALUDEL_TRY(io::JsonlWriter::create(files, io::join_path(folder, "documents.jsonl")));
  for (const SheetText& text : sample.texts) {
    ALUDEL_TRY(writer.write(to_json(text)));
  }
  ALUDEL_TRY(writer.commit());
  ALUDEL_TRY(io::write_file(files, io::join_path(folder, "audit.html"), render_page(sample.texts)));
  return write_sheet(files, folder, sample.sheet);
}

}  // namespace aludel::curate::audit
