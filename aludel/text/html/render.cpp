#include "aludel/text/html/render.h"

#include <algorithm>
#include <string_view>

namespace aludel::text::html {
namespace {

constexpr std::uint32_t kShortCell = 160;  // weight of a cell that may share a line
constexpr int kDeepestList = 64;           // deeper lists are a mistake of the page

// The elements around a block that decide its layout; 0 if there is none.
struct Place {
  std::uint32_t parent = 0;
  std::uint32_t item = 0;  // <li>
  std::uint32_t list = 0;
  std::uint32_t outer_list = 0;  // outermost one
  std::uint32_t cell = 0;
  std::uint32_t row = 0;
  std::uint32_t table = 0;
  std::uint32_t definitions = 0;  // <dl>
  int list_depth = 0;
  int quote_depth = 0;
  int heading_level = 0;
  bool preformatted = false;
};

bool is_item_list(Tag tag) {
  return tag == Tag::ul || tag == Tag::ol || tag == Tag::menu || tag == Tag::dir;
}

void enter(const Tree& tree, std::uint32_t element, Place& place) {
  const Tag tag = tree.nodes[element].tag;
  place.parent = element;
  if (has_trait(tag, kHeading)) {
    if (place.heading_level == 0)
      place.heading_level = static_cast<int>(tag) - static_cast<int>(Tag::h1) + 1;
  } else if (tag == Tag::pre || tag == Tag::listing || tag == Tag::xmp) {
    place.preformatted = true;
  } else if (tag == Tag::blockquote) {
    ++place.quote_depth;
  } else if (tag == Tag::li) {
    place.item = element;
  } else if (is_item_list(tag)) {
    place.list = element;
    if (place.outer_list == 0) place.outer_list = element;
    ++place.list_depth;
  } else if (tag == Tag::dl) {
    place.definitions = element;
  } else if (tag == Tag::td || tag == Tag::th) {
    place.cell = element;
  } else if (tag == Tag::tr) {
    place.row = element;
  } else if (tag == Tag::table) {
    place.table = element;
  }
}

// Finds the places of elements, in document order. Enters each element once, because a page can be
// as deep as it is long.
class PlaceFinder {
 public:
  explicit PlaceFinder(const Tree& tree) : tree_(tree) { path_.emplace_back(); }

  const Place& find(std::uint32_t element) {
    while (element < path_.back().parent || tree_.nodes[path_.back().parent].end <= element) {
      path_.pop_back();
    }
    way_.clear();
    for (std::uint32_t i = element; i > path_.back().parent; i = tree_.nodes[i].parent) {
      way_.push_back(i);
    }
    for (; !way_.empty(); way_.pop_back()) {
      path_.push_back(path_.back());
      enter(tree_, way_.back(), path_.back());
    }
    return path_.back();
  }

 private:
  const Tree& tree_;
  std::vector<Place> path_;  // places of the root and of each element entered
  std::vector<std::uint32_t> way_;
};

class Renderer {
 public:
  Renderer(const Tree& tree, const std::vector<Block>& blocks, TextForm form)
      : tree_(tree), blocks_(blocks), form_(form) {}

  std::string render(const std::vector<std::uint32_t>& chosen) {
    PlaceFinder places(tree_);
    for (const std::uint32_t i : chosen) {
      const Place place = places.find(blocks_[i].parent);
      std::string text = inline_text(blocks_[i], place);
      if (text.empty()) continue;
      write(blocks_[i], place, text);
      last_ = place;
      last_weight_ = blocks_[i].amount.weight;
    }
    close_fence();
    return std::move(out_);
  }

 private:
  bool markdown() const { return form_ == TextForm::markdown; }

  void write(const Block& block, const Place& place, const std::string& text) {
    if (joins_row(block, place)) {
      out_ += " | " + text;
      return;
    }
    if (last_.row != 0 && place.row != last_.row) finish_row();
    const bool continues = place.parent == last_.parent && !out_.empty();
    if (continues && place.preformatted) {
      out_ += "\n" + text;
      return;
    }
    close_fence();
    if (!out_.empty()) out_ += continues || is_tight(place) ? "\n" : "\n\n";
    const std::string prefix = margin(place);
    out_ += prefix;
    if (markdown() && place.preformatted) {
      out_ += "```\n";
      in_fence_ = true;
    } else if (!continues && place.item != 0 && place.item != last_item_ &&
               place.list_depth <= kDeepestList) {
      out_ += marker(place);
    }
    if (markdown() && place.heading_level > 0) {
      out_ += std::string(static_cast<std::size_t>(place.heading_level), '#') + " ";
    }
    last_item_ = place.item != 0 ? place.item : last_item_;
    out_ += text;
  }

  // Returns the marks of quotes and the indentation of nested lists.
  std::string margin(const Place& place) const {
    std::string margin;
    if (!markdown()) return margin;
    for (int i = 0; i < std::min(place.quote_depth, 8); ++i) {
      margin += "> ";
    }
    if (place.item != 0 && place.list_depth > 1) {
      margin.append(2 * static_cast<std::size_t>(std::min(place.list_depth, 8) - 1), ' ');
    }
    return margin;
  }

