#include "report/table.h"

#include <algorithm>

#include "report/screen.h"

namespace thaw {

namespace {

constexpr std::size_t kGap = 2;
constexpr std::size_t kUsualName = 20, kLeastName = 8;

std::size_t total(const std::vector<std::size_t>& shown, const std::vector<std::size_t>& widths) {
  std::size_t sum = shown.empty() ? 0 : kGap * (shown.size() - 1);
  for (const std::size_t column : shown) sum += widths[column];
  return sum;
}

std::string joined(const std::vector<std::string>& cells) {
  std::string line;
  for (std::size_t i = 0; i < cells.size(); ++i) line += (i == 0 ? "" : "\t") + cells[i];
  return line + "\n";
}

}  // namespace

std::string Table::tabbed(bool head) const {
  std::string text;
  std::vector<std::string> titles;
  for (const TableColumn& column : columns_) titles.push_back(column.title);
  if (head) text += joined(titles);
  for (const std::vector<std::string>& row : rows_) text += joined(row);
  return text;
}

std::vector<std::size_t> Table::natural_widths() const {
  std::vector<std::size_t> widths;
  for (const TableColumn& column : columns_) widths.push_back(width_of(column.title));
  for (const std::vector<std::string>& row : rows_) {
    for (std::size_t i = 0; i < widths.size(); ++i) widths[i] = std::max(widths[i], width_of(row[i]));
  }
  return widths;
}

std::string Table::aligned(const std::vector<std::string>& cells, const std::vector<std::size_t>& shown,
                           const std::vector<std::size_t>& widths) const {
  std::string line;
  for (const std::size_t i : shown) {
    const std::string cell = shortened(cells[i], widths[i]);
    const std::string blanks(widths[i] - std::min(widths[i], width_of(cell)), ' ');
    if (!line.empty()) line += std::string(kGap, ' ');
    line += columns_[i].right ? blanks + cell : cell + blanks;
  }
  line.resize(line.find_last_not_of(' ') + 1);
  return line;
}

// Names give way to numbers, as far as `least`.
std::vector<std::size_t> Table::shrunk(std::size_t width, const std::vector<std::size_t>& shown,
                                       std::size_t least) const {
  std::vector<std::size_t> widths = natural_widths();
  for (const std::size_t i : shown) {
    const std::size_t all = total(shown, widths), over = all > width ? all - width : 0;
    if (columns_[i].shrinks && over > 0)
      widths[i] = std::max(std::min(widths[i], least), widths[i] - std::min(widths[i], over));
  }
  return widths;
}

std::string Table::fitted(std::size_t width, bool color) const {
  std::vector<std::size_t> shown;
  for (std::size_t i = 0; i < columns_.size(); ++i) shown.push_back(i);
  std::string left_out;
  while (total(shown, shrunk(width, shown, kUsualName)) > width) {
    const auto spare = std::ranges::max_element(shown, {}, [&](std::size_t i) { return columns_[i].spare; });
    if (columns_[*spare].spare == 0) break;
    left_out = columns_[*spare].title + (left_out.empty() ? "" : ", ") + left_out;
    shown.erase(spare);
  }
  const bool fits = total(shown, shrunk(width, shown, kUsualName)) <= width;
  const std::vector<std::size_t> widths = shrunk(width, shown, fits ? kUsualName : kLeastName);
  std::vector<std::string> titles;
  for (const TableColumn& column : columns_) titles.push_back(column.title);
  const std::string head = aligned(titles, shown, widths);
  std::string text = (color ? "\x1b[1m" + head + "\x1b[0m" : head) + "\n";
  for (const std::vector<std::string>& row : rows_) text += aligned(row, shown, widths) + "\n";
  if (left_out.empty()) return text;
  Screen note(width);
  note.line("(a wider terminal also shows " + left_out + ")");
  return text + note.take();
}

}  // namespace thaw
