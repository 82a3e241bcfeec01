#include <algorithm>
#include <array>
#include <map>
#include <mutex>

#include "app/command.h"
#include <fmt/format.h>

#include "aludel/base/log.h"
#include "aludel/base/progress.h"
#include "aludel/base/stop.h"
#include "aludel/base/threads.h"
#include "aludel/curate/sources/sources.h"
#include "aludel/io/format.h"
#include "aludel/io/formats/warc.h"
#include "aludel/io/scheme_file_system.h"
#include "aludel/synthetic/crawl.h"
#include "aludel/text/charset.h"
#include "aludel/text/corpus_reader.h"
#include "aludel/text/language.h"

namespace aludel::app {
namespace {

struct SynthesizeOptions {
  std::vector<std::string> pages;
  std::vector<std::string> texts;
  std::string out;
  std::int64_t megabytes = 100;
  std::int64_t pages_per_file = 500;
  std::int64_t threads = 0;
  bool overwrite = false;
  synthetic::SyntheticSettings settings;

  template <class V>
  void visit(V& v) {
    v("pages", pages, "HTML files or WARC archives, or folders with them, whose markup is used");
    v("texts", texts, "JSONL or text files, or folders with them, whose text is sampled");
    v("out", out, "folder for warc/NNNNN.warc.gz and crawl.json");
    v("megabytes", megabytes, "size of all pages, about, not compressed", at_least(1));
    v("pages_per_file", pages_per_file, "pages in one archive", at_least(1));
    v("threads", threads, "threads; 0 is one per core", kThreadCounts);
    v("overwrite", overwrite, kOverwriteHelp);
    settings.visit(v);
  }
};

constexpr double kMinConfidence = 0.8;
constexpr std::size_t kMaxSkeletonBytes = std::size_t{1} << 20;

/// The markup of all pages below the paths, in the order of the files.
Result<std::vector<synthetic::PageSkeleton>> read_skeletons(io::FileSystem& files,
                                                            const std::vector<std::string>& paths) {
  curate::SourceConfig source;
  std::vector<synthetic::PageSkeleton> skeletons;
  for (const std::string& path : paths) {
    for (const io::FileInfo& file : ALUDEL_TRY(files.list(path))) {
      const std::string format(io::ending_of(file.path).format);
      if (format != "html" && format != "warc") continue;
      const auto reader = ALUDEL_TRY(curate::open_documents(
          files, source, {file.path, file.path, format, 0, file.size_bytes}));
      curate::ReadDocument item;
      while (ALUDEL_TRY(reader->next(item))) {
        const curate::Document& document = item.document;
        if (document.raw.empty() || document.raw.size() > kMaxSkeletonBytes) continue;
        skeletons.push_back(
            synthetic::find_slots(text::decode_to_utf8(document.raw, document.content_type).text));
      }
    }
  }
  return skeletons;
}

Result<std::map<std::string, std::vector<std::string>>> read_texts(
    io::FileSystem& files, const std::vector<std::string>& paths) {
  std::map<std::string, std::vector<std::string>> texts;
  auto reader = ALUDEL_TRY(text::CorpusReader::open(files, paths));
  text::CorpusDocument document;
  while (ALUDEL_TRY(reader.next(document))) {
    const text::LanguageGuess guess = text::guess_language(document.text);
    if (guess.confidence >= kMinConfidence) {
      texts[guess.language].push_back(std::move(document.text));
    }
  }
  reader.warn_of_bad_lines("synthesize");
  return texts;
}

/// What was written, over all files.
struct Totals {
  std::uint64_t html_bytes = 0;
  std::uint64_t text_bytes = 0;
  std::uint64_t archive_bytes = 0;
  std::map<std::string, std::uint64_t> languages;
  std::array<std::uint64_t, synthetic::kSyntheticKinds.size()> kinds = {};

