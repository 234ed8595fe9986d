/// Chooses the slots whose values rule conditions out, and lays their tables out.
struct ConditionIndexBuilder {
  private(set) var tables: [ConditionIndex.Table] = []
  private(set) var buckets: [ConditionIndex.Bucket] = []
  private(set) var members: [UInt32] = []
  private let compiler: FlatCompiler

  /// A slot and the kind of its constants.
  private struct Column: Hashable {
    let slot: UInt16
    let kind: UInt8
  }

  /// A constant that a slot may equal.
  private struct Key: Hashable {
    let key: UInt64
    var length: UInt32 = 0
    var place: UInt32 = 0
  }

  /// Looking a value up costs about as much as running so many conditions.
  private static let gainMin = 4.0
  private static let tablesMax = 8

  init(_ compiler: FlatCompiler) { self.compiler = compiler }

  /// Returns the conditions that stand in a table.
  mutating func build(_ conditions: [Test], always: Set<Int>) -> Set<Int> {
    var needs: [Column: [Int: [Key]]] = [:]
    for (condition, test) in conditions.enumerated() where !always.contains(condition) {
      for (column, keys) in needed(test) where needs[column]?[condition] == nil {
        needs[column, default: [:]][condition] = keys
      }
    }
    var indexed: Set<Int> = []
    while tables.count < Self.tablesMax {
      let best = needs.map { (column: $0.key, gain: gain($0.value)) }.max {
        // A total order, so that every process chooses the same.
        ($0.gain, $1.column.slot, $1.column.kind) < ($1.gain, $0.column.slot, $0.column.kind)
      }
      guard let best, best.gain >= Self.gainMin, let chosen = needs.removeValue(forKey: best.column) else {
        break
      }
      add(best.column, chosen)
      indexed.formUnion(chosen.keys)
      for column in needs.keys { for condition in chosen.keys { needs[column]?[condition] = nil } }
    }
    return indexed
  }

  /// Conditions that a value rules out, if each of the values and all others together are as frequent.
  private func gain(_ conditions: [Int: [Key]]) -> Double {
    let values = Double(Set(conditions.values.joined()).count + 1)
    return conditions.values.reduce(0) { $0 + 1 - Double($1.count) / values }
  }

  /// The values that slots must have for the condition to do anything but fail.
  private func needed(_ test: Test) -> [(Column, [Key])] {
    guard case .all(let operands) = test else { return need(test).map { [$0] } ?? [] }
    // What stands behind an ask does not keep it from spending its steps.
    return operands.prefix { compiler.isBounded($0) }.compactMap { need($0) }
  }

  private func need(_ test: Test) -> (Column, [Key])? {
    switch test {
    case .not(.leaf(let leaf)):
      guard let step = single(leaf), step.kind == .flag else { return nil }
      return flag(step, is: false)
    case .leaf(let leaf):
      guard let step = single(leaf) else { return nil }
      let isSwapped = step.detail & Instruction.swapped != 0
      switch step.kind {
      case .flag: return flag(step, is: true)
      case .intEqual where !isSwapped: return (column(step, .int), [Key(key: step.literal)])
      case .text where !isSwapped:
        return (column(step, .string), [Key(key: step.literal, length: step.length, place: step.extra)])
      case .fewNumbers: return (column(step, .int), numbers(step))
      case .fewTexts: return (column(step, .string), texts(step))
      default: return nil
      }
    default: return nil
    }
  }

  private func single(_ leaf: Int) -> Instruction? {
    compiler.leaves[leaf].count == 1 ? compiler.leaves[leaf].first : nil
  }

  private func column(_ step: Instruction, _ kind: Slot.Kind) -> Column {
    Column(slot: step.first, kind: kind.rawValue)
  }

  private func flag(_ step: Instruction, is value: Bool) -> (Column, [Key]) {
    let isSwapped = step.detail & Instruction.swapped != 0
    return (column(step, .bool), [Key(key: value != isSwapped ? 1 : 0)])
  }

  private func numbers(_ step: Instruction) -> [Key] {
    let start = Int(step.extra)
    let keys = compiler.numbers[start..<start + Int(step.length)].map { Key(key: UInt64(bitPattern: $0)) }
    return Array(Set(keys))
  }

  private func texts(_ step: Instruction) -> [Key] {
    let start = Int(step.extra)
    let keys = compiler.fewTexts[start..<start + Int(step.length)].map { Key(key: $0.key, length: $0.length) }
    return Array(Set(keys))
  }

  private mutating func add(_ column: Column, _ conditions: [Int: [Key]]) {
    guard let kind = Slot.Kind(rawValue: column.kind) else { return }
    var rows: [Key: [Int]] = [:]
    for condition in conditions.keys.sorted() {
      for key in conditions[condition] ?? [] {
        // Short text is told by its key; where it lies is of no account.
        let place = key.length > 8 ? key.place : 0
        rows[Key(key: key.key, length: key.length, place: place), default: []].append(condition)
      }
    }
    var size = 2
    while size < rows.count * 2 { size *= 2 }
    let start = buckets.count
    let free = ConditionIndex.Bucket(
      key: 0, length: 0, place: 0, row: ConditionIndex.Row(start: 0, count: 0))
    buckets += Array(repeating: free, count: size)
    for (key, row) in rows.sorted(by: { ($0.value[0], $0.key.key) < ($1.value[0], $1.key.key) }) {
      var bucket = ConditionIndex.bucket(hash(key, kind), UInt32(size - 1))
      while buckets[start + Int(bucket)].row.count > 0 { bucket = (bucket + 1) & UInt32(size - 1) }
      buckets[start + Int(bucket)] = ConditionIndex.Bucket(
        key: key.key, length: key.length, place: key.place, row: append(row))
    }
    tables.append(
      ConditionIndex.Table(
        slot: column.slot, kind: kind, start: UInt32(start), mask: UInt32(size - 1),
        all: append(conditions.keys.sorted())))
  }

  private mutating func append(_ conditions: [Int]) -> ConditionIndex.Row {
    let start = members.count
    members += conditions.map { UInt32($0) }
    return ConditionIndex.Row(start: UInt32(start), count: UInt32(conditions.count))
  }

  /// As `ConditionIndex` finds the value of a slot.
  private func hash(_ key: Key, _ kind: Slot.Kind) -> UInt64 {
    guard kind == .string else { return key.key }
    let end = Int(key.place) + Int(key.length)
    guard key.length > 8, end <= compiler.texts.count else { return key.key &+ UInt64(key.length) }
    return compiler.texts.withUnsafeBytes { texts in
      guard let base = texts.baseAddress else { return key.key }
      return ConditionIndex.hash(base + Int(key.place), Int(key.length), key.key)
    }
  }
}
