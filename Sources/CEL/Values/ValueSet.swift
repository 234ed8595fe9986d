/// The members of a constant list, for `in` without a search through all of them.
///
/// A class: one set serves every program that asks the same named list.
final class ValueSet: Sendable {
  let texts: TextSet
  /// Whole numbers within `Int64`, whatever type they were written in.
  let wholes: WholeSet
  private let scalars: Set<ScalarKey>
  /// Members that cannot be hashed.
  let others: [Value]
  /// The members, where all of them are ranges of addresses.
  let ranges: AddressRanges?
  /// That of the list: found once, however many programs read a named list.
  let size: ValueSize

  init(_ members: [Value]) {
    var texts: [String] = []
    var wholes: [Int64] = []
    var scalars: Set<ScalarKey> = []
    var others: [Value] = []
    for member in members {
      if case .string(let text) = member {
        texts.append(text)
      } else if let key = ScalarKey(member) {
        if case .whole(let number) = key { wholes.append(number) } else { scalars.insert(key) }
      } else {
        others.append(member)
      }
    }
    self.texts = TextSet(texts)
    self.wholes = WholeSet(wholes)
    self.scalars = scalars
    self.others = others
    ranges = AddressRanges(members)
    size = ValueSize(.list(members))
  }

  /// What `value in list` is.
  func contains(_ value: Value, _ budget: inout Budget) throws(Fault) -> Bool {
    if case .string(let text) = value {
      try budget.charge(bytes: text.utf8.count)
      return texts.contains(text.utf8Span.span)
    }
    if let key = ScalarKey(value) {
      if case .whole(let number) = key { return wholes.contains(number) }
      return scalars.contains(key)
    }
    for other in others {
      try budget.charge(1)
      if try other.isEqual(to: value, &budget) { return true }
    }
    return false
  }
}

/// A set of constant texts that is asked with bytes, so that a text in a frame's arena need not become a `String`.
///
/// Open addressing over a plain hash: the members come from the author of an expression, so nobody gains by making
/// them collide.
final class TextSet: Sendable {
  private struct Entry: BitwiseCopyable, Sendable {
    var hash: UInt64
    var start: Int
    var count: Int
  }
  private let bytes: [UInt8]
  private let entries: [Entry]
  /// Position in `entries` plus one, 0 where empty; a power of two, at most half full.
  private let buckets: [Int32]
  private let lengthMax: Int

  init(_ members: [String]) {
    var size = 2
    while size < members.count * 2 { size *= 2 }
    var bytes: [UInt8] = []
    var entries: [Entry] = []
    var buckets = [Int32](repeating: 0, count: size)
    for member in members {
      let text = member.utf8Span.span
      let hash = TextSet.hash(text)
      // A text that stands in the list again is left out, or a list of one text would be probed from end to end.
      let bucket = TextSet.bucket(of: text, hash, buckets, entries, bytes)
      if buckets[bucket] != 0 { continue }
      entries.append(Entry(hash: hash, start: bytes.count, count: text.count))
      bytes.append(contentsOf: member.utf8)
      buckets[bucket] = Int32(truncatingIfNeeded: entries.count)
    }
    self.bytes = bytes
    self.entries = entries
    self.buckets = buckets
    lengthMax = entries.reduce(0) { max($0, $1.count) }
  }

  func contains(_ text: Span<UInt8>) -> Bool {
    guard text.count <= lengthMax, !entries.isEmpty else { return false }
    return buckets[TextSet.bucket(of: text, TextSet.hash(text), buckets, entries, bytes)] != 0
  }

  /// The bucket that names `text`, or the empty one where it belongs.
  @inline(__always)
  private static func bucket(
    of text: Span<UInt8>, _ hash: UInt64, _ buckets: [Int32], _ entries: [Entry], _ bytes: [UInt8]
  ) -> Int {
    var bucket = Int(truncatingIfNeeded: hash) & (buckets.count - 1)
    while buckets[bucket] != 0 {
      let entry = entries[Int(buckets[bucket]) - 1]
      if entry.hash == hash, entry.count == text.count,
        TextOrder.equal(bytes.span.extracting(entry.start..<entry.start + entry.count), text)
      {
        break
      }
      bucket = (bucket + 1) & (buckets.count - 1)
    }
    return bucket
  }

  private static func hash(_ text: Span<UInt8>) -> UInt64 {
    let multiplier: UInt64 = 0x9E37_79B9_7F4A_7C15
    var hash = UInt64(truncatingIfNeeded: text.count) &* multiplier
    let words = text.count / 8
    for word in 0..<words { hash = mix(hash ^ TextOrder.load(text, word), multiplier) }
    var rest: UInt64 = 0
    for index in words * 8..<text.count { rest = rest << 8 | UInt64(text[index]) }
    return mix(hash ^ rest, multiplier)
  }

  @inline(__always)
  private static func mix(_ word: UInt64, _ multiplier: UInt64) -> UInt64 {
    let product = word &* multiplier
    return product ^ (product >> 29)
  }
}
