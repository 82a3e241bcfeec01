#include "aludel/curate/layers/shared/line_rules/c4.h"

#include "aludel/curate/document/scan/python_lines.h"
#include "aludel/curate/layers/metrics/peers.h"
#include "aludel/curate/layers/shared/line_rules/punkt.h"

namespace aludel::curate {

void judge_as_c4(Document& document, const MetricsSettings& settings, Limits& limits) {
  C4Lines lines(settings.line_rules());
  std::size_t sentences = 0;
  for (const std::string_view line : python_splitlines(document.text)) {
    if (const auto kept = lines.keep(line)) sentences += count_punkt_sentences(kept->text);
  }
  limits.at_most("lorem_ipsum", lines.has_lorem_ipsum() ? 1 : 0, settings.allow_lorem_ipsum ? 1 : 0,
                 "lorem_ipsum");
  limits.at_most("curly_bracket", lines.has_curly_bracket() ? 1 : 0,
                 settings.allow_curly_brackets ? 1 : 0, "curly_bracket");
  limits.at_least("sentences", static_cast<double>(sentences),
                  static_cast<double>(settings.min_sentences), "too_few_sentences");
}

}  // namespace aludel::curate
