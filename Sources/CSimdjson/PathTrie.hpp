#pragma once
#include <cstdint>
#include <cstring>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace assay {

/// The first and the last eight bytes of a key and its length, which are all of a key up to sixteen bytes.
struct KeyWords {
  uint64_t first = 0;
  uint64_t last = 0;
  size_t length = 0;

  KeyWords() = default;

  /// `key` must be readable for eight bytes whatever its length: simdjson pads its strings.
  explicit KeyWords(std::string_view key) : length(key.size()) {
    std::memcpy(&first, key.data(), sizeof first);
    if (length < 8) first &= (uint64_t{1} << length * 8) - 1;
    if (length > 8) std::memcpy(&last, key.data() + length - 8, sizeof last);
  }

  bool operator==(const KeyWords &other) const {
    return ((first ^ other.first) | (last ^ other.last) | (length ^ other.length)) == 0;
  }

  uint64_t hash() const {
    uint64_t mixed = (first ^ (last * 0x9E3779B97F4A7C15u) ^ length) * 0xBF58476D1CE4E5B9u;
    return mixed >> 32;
  }
};

/// One place in the JSON that is on the way to a path, or its end.
struct PathNode {
  /// Where a key leads. Keys with dots are entries of their own, so that `{"user.id": …}` is one look-up too.
  struct Entry {
    KeyWords words;
    uint32_t node = 0;
    std::string key;
  };

  /// Dotted, from the top.
  std::string path;
  /// The index of the path that ends here, or -1.
  int32_t value = -1;
  bool list = false;
  /// Open addressing, a power of two at most half full; empty when no path goes on from here.
  std::vector<Entry> table;
};

/// The paths of a schema as a trie over the segments between dots; node 0 is the event itself.
class PathTrie {
 public:
  void insert(std::string_view path, uint32_t value, bool list);
  /// Builds the tables; nothing may be inserted afterwards.
  void seal();

  /// The number of paths that were inserted.
  size_t value_count = 0;
  std::vector<PathNode> nodes;

  /// The node that `key` leads to from `from`, or -1; `key` must be readable for eight bytes.
  int32_t find(const PathNode &from, std::string_view key) const {
    if (from.table.empty()) return -1;
    const size_t mask = from.table.size() - 1;
    const KeyWords words(key);
    for (size_t place = words.hash() & mask;; place = (place + 1) & mask) {
      const PathNode::Entry &entry = from.table[place];
      if (entry.node == 0) return -1;
      if (entry.words == words && (words.length <= 16 || entry.key == key)) return static_cast<int32_t>(entry.node);
    }
  }

 private:
  uint32_t child(uint32_t parent, std::string_view path);
  void add(PathNode &from, std::string_view key, uint32_t node);
};

}  // namespace assay