  std::string marker(const Place& place) {
    if (place.list == 0 || tree_.nodes[place.list].tag != Tag::ol) return "- ";
    while (!counters_.empty() && tree_.nodes[counters_.back().list].end <= place.list) {
      counters_.pop_back();
    }
    if (counters_.empty() || counters_.back().list < place.list)
      counters_.push_back({place.list, 0});
    auto counter = std::find_if(counters_.rbegin(), counters_.rend(),
                                [&](const Counter& one) { return one.list == place.list; });
    if (counter == counters_.rend()) return "- ";
    return std::to_string(++counter->items) + ". ";
  }

  // True if the block belongs to the same list, table or definition as the last one.
  bool is_tight(const Place& place) const {
    if (place.heading_level > 0 || last_.heading_level > 0) return false;
    if (place.item != 0 && place.item != last_.item && last_.outer_list == place.outer_list)
      return true;
    if (place.row != last_.row && place.table == last_.table && in_row_) return true;
    const bool definition = place.definitions != 0 && place.definitions == last_.definitions;
    return definition && tree_.nodes[last_.parent].tag == Tag::dt;
  }

  // True if the block is a short cell to the right of a short cell.
  bool joins_row(const Block& block, const Place& place) {
    const bool first = place.row != 0 && place.row != last_.row;
    if (first) in_row_ = block.amount.weight <= kShortCell;
    if (place.row == 0 || first) return false;
    const bool fits = in_row_ && place.cell != last_.cell && place.table == last_.table &&
                      block.amount.weight <= kShortCell && last_weight_ <= kShortCell;
    if (fits) ++row_cells_;
    return fits;
  }

  // Ends a row. Markdown needs a line of dashes under the first row of a table.
  void finish_row() {
    if (markdown() && row_cells_ > 0 && ruled_table_ != last_.table) {
      ruled_table_ = last_.table;
      out_ += "\n---";
      for (int i = 0; i < row_cells_; ++i) {
        out_ += " | ---";
      }
    }
    row_cells_ = 0;
  }

  void close_fence() {
    if (in_fence_) out_ += "\n```";
    in_fence_ = false;
  }

  std::string inline_text(const Block& block, const Place& place) const {
    std::string line;
    std::vector<std::pair<std::uint32_t, std::string_view>> marks;  // end node, closing mark
    for (std::uint32_t i = block.begin; i < block.end;) {
      while (!marks.empty() && marks.back().first <= i) {
        close_mark(line, marks.back().second);
        marks.pop_back();
      }
      const Node& node = tree_.nodes[i];
      if (node.tag == Tag::text) {
        append_inline(line, tree_.text_of(node), place.preformatted);
      } else if (is_unread(node)) {
        i = node.end;
        continue;
      } else if (markdown() && !place.preformatted && place.heading_level == 0) {
        open_mark(line, node, marks);
      }
      ++i;
    }
    for (; !marks.empty(); marks.pop_back()) {
      close_mark(line, marks.back().second);
    }
    while (!line.empty() && (line.back() == ' ' || line.back() == '\n')) {
      line.pop_back();
    }
    if (place.preformatted) line.erase(0, line.find_first_not_of('\n'));
    return line;
  }

  static std::string_view mark_of(Tag tag) {
    if (tag == Tag::b || tag == Tag::strong) return "**";
    if (tag == Tag::i || tag == Tag::em) return "*";
    if (tag == Tag::code || tag == Tag::tt || tag == Tag::kbd || tag == Tag::samp) return "`";
    return "";
  }

  static void open_mark(std::string& line, const Node& node,
                        std::vector<std::pair<std::uint32_t, std::string_view>>& marks) {
    const std::string_view mark = mark_of(node.tag);
    const bool nested = std::any_of(marks.begin(), marks.end(),
                                    [&](const auto& open) { return open.second == mark; });
    if (mark.empty() || nested) return;
    line += mark;
    marks.emplace_back(node.end, mark);
  }

  // Closes a mark of emphasis. Moves a space behind the mark, because "**bold **" is not Markdown,
  // and removes a mark around nothing.
  static void close_mark(std::string& line, std::string_view mark) {
    const bool space = line.ends_with(' ');
    if (space) line.pop_back();
    if (line.ends_with(mark)) {
      line.resize(line.size() - mark.size());
    } else {
      line += mark;
    }
    if (space) line += ' ';
  }

  static void append_inline(std::string& line, std::string_view text, bool preformatted) {
    const bool at_space = line.empty() || line.back() == ' ';
    if (!preformatted && text.starts_with(' ') && at_space) text.remove_prefix(1);
    line.append(text);
  }

  struct Counter {
    std::uint32_t list;
    int items;
  };

  const Tree& tree_;
  const std::vector<Block>& blocks_;
  TextForm form_;
  std::string out_;
  Place last_;
  std::uint32_t last_weight_ = 0;
  std::uint32_t last_item_ = 0;
  std::uint32_t ruled_table_ = 0;
  int row_cells_ = 0;
  std::vector<Counter> counters_;
  bool in_row_ = false;
  bool in_fence_ = false;
};

}  // namespace

std::string render_blocks(const Tree& tree, const std::vector<Block>& blocks,
                          const std::vector<std::uint32_t>& chosen, TextForm form) {
  return Renderer(tree, blocks, form).render(chosen);
}

}  // namespace aludel::text::html
