#include "aludel/curate/layers/shared/line_rules/c4.h"

#include "aludel/curate/document/scan/python_lines.h"
#include "aludel/curate/layers/metrics/peers.h"
#include "aludel/curate/layers/shared/line_rules/punkt.h"

namespace aludel::curate {

void measure_as_c4(Document& document, const MetricsSettings& settings, Measured& measured) {
  C4Lines lines(settings.line_rules());
  std::size_t sentences = 0;
  for (const std::string_view line : python_splitlines(document.text)) {
    if (const auto kept = lines.keep(line)) sentences += count_punkt_sentences(kept->text);
  }
  measured.add("lorem_ipsum", lines.has_lorem_ipsum() ? 1 : 0);
  measured.add("curly_bracket", lines.has_curly_bracket() ? 1 : 0);
  measured.add("sentences", static_cast<double>(sentences));
}

}  // namespace aludel::curate
