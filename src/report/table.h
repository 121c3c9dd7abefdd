// Table: rows of cells. On a terminal columns that fit its width, elsewhere tabs between whole cells.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace thaw {

struct TableColumn {
  std::string title;
  bool right = false;    // numbers
  bool shrinks = false;  // names lose their middle first
  int spare = 0;         // left out on a narrow terminal, the highest first; 0: never
};

class Table {
 public:
  explicit Table(std::vector<TableColumn> columns) : columns_(std::move(columns)) {}

  // A cell for each column. Tabs and line ends must have been escaped.
  void add(std::vector<std::string> cells) { rows_.push_back(std::move(cells)); }

  std::string tabbed(bool head) const;
  // Says below itself which columns were left out.
  std::string fitted(std::size_t width, bool color) const;

 private:
  std::vector<std::size_t> natural_widths() const;
  std::vector<std::size_t> shrunk(std::size_t width, const std::vector<std::size_t>& shown,
                                  std::size_t least) const;
  std::string aligned(const std::vector<std::string>& cells, const std::vector<std::size_t>& shown,
                      const std::vector<std::size_t>& widths) const;

  std::vector<TableColumn> columns_;
  std::vector<std::vector<std::string>> rows_;
};

}  // namespace thaw
