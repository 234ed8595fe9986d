#include "PathTrie.hpp"

#include <algorithm>

namespace assay {

void PathTrie::insert(std::string_view path, uint32_t value, bool list) {
  if (nodes.empty()) nodes.emplace_back();
  uint32_t node = 0;
  for (size_t end = path.find('.');; end = path.find('.', end + 1)) {
    node = child(node, path.substr(0, end));
    if (end == std::string_view::npos) break;
  }
  value_count = std::max<size_t>(value_count, value + 1);
  if (nodes[node].value >= 0) return;
  nodes[node].value = static_cast<int32_t>(value);
  nodes[node].list = list;
}

/// The node at `path`, which is one segment below `parent`; children stand behind their parents in `nodes`.
uint32_t PathTrie::child(uint32_t parent, std::string_view path) {
  for (uint32_t node = parent + 1; node < nodes.size(); node++) {
    if (nodes[node].path == path) return node;
  }
  nodes.emplace_back();
  nodes.back().path = path;
  return static_cast<uint32_t>(nodes.size() - 1);
}

void PathTrie::seal() {
  if (nodes.empty()) nodes.emplace_back();
  for (size_t from = 0; from < nodes.size(); from++) {
    std::string prefix = nodes[from].path;
    if (from > 0) prefix += '.';
    std::vector<uint32_t> below;
    for (uint32_t node = 1; node < nodes.size(); node++) {
      const std::string &path = nodes[node].path;
      bool starts = path.compare(0, prefix.size(), prefix) == 0;
      if (node != from && starts && path != nodes[from].path) below.push_back(node);
    }
    if (below.empty()) continue;
    size_t places = 4;
    while (places < below.size() * 2) places *= 2;
    nodes[from].table.resize(places);
    for (uint32_t node : below) add(nodes[from], std::string_view(nodes[node].path).substr(prefix.size()), node);
  }
}

void PathTrie::add(PathNode &from, std::string_view key, uint32_t node) {
  std::string padded(key);
  padded.append(8, '\0');
  const KeyWords words(std::string_view(padded).substr(0, key.size()));
  const size_t mask = from.table.size() - 1;
  size_t place = words.hash() & mask;
  while (from.table[place].node != 0) place = (place + 1) & mask;
  from.table[place] = {words, node, std::string(key)};
}

}  // namespace assay
