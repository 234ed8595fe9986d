/// A map of the Common Expression Language: keys are bool, int, uint or string, in the order they were written.
///
/// Keys are equal when CEL's `==` says so, numbers across their types: `{1: "a"}[1u]` is `"a"`. Small maps are
/// searched from front to back; larger ones through a hash index, which never decides an order.
public struct MapValue: Sendable {
  /// In the order they were written.
  public private(set) var entries: [(key: Value, value: Value)]
  /// Positions in `entries`; empty in small maps.
  private var index: [ScalarKey: Int]

  /// Up to this many entries a search through all of them is as fast as hashing.
  private static let unindexedMax = 8

  /// Of entries with equal keys the first one is found.
  public init(entries: [(key: Value, value: Value)]) {
    self.entries = entries
    index = [:]
    guard entries.count > MapValue.unindexedMax else { return }
    index.reserveCapacity(entries.count)
    for (position, entry) in entries.enumerated() {
      guard let key = ScalarKey(entry.key), index[key] == nil else { continue }
      index[key] = position
    }
  }

  /// The value of `key`, or nil where there is none.
  public subscript(key: Value) -> Value? {
    guard entries.count > MapValue.unindexedMax else {
      return entries.first { $0.key.isEqual(to: key) }?.value
    }
    guard let scalar = ScalarKey(key), let position = index[scalar] else { return nil }
    return entries[position].value
  }

  /// The value of the text `key`, or nil where there is none.
  public subscript(key: String) -> Value? { self[.string(key)] }

  /// Whether `value` may be a key.
  static func canBeKey(_ value: Value) -> Bool {
    switch value {
    case .bool, .int, .uint, .string: true
    default: false
    }
  }
}
