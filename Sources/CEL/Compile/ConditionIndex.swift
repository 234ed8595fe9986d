/// Finds the conditions that the values of a few slots do not rule out.
///
/// Of each condition at most one equality counts: the one whose slot rules out the most conditions. The others are
/// tested when it is run.
final class ConditionIndex: Sendable {
  /// A slot whose value decides.
  struct Table: BitwiseCopyable, Sendable {
    var slot: UInt16
    var kind: Slot.Kind
    /// Where its buckets begin, and their number less one.
    var start: UInt32
    var mask: UInt32
    /// All its conditions, for frames whose slot is missing or of another kind.
    var all: Row
  }

  /// Conditions side by side in `members`.
  struct Row: BitwiseCopyable, Sendable {
    var start: UInt32
    var count: UInt32
  }

  /// A value and its conditions; free where the row is empty.
  struct Bucket: BitwiseCopyable, Sendable {
    var key: UInt64
    var length: UInt32
    /// Where text longer than its key lies.
    var place: UInt32
    var row: Row
  }

  let wordCount: Int
  let indexedCount: Int
  private let tables: [Table]
  private let buckets: [Bucket]
  private let members: [UInt32]
  /// Bit for bit the conditions that are run for every frame.
  private let unindexed: [UInt64]

  /// `always` are conditions that are run for every frame, whatever they need.
  init(_ conditions: [Test], always: Set<Int>, _ compiler: FlatCompiler) {
    wordCount = (conditions.count + 63) / 64
    var builder = ConditionIndexBuilder(compiler)
    let indexed = builder.build(conditions, always: always)
    indexedCount = indexed.count
    tables = builder.tables
    buckets = builder.buckets
    members = builder.members
    var unindexed = [UInt64](repeating: 0, count: wordCount)
    for condition in conditions.indices where !indexed.contains(condition) {
      unindexed[condition >> 6] |= 1 << UInt64(condition & 63)
    }
    self.unindexed = unindexed
  }

  /// Writes the bits of the conditions that the frame's values do not rule out.
  func select(_ words: UnsafeMutableBufferPointer<UInt64>, _ machine: Machine, _ code: FlatCode) {
    for word in 0..<wordCount { words[word] = unindexed[word] }
    for table in tables {
      let slot = machine.slots[Int(table.slot)]
      // In a large frame what a condition asks first may spend all its steps.
      let row = slot.kind == table.kind && machine.isSmall ? row(of: slot, table, machine, code) : table.all
      guard row.count > 0 else { continue }
      for member in members[Int(row.start)..<Int(row.start + row.count)] {
        words[Int(member >> 6)] |= 1 << UInt64(member & 63)
      }
    }
  }

  @inline(__always)
  private func row(of slot: Slot, _ table: Table, _ machine: Machine, _ code: FlatCode) -> Row {
    var (key, length) = (slot.payload, UInt32(0))
    var hash = key
    if table.kind == .bool {
      key = key == 0 ? 0 : 1
      hash = key
    }
    if table.kind == .string {
      guard let address = machine.address(of: slot) else { return table.all }
      length = slot.length
      key = CodePool.ShortText.key(address, Int(length))
      hash = ConditionIndex.hash(address, Int(length), key)
    }
    var bucket = ConditionIndex.bucket(hash, table.mask)
    while true {
      let entry = buckets[Int(table.start + bucket)]
      if entry.row.count == 0 { return entry.row }
      if entry.key == key, entry.length == length,
        length <= 8 || isEqual(slot, entry, machine, code)
      {
        return entry.row
      }
      bucket = (bucket + 1) & table.mask
    }
  }

  private func isEqual(_ slot: Slot, _ entry: Bucket, _ machine: Machine, _ code: FlatCode) -> Bool {
    guard let address = machine.address(of: slot) else { return false }
    let count = Int(slot.length)
    let text = UnsafeBufferPointer(start: address, count: count)
    let member = UnsafeBufferPointer(start: code.texts + Int(entry.place), count: count)
    return TextOrder.equal(text.span, member.span)
  }

  /// Text by its length, its first and its last eight bytes; the members come from authors, so that nobody gains by
  /// making them collide.
  @inline(__always)
  static func hash(_ text: UnsafeRawPointer, _ count: Int, _ key: UInt64) -> UInt64 {
    guard count > 8 else { return key &+ UInt64(truncatingIfNeeded: count) }
    let last = text.loadUnaligned(fromByteOffset: count - 8, as: UInt64.self)
    return (key &* 0xC2B2_AE3D_27D4_EB4F) ^ last &+ UInt64(truncatingIfNeeded: count)
  }

  @inline(__always)
  static func bucket(_ hash: UInt64, _ mask: UInt32) -> UInt32 {
    UInt32(truncatingIfNeeded: (hash &* 0x9E37_79B9_7F4A_7C15) >> 32) & mask
  }
}
