#include "aludel/synthetic/crawl.h"

#include <algorithm>
#include <charconv>
#include <cmath>

#include <fmt/format.h>

#include "aludel/base/hash.h"

namespace aludel::synthetic {
namespace {

// Streams of randomness, one for each thing that is drawn.
enum Stream : std::uint64_t { kPlan = 1, kPage, kSite, kSiteText, kChanges };

constexpr std::size_t kRunningTextBytes = 120;  // from here on a slot holds sentences
constexpr int kMaxExtraTokens = 60;             // to end a sentence
constexpr double kLengthSpread = 0.4;           // standard deviation of the log of a page's length
constexpr std::uint64_t kSitesAtOnce = 50;
constexpr double kGoldenRatio = 0.6180339887498949;

Error wrong(std::string_view what) {
  return {Code::invalid_argument, fmt::format("[synthesize] {}", what)};
}

Result<std::map<std::string, double>> parse_shares(std::string_view text) {
  std::map<std::string, double> shares;
  double sum = 0;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find(',', at), text.size());
    const std::string_view item = text.substr(at, end - at);
    const std::size_t equals = item.find('=');
    double share = 0;
    const char* last = item.data() + item.size();
    const bool has_share =
        equals != std::string_view::npos &&
        std::from_chars(item.data() + equals + 1, last, share) == std::from_chars_result{last, {}};
    if (!has_share || !(share > 0)) {
      return wrong(fmt::format("languages: '{}' is no LANGUAGE=SHARE", item));
    }
    shares[std::string(item.substr(0, equals))] += share;
    sum += share;
    at = end + 1;
  }
  if (shares.empty()) return wrong("languages: none");
  for (auto& [language, share] : shares) {
    share /= sum;
  }
  return shares;
}

Status check(const SyntheticSettings& settings) {
  ALUDEL_TRY(check_config(settings, "synthesize"));
  if (settings.exact_duplicates + settings.near_duplicates + settings.recrawls > 1) {
    return wrong("the shares of duplicates add up to more than 1");
  }
  return Ok{};
}

void append_escaped(std::string& html, std::string_view text) {
  for (const char c : text) {
    switch (c) {
      case '&':
        html += "&amp;";
        break;
      case '<':
        html += "&lt;";
        break;
      case '>':
        html += "&gt;";
        break;
      default:
        html += c;
    }
  }
}

}  // namespace

Result<SyntheticCrawl> SyntheticCrawl::create(
    const SyntheticSettings& settings, std::vector<PageSkeleton> skeletons,
    const std::map<std::string, std::vector<std::string>>& texts) {
  ALUDEL_TRY(check(settings));
  SyntheticCrawl crawl;
  crawl.settings_ = settings;
  crawl.skeletons_ = std::move(skeletons);
  std::erase_if(crawl.skeletons_, [](const PageSkeleton& page) { return page.slots.empty(); });
  if (crawl.skeletons_.empty()) return wrong("no page with text to take the markup of");
  double share_end = 0;
  for (const auto& [language, share] : ALUDEL_TRY(parse_shares(settings.languages))) {
    const auto found = texts.find(language);
    TextSampler sampler(found == texts.end() ? std::span<const std::string>() : found->second);
    if (sampler.tokens() == 0) {
      return wrong(fmt::format("no prose in language '{}' among the texts", language));
    }
    share_end += share;
    crawl.languages_.push_back({language, share_end, std::move(sampler)});
  }
  return crawl;
}

SyntheticCrawl::Plan SyntheticCrawl::plan(std::uint64_t i) const {
  Rng random(static_cast<std::uint64_t>(settings_.seed) + kPlan, i);
  double draw = random.uniform();
  const double shares[] = {settings_.exact_duplicates, settings_.near_duplicates,
                           settings_.recrawls};
  const SyntheticKind kinds[] = {SyntheticKind::exact_duplicate, SyntheticKind::near_duplicate,
                                 SyntheticKind::recrawl};
  for (std::size_t kind = 0; kind < std::size(shares) && i > 0; ++kind) {
    if (draw < shares[kind]) return {kinds[kind], plan(random.below(i)).origin};
    draw -= shares[kind];
  }
  return {SyntheticKind::novel, i};
}

