#include "CSimdjson.h"

#include <simdjson.h>

#include <algorithm>
#include <cstring>
#include <memory>
#include <new>
#include <vector>

#include "Numbers.hpp"
#include "PathTrie.hpp"

struct csimdjson_paths {
  assay::PathTrie trie;
};

namespace {

using simdjson::dom::element;
using simdjson::dom::element_type;

/// More than this is given back before the thread reads a smaller event, so that one large event does not
/// cost ten times its size for ever.
constexpr size_t retained_bytes_max = 256 * 1024;

/// What one thread reads with. The DOM and not on-demand: the latter does not validate what nobody asks for.
struct Reader {
  simdjson::dom::parser parser;
  size_t depth_max = 0;
  /// The JSON and the padding that the parser may read beyond it.
  std::unique_ptr<uint8_t[]> buffer;
  size_t capacity = 0;
  std::vector<csimdjson_value> values;
  /// One bit for each node of the trie that the event has named.
  std::vector<uint64_t> seen;

  simdjson::error_code prepare(const uint8_t *json, size_t length, size_t depth);
};

simdjson::error_code Reader::prepare(const uint8_t *json, size_t length, size_t depth) {
  bool shrinks = capacity > retained_bytes_max && length <= retained_bytes_max;
  if (length > capacity || shrinks || depth != depth_max) {
    size_t wanted = 4096;
    while (wanted < length) wanted *= 2;
    capacity = 0;
    parser = simdjson::dom::parser();
    buffer.reset(new uint8_t[wanted + simdjson::SIMDJSON_PADDING]);
    // The parser's own bound is exclusive.
    simdjson::error_code error = parser.allocate(wanted, depth + 1);
    if (error) return error;
    capacity = wanted;
    depth_max = depth;
  }
  if (length > 0) std::memcpy(buffer.get(), json, length);
  std::memset(buffer.get() + length, 0, simdjson::SIMDJSON_PADDING);
  return simdjson::SUCCESS;
}

csimdjson_status status_of(simdjson::error_code error) {
  switch (error) {
    case simdjson::SUCCESS: return CSIMDJSON_FINE;
    case simdjson::MEMALLOC: return CSIMDJSON_NO_MEMORY;
    case simdjson::EMPTY: return CSIMDJSON_EMPTY;
    case simdjson::UTF8_ERROR: return CSIMDJSON_NOT_UTF8;
    case simdjson::DEPTH_ERROR: return CSIMDJSON_TOO_DEEP;
    case simdjson::STRING_ERROR:
    case simdjson::UNCLOSED_STRING:
    case simdjson::UNESCAPED_CHARS: return CSIMDJSON_BAD_STRING;
    case simdjson::NUMBER_ERROR: return CSIMDJSON_BAD_NUMBER;
    default: return CSIMDJSON_BAD_STRUCTURE;
  }
}

/// One walk over the event's object, which leaves alone whatever is not on the way to a path.
class Walk {
 public:
  Walk(const assay::PathTrie &trie, Reader &reader, bool replaced, size_t elements_max)
      : trie(trie), reader(reader), replaced(replaced), elements_max(elements_max) {}

  csimdjson_result result = {};

  /// Recursion ends with the trie, whose depth is that of the schema's paths.
  bool object(const assay::PathNode &node, const simdjson::dom::object &object) {
    for (simdjson::dom::key_value_pair member : object) {
      int32_t index = trie.find(node, member.key);
      if (index >= 0 && !this->member(static_cast<uint32_t>(index), member.value)) return false;
    }
    return true;
  }

 private:
  const assay::PathTrie &trie;
  Reader &reader;
  const bool replaced;
  const size_t elements_max;

  bool fail(csimdjson_status status, const assay::PathNode &node, csimdjson_kind found) {
    result.status = status;
    result.found = found;
    result.path = node.path.data();
    result.path_length = node.path.size();
    return false;
  }

  bool member(uint32_t index, const element &value) {
    const assay::PathNode &node = trie.nodes[index];
    uint64_t bit = uint64_t{1} << (index & 63);
    if (reader.seen[index >> 6] & bit) return fail(CSIMDJSON_DUPLICATE, node, CSIMDJSON_ABSENT);
    reader.seen[index >> 6] |= bit;
    if (!node.table.empty() && value.is_object()) {
      return object(node, value.get_object().value_unsafe());
    }
    if (node.value < 0) {
      csimdjson_value found = {};
      store(value, found);
      return found.kind == CSIMDJSON_NULL || fail(CSIMDJSON_NOT_NESTED, node, found.kind);
    }
    csimdjson_value &slot = reader.values[static_cast<size_t>(node.value)];
    store(value, slot);
    if (node.list && slot.kind == CSIMDJSON_ARRAY) elements(value.get_array().value_unsafe(), slot);
    return true;
  }

