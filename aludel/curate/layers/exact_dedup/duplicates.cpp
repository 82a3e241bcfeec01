#include "aludel/curate/layers/exact_dedup/duplicates.h"

#include <algorithm>
#include <map>
#include <unordered_map>

#include "aludel/text/words.h"

namespace aludel::curate::exact_dedup {
namespace {

struct HashOfHash {
  std::size_t operator()(const Hash128& hash) const { return hash.low; }
};

bool is_tracking(std::string_view parameter) {
  return parameter.starts_with("utm_") || parameter.starts_with("fbclid=") ||
         parameter.starts_with("gclid=");
}

std::string without_tracking(std::string_view query) {
  std::string kept;
  for (std::size_t at = 0; at < query.size();) {
    const std::size_t end = std::min(query.find('&', at), query.size());
    const std::string_view parameter = query.substr(at, end - at);
    if (!parameter.empty() && !is_tracking(parameter)) {
      kept += kept.empty() ? "?" : "&";
      kept += parameter;
    }
    at = end + 1;
  }
  return kept;
}

std::string lower(std::string_view text) {
  std::string out(text);
  std::ranges::transform(out, out.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  });
  return out;
}

}  // namespace

Hash128 text_fingerprint(std::string_view text) {
  Hasher128 hasher;
  for (const text::Word& word : text::split_words(text, text::Case::folded)) {
    hasher.update({reinterpret_cast<const char*>(&word.hash), sizeof word.hash});
  }
  return hasher.digest();
}

std::string normalise_url(std::string_view url) {
  const std::size_t scheme_end = url.find("://");
  if (scheme_end == std::string_view::npos) return "";
  const std::string scheme = lower(url.substr(0, scheme_end));
  if (scheme != "http" && scheme != "https") return "";
  url.remove_prefix(scheme_end + 3);
  url = url.substr(0, url.find('#'));
  const std::size_t host_end = std::min(url.find_first_of("/?"), url.size());
  std::string host = lower(url.substr(0, host_end));
  for (const std::string_view port : {":80", ":443"}) {
    if (host.ends_with(port)) host.resize(host.size() - port.size());
  }
  if (host.starts_with("www.")) host.erase(0, 4);
  std::string_view path = url.substr(host_end);
  const std::size_t query = path.find('?');
  const std::string kept_query =
      query == std::string_view::npos ? "" : without_tracking(path.substr(query + 1));
  path = path.substr(0, query);
  while (path.ends_with('/'))
    path.remove_suffix(1);
  return host + std::string(path) + kept_query;
}

std::vector<Duplicate> find_duplicates(const std::vector<Copy>& copies) {
  std::unordered_map<Hash128, std::size_t, HashOfHash> by_text;
  std::unordered_map<Hash128, std::size_t, HashOfHash> by_url;  // the newest so far
  std::map<std::size_t, Duplicate> dropped;
  for (std::size_t i = 0; i < copies.size(); ++i) {
    const auto [first, is_new] = by_text.try_emplace(copies[i].text, i);
    if (!is_new) {
      dropped[i] = {i, first->second, "duplicate"};
      continue;
    }
    if (copies[i].url == Hash128{}) continue;
    const auto [newest, only] = by_url.try_emplace(copies[i].url, i);
    if (!only && copies[i].date > copies[newest->second].date) newest->second = i;
  }
  for (std::size_t i = 0; i < copies.size(); ++i) {
    if (copies[i].url == Hash128{} || dropped.contains(i)) continue;
    const std::size_t newest = by_url.at(copies[i].url);
    if (newest != i) dropped[i] = {i, newest, "duplicate_url"};
  }
  std::vector<Duplicate> sorted;
  sorted.reserve(dropped.size());
  for (const auto& [document, duplicate] : dropped) {
    sorted.push_back(duplicate);
  }
  return sorted;
}

}  // namespace aludel::curate::exact_dedup