  void add(const Totals& other) {
    html_bytes += other.html_bytes;
    text_bytes += other.text_bytes;
    archive_bytes += other.archive_bytes;
    for (const auto& [language, count] : other.languages) {
      languages[language] += count;
    }
    for (std::size_t i = 0; i < kinds.size(); ++i) {
      kinds[i] += other.kinds[i];
    }
  }
};

/// Pages [begin, end) as one archive.
Result<Totals> write_archive(io::FileSystem& files, const std::string& path,
                             const synthetic::SyntheticCrawl& crawl, std::uint64_t begin,
                             std::uint64_t end) {
  auto writer = ALUDEL_TRY(io::WarcWriter::create(files, path));
  ALUDEL_TRY(writer.write_info("2026-01-01T00:00:00Z", {{"software", "aludel synthesize"},
                                                        {"format", "WARC File Format 1.1"}}));
  Totals totals;
  for (std::uint64_t i = begin; i < end; ++i) {
    if (stop_requested()) return Error{Code::cancelled, "[synthesize] stopped; run it again"};
    const synthetic::SyntheticPage page = crawl.page(i);
    const std::string head = fmt::format(
        "HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: {}\r\n\r\n",
        page.html.size());
    ALUDEL_TRY(writer.write_response(page.url, page.date, head, page.html));
    totals.html_bytes += page.html.size();
    totals.text_bytes += page.text_bytes;
    ++totals.languages[std::string(page.language)];
    ++totals.kinds[static_cast<std::size_t>(page.kind)];
  }
  ALUDEL_TRY(writer.commit());
  totals.archive_bytes = writer.size_bytes();
  return totals;
}

Json to_json(const Totals& totals, const SynthesizeOptions& options, std::uint64_t pages) {
  Json json = Json::object();
  json["pages"] = pages;
  json["html_bytes"] = totals.html_bytes;
  json["text_bytes"] = totals.text_bytes;
  json["archive_bytes"] = totals.archive_bytes;
  for (const auto& [language, count] : totals.languages) {
    json["languages"][language] = count;
  }
  for (std::size_t i = 0; i < totals.kinds.size(); ++i) {
    json["kinds"][synthetic::kSyntheticKinds[i]] = totals.kinds[i];
  }
  synthetic::SyntheticSettings settings = options.settings;
  json["settings"] = dump_config(fields_of(settings));
  return json;
}

Result<int> run(const CommandLine& line) {
  SynthesizeOptions options;
  if (ALUDEL_TRY(line.read(options)) == Parsed::help_shown) return kExitDone;
  if (options.pages.empty() || options.texts.empty() || options.out.empty()) {
    return Error{Code::invalid_argument, "[synthesize] needs --pages, --texts and --out"};
  }
  io::SchemeFileSystem disk;
  io::KeepingFileSystem files(disk, line.existing(options.overwrite));
  const auto claim =
      ALUDEL_TRY(io::OutputClaim::take(files, io::join_path(options.out, "crawl.json")));
  Threads threads(static_cast<int>(options.threads));
  const auto crawl = ALUDEL_TRY(synthetic::SyntheticCrawl::create(
      options.settings, ALUDEL_TRY(read_skeletons(files, options.pages)),
      ALUDEL_TRY(read_texts(files, options.texts))));
  const double wanted = static_cast<double>(options.megabytes) * 1e6 / crawl.mean_page_bytes();
  const auto pages = std::max<std::uint64_t>(static_cast<std::uint64_t>(wanted), 1);
  const auto per_file = static_cast<std::uint64_t>(options.pages_per_file);
  const std::uint64_t archives = (pages + per_file - 1) / per_file;
  ALUDEL_TRY(files.make_folders(io::join_path(options.out, "warc")));
  Progress progress("synthesize", archives, "archives");
  Totals totals;
  Status failed = Ok{};
  std::mutex mutex;
  threads.parallel_for(archives, [&](std::size_t n) {
    const std::string path = io::join_path(options.out, fmt::format("warc/{:05}.warc.gz", n));
    const std::uint64_t end = std::min(pages, (n + 1) * per_file);
    auto written = write_archive(files, path, crawl, n * per_file, end);
    progress.advance(1);
    const std::lock_guard lock(mutex);
    if (written) {
      totals.add(written.value());
    } else if (failed) {
      failed = std::move(written).error();
    }
  });
  ALUDEL_TRY(failed);
  const Json json = to_json(totals, options, pages);
  ALUDEL_TRY(
      io::write_file(files, io::join_path(options.out, "crawl.json"), json.dump_pretty() + "\n"));
  print(json.dump());
  return kExitDone;
}

}  // namespace

extern constinit const CommandSpec command_synthesize = {
    .name = "synthesize",
    .summary = "Writes a crawl of any size: real markup filled with sampled text, to measure by.",
    .details =
        "Nobody's pages: the markup, scripts and styles of --pages with every text in them\n"
        "replaced by what an n-gram model of --texts writes. Sites share menus, pages repeat "
        "others\n"
        "at stated rates. The same inputs, seed and size give the same bytes, whatever --threads.\n"
        "Files are warc/NNNNN.warc.gz and crawl.json, which says what was made; it is printed, "
        "too.\n\n"
        "Example: aludel synthesize --pages site/ --texts text.jsonl --languages en=0.5,zh=0.5 \\\n"
        "           --megabytes 2000 --seed 1 --out crawl\n"
        "         aludel curate --preset web --in crawl/warc --models models --out runs/speed",
    .run = run,
};

}  // namespace aludel::app