  /// `list` is one of the values, which may move when elements are added to them.
  void elements(const simdjson::dom::array &array, csimdjson_value &list) {
    list.bits = reader.values.size();
    if (list.length > elements_max) return;
    for (element value : array) {
      reader.values.emplace_back();
      store(value, reader.values.back());
    }
  }

  /// Written in place: a copy would read as one word what was just written as two, which stalls the processor.
  void store(const element &value, csimdjson_value &slot) const {
    switch (value.type()) {
      case element_type::BOOL: return set(slot, CSIMDJSON_BOOL, value.get_bool().value_unsafe());
      case element_type::INT64:
        return set(slot, CSIMDJSON_INT, static_cast<uint64_t>(value.get_int64().value_unsafe()));
      case element_type::UINT64: return set(slot, CSIMDJSON_UINT, value.get_uint64().value_unsafe());
      case element_type::DOUBLE: return number(slot, value.get_double().value_unsafe());
      case element_type::STRING: {
        std::string_view text = value.get_string().value_unsafe();
        slot.text = reinterpret_cast<const uint8_t *>(text.data());
        return set(slot, CSIMDJSON_TEXT, 0, text.size());
      }
      case element_type::ARRAY: return set(slot, CSIMDJSON_ARRAY, 0, value.get_array().value_unsafe().size());
      case element_type::OBJECT: return set(slot, CSIMDJSON_OBJECT, 0);
      default: return set(slot, CSIMDJSON_NULL, 0);
    }
  }

  static void set(csimdjson_value &slot, csimdjson_kind kind, uint64_t bits, size_t length = 0) {
    slot.bits = bits;
    slot.length = static_cast<uint32_t>(length);
    slot.kind = kind;
  }

  void number(csimdjson_value &slot, double value) const {
    if (replaced && value == assay::beyond_value) return set(slot, CSIMDJSON_BEYOND, 0);
    uint64_t bits;
    std::memcpy(&bits, &value, sizeof bits);
    set(slot, CSIMDJSON_DOUBLE, bits);
  }
};

csimdjson_result failed(csimdjson_status status) {
  csimdjson_result result = {};
  result.status = status;
  return result;
}

csimdjson_result read(
    const assay::PathTrie &trie, const uint8_t *json, size_t length, size_t depth_max, size_t elements_max) {
  static thread_local Reader reader;
  if (length >= 3 && std::memcmp(json, "\xEF\xBB\xBF", 3) == 0) return failed(CSIMDJSON_BYTE_ORDER_MARK);
  simdjson::error_code error = reader.prepare(json, length, depth_max);
  if (error) return failed(CSIMDJSON_NO_MEMORY);
  element root;
  error = reader.parser.parse(reader.buffer.get(), length, false).get(root);
  bool replaced = error == simdjson::NUMBER_ERROR && assay::replace_numbers_beyond(reader.buffer.get(), length);
  if (replaced) error = reader.parser.parse(reader.buffer.get(), length, false).get(root);
  if (error) return failed(status_of(error));
  if (!root.is_object()) return failed(CSIMDJSON_NOT_AN_OBJECT);
  reader.values.assign(trie.value_count, csimdjson_value{nullptr, 0, 0, CSIMDJSON_ABSENT});
  reader.seen.assign(trie.nodes.size() / 64 + 1, 0);
  Walk walk(trie, reader, replaced, elements_max);
  walk.object(trie.nodes[0], root.get_object().value_unsafe());
  walk.result.values = reader.values.data();
  walk.result.value_count = reader.values.size();
  return walk.result;
}

}  // namespace

csimdjson_paths *csimdjson_paths_create(const csimdjson_path *paths, size_t count) {
  try {
    auto compiled = std::make_unique<csimdjson_paths>();
    for (size_t index = 0; index < count; index++) {
      std::string_view text(paths[index].text, paths[index].length);
      compiled->trie.insert(text, static_cast<uint32_t>(index), paths[index].list);
    }
    compiled->trie.seal();
    return compiled.release();
  } catch (...) {
    return nullptr;
  }
}

void csimdjson_paths_destroy(csimdjson_paths *paths) { delete paths; }

csimdjson_result csimdjson_read(
    const csimdjson_paths *paths, const uint8_t *json, size_t length, size_t depth_max, size_t elements_max) {
  try {
    return read(paths->trie, json, length, depth_max, elements_max);
  } catch (...) {
    return failed(CSIMDJSON_NO_MEMORY);
  }
}