/// The pages of a site lie among those of many others, as in a crawl.
std::uint64_t SyntheticCrawl::site_of(std::uint64_t page) const {
  Rng random(static_cast<std::uint64_t>(settings_.seed) + kSite, page);
  const auto block = kSitesAtOnce * static_cast<std::uint64_t>(settings_.pages_per_site);
  return page / block * kSitesAtOnce + random.below(kSitesAtOnce);
}

/// Additive recurrence: the first n sites keep to the shares for every n.
const SyntheticCrawl::Language& SyntheticCrawl::language_of(std::uint64_t site) const {
  const double place = std::fmod(static_cast<double>(site) * kGoldenRatio, 1.0);
  for (const Language& language : languages_) {
    if (place < language.share_end) return language;
  }
  return languages_.back();
}

const PageSkeleton& SyntheticCrawl::skeleton_of(std::uint64_t site) const {
  return skeletons_[mix64(site + static_cast<std::uint64_t>(settings_.seed)) % skeletons_.size()];
}

double SyntheticCrawl::mean_page_bytes() const {
  double bytes = 0;
  for (const PageSkeleton& skeleton : skeletons_) {
    bytes += static_cast<double>(skeleton.html.size());
  }
  return bytes / static_cast<double>(skeletons_.size());
}

SyntheticPage SyntheticCrawl::page(std::uint64_t i) const {
  const Plan plan = this->plan(i);
  const std::uint64_t site = site_of(plan.origin);
  const Language& language = language_of(site);
  const PageSkeleton& skeleton = skeleton_of(site);
  const auto seed = static_cast<std::uint64_t>(settings_.seed);
  const bool changes =
      plan.kind == SyntheticKind::near_duplicate || plan.kind == SyntheticKind::recrawl;
  const auto writer = [&](Rng random, double changed_words) {
    const TextCursor cursor = language.sampler.begin(random);
    return Writer{&language.sampler, random, cursor, Rng(seed + kChanges, i), changed_words};
  };
  Writer writers[] = {
      writer(Rng(seed + kSiteText, site), 0),
      writer(Rng(seed + kPage, plan.origin), changes ? settings_.changed_words : 0)};
  const double scale =
      settings_.text_scale *
      std::exp(kLengthSpread * writers[static_cast<int>(SlotOwner::page)].random.normal());

  SyntheticPage page;
  page.kind = plan.kind;
  page.language = language.name;
  const bool is_recrawl = plan.kind == SyntheticKind::recrawl;
  page.url = fmt::format("https://site{}.example/{}.html", site, is_recrawl ? plan.origin : i);
  page.date = is_recrawl ? "2026-02-01T00:00:00Z" : "2026-01-01T00:00:00Z";
  page.html.reserve(skeleton.html.size() * 5 / 4);
  std::string text;
  std::size_t at = 0;
  for (const TextSlot& slot : skeleton.slots) {
    page.html.append(skeleton.html, at, slot.begin - at);
    at = slot.begin + slot.size_bytes;
    Writer& by = writers[static_cast<int>(slot.owner)];
    const bool is_running = slot.owner == SlotOwner::page && slot.size_bytes >= kRunningTextBytes;
    const auto wanted =
        is_running ? static_cast<std::size_t>(slot.size_bytes * scale) : slot.size_bytes;
    text.clear();
    bool sentence_ended = false;
    const auto add = [&] {
      const std::uint32_t token = by.sampler->next(by.cursor, by.random);
      const bool is_changed = by.changed_words > 0 && by.changes.uniform() < by.changed_words;
      by.sampler->append(text, is_changed ? by.sampler->any(by.changes) : token);
      sentence_ended = by.sampler->ends_sentence(token);
    };
    while (text.size() < wanted) {
      add();
    }
    for (int n = 0; is_running && slot.ends_block && !sentence_ended && n < kMaxExtraTokens; ++n) {
      add();
    }
    page.text_bytes += text.size();
    append_escaped(page.html, text);
  }
  page.html.append(skeleton.html, at);
  return page;
}

}  // namespace aludel::synthetic
