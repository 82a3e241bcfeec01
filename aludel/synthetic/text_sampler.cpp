#include "aludel/synthetic/text_sampler.h"

#include <algorithm>
#include <numeric>
#include <unordered_map>

#include "aludel/base/check.h"
#include "aludel/base/utf8.h"

namespace aludel::synthetic {
namespace {

constexpr int kMaxContext = 3;
constexpr double kDoubt = 2;
constexpr double kTopicShare = 0.5;
constexpr std::uint32_t kTopicTokens = 3'000;
constexpr std::size_t kMinLineTokens = 6;

bool is_space(char c) {
  return c == ' ' || c == '\t' || c == '\r' || c == '\f' || c == '\v';
}

bool is_sentence_end(std::string_view token) {
  while (!token.empty() && (token.back() == '"' || token.back() == ')')) {
    token.remove_suffix(1);
  }
  for (const std::string_view end : {".", "!", "?", "。", "！", "？"}) {
    if (token.ends_with(end)) return true;
  }
  return false;
}

bool starts_cjk(std::string_view text) {
  return !text.empty() && is_cjk(decode_utf8(text, 0).value);
}

/// Calls take(token) for what white space separates, cut before and after each CJK character.
template <class Take>
void for_each_token(std::string_view line, const Take& take) {
  std::size_t begin = 0;
  std::size_t at = 0;
  const auto close = [&] {
    if (at > begin) take(line.substr(begin, at - begin));
  };
  while (at < line.size()) {
    const CodePoint point = decode_utf8(line, at);
    if (is_space(line[at])) {
      close();
      begin = at + 1;
    } else if (is_cjk(point.value)) {
      close();
      take(line.substr(at, point.size_bytes));
      begin = at + point.size_bytes;
    }
    at += point.size_bytes;
  }
  close();
}

}  // namespace

TextSampler::TextSampler(std::span<const std::string> texts) {
  std::unordered_map<std::string, std::uint32_t> ids;
  std::vector<std::string_view> tokens;
  for (const std::string_view text : texts) {
    for (std::size_t at = 0; at < text.size();) {
      const std::size_t end = std::min(text.find('\n', at), text.size());
      tokens.clear();
      for_each_token(text.substr(at, end - at), [&](std::string_view t) { tokens.push_back(t); });
      at = end + 1;
      if (tokens.size() < kMinLineTokens || !is_sentence_end(tokens.back())) continue;
      for (const std::string_view token : tokens) {
        const auto [found, is_new] =
            ids.try_emplace(std::string(token), static_cast<std::uint32_t>(spelling_.size()));
        if (is_new) {
          spelling_.emplace_back(token);
          ends_sentence_.push_back(is_sentence_end(token));
        }
        corpus_.push_back(found->second);
      }
    }
  }
  sort_places();
}

void TextSampler::sort_places() {
  if (corpus_.empty()) return;
  // The end goes on at the beginning, so that every context has a next token.
  const std::size_t size = corpus_.size();
  for (int i = 0; i < kMaxContext; ++i) {
    corpus_.push_back(corpus_[static_cast<std::size_t>(i) % size]);
  }
  first_place_of_.assign(spelling_.size() + 1, 0);
  for (std::size_t i = 0; i < size; ++i) {
    ++first_place_of_[corpus_[i] + 1];
  }
  for (std::size_t i = 1; i < first_place_of_.size(); ++i) {
    first_place_of_[i] += first_place_of_[i - 1];
  }
  places_.resize(size);
  std::vector<std::uint32_t> next(first_place_of_.begin(), first_place_of_.end() - 1);
  for (std::uint32_t place = 0; place < size; ++place) {
    places_[next[corpus_[place]]++] = place;
  }
  const auto key = [this](std::uint32_t place) {
    return std::array{corpus_[place + 1], corpus_[place + 2], place};
  };
  for (std::size_t token = 0; token < spelling_.size(); ++token) {
    std::sort(places_.begin() + first_place_of_[token],
              places_.begin() + first_place_of_[token + 1],
              [&](std::uint32_t a, std::uint32_t b) { return key(a) < key(b); });
  }
}

std::span<const std::uint32_t> TextSampler::places_of(
    std::span<const std::uint32_t> context) const {
  const std::uint32_t* begin = places_.data() + first_place_of_[context[0]];
  const std::uint32_t* end = places_.data() + first_place_of_[context[0] + 1];
  for (std::size_t i = 1; i < context.size(); ++i) {
    begin = std::lower_bound(begin, end, context[i], [&](std::uint32_t place, std::uint32_t token) {
      return corpus_[place + i] < token;
    });
    end = std::upper_bound(begin, end, context[i], [&](std::uint32_t token, std::uint32_t place) {
      return token < corpus_[place + i];
    });
  }
  return {begin, end};
}

/// Where the cursor's last token stands in its topic.
std::span<const std::uint32_t> TextSampler::places_in_topic(const TextCursor& cursor) const {
  const std::uint32_t token = cursor.last.back();
  const auto token_at = [this](std::uint32_t place) { return corpus_[place]; };
  const auto begin = std::ranges::lower_bound(cursor.topic, token, {}, token_at);
  const auto end = std::ranges::upper_bound(cursor.topic, token, {}, token_at);
  return {begin, end};
}

std::uint32_t TextSampler::draw(const TextCursor& cursor, Rng& random) const {
  if (random.uniform() < kTopicShare) {
    const auto places = places_in_topic(cursor);
    if (!places.empty()) return corpus_[places[random.below(places.size())] + 1];
  }
  for (int length = cursor.length; length > 1; --length) {
    const auto skip = static_cast<std::size_t>(length);
    const auto places = places_of(std::span(cursor.last).last(skip));
    const auto count = static_cast<double>(places.size());
    if (random.uniform() * (count + kDoubt) >= count) continue;
    return corpus_[places[random.below(places.size())] + skip];
  }
  const auto places = places_of(std::span(cursor.last).last(1));
  return corpus_[places[random.below(places.size())] + 1];
}

TextCursor TextSampler::begin(Rng& random) const {
  ALUDEL_CHECK(!places_.empty(), "a sampler without text");
  const auto size = static_cast<std::uint32_t>(places_.size());
  const std::uint32_t topic_size = std::min(size, kTopicTokens);
  const auto topic_begin = static_cast<std::uint32_t>(random.below(size - topic_size + 1));
  TextCursor cursor;
  cursor.topic.resize(topic_size);
  std::iota(cursor.topic.begin(), cursor.topic.end(), topic_begin);
  std::ranges::stable_sort(cursor.topic, {},
                           [this](std::uint32_t place) { return corpus_[place]; });
  auto place = topic_begin + static_cast<std::uint32_t>(random.below(topic_size));
  while (place + 1 < size && !ends_sentence(corpus_[place])) {
    ++place;
  }
  cursor.last.back() = corpus_[place];
  cursor.length = 1;
  return cursor;
}

std::uint32_t TextSampler::next(TextCursor& cursor, Rng& random) const {
  const std::uint32_t token = draw(cursor, random);
  std::shift_left(cursor.last.begin(), cursor.last.end(), 1);
  cursor.last.back() = token;
  cursor.length = std::min(cursor.length + 1, kMaxContext);
  return token;
}

std::uint32_t TextSampler::any(Rng& random) const {
  ALUDEL_CHECK(!places_.empty(), "a sampler without text");
  return corpus_[random.below(places_.size())];
}

void TextSampler::append(std::string& text, std::uint32_t token) const {
  const std::string& spelling = spelling_[token];
  if (!text.empty() && !starts_cjk(spelling)) {
    const std::size_t last = utf8_boundary(text, text.size() - 1);
    if (!is_cjk(decode_utf8(text, last).value)) text += ' ';
  }
  text += spelling;
}

}  // namespace aludel::synthetic
