#include "aludel/safety/pattern_set.h"

#include <algorithm>
#include <limits>
#include <mutex>
#include <tuple>
#include <utility>

#include <fmt/format.h>
#include <hs/hs.h>

#include "aludel/base/check.h"

namespace aludel::safety {

// Named, not anonymous: fields of PatternSet::Database have these types.
struct DatabaseDeleter {
  void operator()(hs_database_t* database) const { hs_free_database(database); }
};

struct ScratchDeleter {
  void operator()(hs_scratch_t* scratch) const { hs_free_scratch(scratch); }
};

using DatabasePointer = std::unique_ptr<hs_database_t, DatabaseDeleter>;
using ScratchPointer = std::unique_ptr<hs_scratch_t, ScratchDeleter>;

namespace {

bool is_word_byte(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

struct HitCollector {
  std::vector<PatternHit> hits;
  const std::vector<std::size_t>* literal_sizes;
};

int collect_hit(unsigned int id, unsigned long long from, unsigned long long to, unsigned int,
                void* context) {
  auto& collector = *static_cast<HitCollector*>(context);
  const auto& sizes = *collector.literal_sizes;
  const std::size_t begin = sizes.empty() ? from : to - sizes[id];
  // OPTIMIZATION: an expression reports every end; keep one growing hit instead of all of them.
  auto& hits = collector.hits;
  if (!hits.empty() && hits.back().pattern == id && hits.back().begin == begin) {
    hits.back().end = to;
  } else {
    hits.push_back({id, begin, static_cast<std::size_t>(to)});
  }
  return 0;
}

Error compile_error(hs_error_t code, hs_compile_error_t* problem,
                    std::span<const std::string> sources) {
  const auto index = problem == nullptr ? -1 : problem->expression;
  Error error{
      code == HS_ARCH_ERROR ? Code::unsupported : Code::invalid_argument,
      fmt::format(
          "[patterns] {}{}",
          problem == nullptr ? "this CPU cannot run Vectorscan" : problem->message,
          index < 0 ? "" : fmt::format(": '{}'", sources[static_cast<std::size_t>(index)]))};
  hs_free_compile_error(problem);
  return error;
}

}  // namespace

bool is_whole_word(std::string_view text, const PatternHit& hit) {
  const bool continues_left =
      hit.begin > 0 && is_word_byte(text[hit.begin]) && is_word_byte(text[hit.begin - 1]);
  const bool continues_right =
      hit.end < text.size() && is_word_byte(text[hit.end - 1]) && is_word_byte(text[hit.end]);
  return !continues_left && !continues_right;
}

struct PatternSet::Database {
  DatabasePointer compiled;
  ScratchPointer prototype;
  std::vector<std::size_t> literal_sizes;  // empty for expressions
  std::mutex mutex;
  std::vector<ScratchPointer> idle;  // guarded by mutex

  ScratchPointer borrow() {
    const std::scoped_lock lock(mutex);
    if (!idle.empty()) {
      ScratchPointer scratch = std::move(idle.back());
      idle.pop_back();
      return scratch;
    }
    hs_scratch_t* clone = nullptr;
    ALUDEL_CHECK(hs_clone_scratch(prototype.get(), &clone) == HS_SUCCESS, "out of memory");
    return ScratchPointer(clone);
  }

  void give_back(ScratchPointer scratch) {
    const std::scoped_lock lock(mutex);
    idle.push_back(std::move(scratch));
  }

  Status allocate_scratch() {
    hs_scratch_t* scratch = nullptr;
    if (hs_alloc_scratch(compiled.get(), &scratch) != HS_SUCCESS) {
      return Error{Code::resource_exhausted, "[patterns] no memory for Vectorscan's scratch space"};
    }
    prototype.reset(scratch);
    return Ok{};
  }
};

PatternSet::PatternSet(std::unique_ptr<Database> database) : database_(std::move(database)) {}

PatternSet::PatternSet(PatternSet&&) noexcept = default;
PatternSet& PatternSet::operator=(PatternSet&&) noexcept = default;
PatternSet::~PatternSet() = default;

Result<PatternSet> PatternSet::of_expressions(std::span<const std::string> expressions) {
  std::vector<const char*> sources;
  std::vector<unsigned int> ids;
  for (const std::string& expression : expressions) {
    ids.push_back(static_cast<unsigned int>(sources.size()));
    sources.push_back(expression.c_str());
  }
  const std::vector<unsigned int> flags(sources.size(), HS_FLAG_SOM_LEFTMOST | HS_FLAG_DOTALL);
  hs_database_t* compiled = nullptr;
  hs_compile_error_t* problem = nullptr;
  const auto code = hs_compile_multi(sources.data(), flags.data(), ids.data(),
                                     static_cast<unsigned int>(sources.size()), HS_MODE_BLOCK,
                                     nullptr, &compiled, &problem);
  if (code != HS_SUCCESS) return compile_error(code, problem, expressions);
  auto database = std::make_unique<Database>();
  database->compiled.reset(compiled);
  ALUDEL_TRY(database->allocate_scratch());
  return PatternSet(std::move(database));
}

Result<PatternSet> PatternSet::of_literals(std::span<const std::string> literals) {
  std::vector<const char*> sources;
  std::vector<unsigned int> ids;
  std::vector<std::size_t> sizes;
  for (const std::string& literal : literals) {
    if (literal.empty()) return Error{Code::invalid_argument, "[patterns] an empty literal"};
    ids.push_back(static_cast<unsigned int>(sources.size()));
    sources.push_back(literal.data());
    sizes.push_back(literal.size());
  }
  auto database = std::make_unique<Database>();
  if (literals.empty()) return PatternSet(std::move(database));
  const std::vector<unsigned int> flags(sources.size(), HS_FLAG_CASELESS);
  hs_database_t* compiled = nullptr;
  hs_compile_error_t* problem = nullptr;
  const auto code = hs_compile_lit_multi(sources.data(), flags.data(), ids.data(), sizes.data(),
                                         static_cast<unsigned int>(sources.size()), HS_MODE_BLOCK,
                                         nullptr, &compiled, &problem);
  if (code != HS_SUCCESS) return compile_error(code, problem, literals);
  database->compiled.reset(compiled);
  database->literal_sizes = std::move(sizes);
  ALUDEL_TRY(database->allocate_scratch());
  return PatternSet(std::move(database));
}

std::vector<PatternHit> PatternSet::find(std::string_view text) const {
  if (database_->compiled == nullptr || text.empty()) return {};
  ALUDEL_CHECK(text.size() <= std::numeric_limits<unsigned int>::max(), "text of 4 GB or more");
  HitCollector collector{{}, &database_->literal_sizes};
  ScratchPointer scratch = database_->borrow();
  const auto code =
      hs_scan(database_->compiled.get(), text.data(), static_cast<unsigned int>(text.size()), 0,
              scratch.get(), collect_hit, &collector);
  database_->give_back(std::move(scratch));
  ALUDEL_CHECK(code == HS_SUCCESS, "Vectorscan failed");
  auto& hits = collector.hits;
  std::ranges::sort(hits, [](const PatternHit& a, const PatternHit& b) {
    return std::tie(a.begin, a.pattern, b.end) < std::tie(b.begin, b.pattern, a.end);
  });
  const auto is_again = [](const PatternHit& a, const PatternHit& b) {
    return a.begin == b.begin && a.pattern == b.pattern;
  };
  hits.erase(std::unique(hits.begin(), hits.end(), is_again), hits.end());
  return std::move(hits);
}

}  // namespace aludel::safety
