/// Which groups a record is a member of, and what reversals, amendments and exclusions change about it.
extension EntityFold {
  /// Reversals, amendments and exclusions that one record bears. With one more its windows fail: whoever ignored the
  /// rest, or obeyed it, would let a flood of them hide a change, or cost time that grows with its square.
  package static let operationsMax = 256
  /// Currencies that one feature of one entity tells apart. Records in others count as failed, in the windows of all
  /// currencies that have no group of their own, and none gets one before these are gone.
  package static let currenciesMax = 64

  /// What operations make of a record.
  struct Standing {
    var isReversed = false
    var isExcluded = false
    /// There are too many to tell.
    var isOverrun = false
  }

  /// Lets a record that names a target take effect on it, or wait for it.
  mutating func operate(
    _ log: RawSpan, _ record: RecordView, layout: FoldLayout, scratch: inout FoldScratch
  ) throws(StoreFailure) {
    guard !record.target.isEmpty else { return }
    let hash = Hashing.hash(log, record.target, seed: Hashing.seed)
    collectOperations(log, on: record.target, hash: hash, into: &scratch.operations)
    if scratch.operations.count > Self.operationsMax { return }
    operations.insert(hash: hash, position: UInt32(truncatingIfNeeded: base + record.start))
    guard let position = find(log, record.target, hash: hash, layout: layout),
      position != base + record.start,
      let target = RecordView(log, at: position - base)
    else { return }
    let standing = try stand(log, target, hash: hash, isArriving: false, layout: layout, scratch: &scratch)
    partIfNeeded(target, scratch.columns, layout)
    let layout = shape(layout)
    for index in groups.indices {
      let group = layout.groups[groups[index].plan]
      if !record.isEvent && !group.acceptedOnly { continue }
      groups[index].remove(time: target.time, position: UInt32(truncatingIfNeeded: position), layout)
    }
    for plan in layout.groups.indices where record.isEvent || layout.groups[plan].acceptedOnly {
      if target.time <= horizon(layout.groups[plan].span) { continue }
      enter(plan, log, target, standing, layout: layout, scratch: &scratch)
    }
  }

  /// Counts a record that is new to the log.
  mutating func count(
    _ log: RawSpan, _ record: RecordView, hash: UInt64, isOwn: Bool, layout: FoldLayout,
    scratch: inout FoldScratch
  ) throws(StoreFailure) {
    let standing = try stand(log, record, hash: hash, isArriving: true, layout: layout, scratch: &scratch)
    partIfNeeded(record, scratch.columns, layout)
    let layout = shape(layout)
    for plan in layout.groups.indices {
      if !isOwn && record.time <= horizon(layout.groups[plan].span) { continue }
      enter(plan, log, record, standing, layout: layout, scratch: &scratch)
    }
  }

  /// Reads a record's columns into `scratch.columns` and applies the operations on it, in the order of arrival.
  mutating func stand(
    _ log: RawSpan, _ record: RecordView, hash: UInt64, isArriving: Bool, layout: FoldLayout,
    scratch: inout FoldScratch
  ) throws(StoreFailure) -> Standing {
    guard record.columns(log, tags: layout.columnTags, base: base, into: &scratch.columns) else {
      throw .damagedLog
    }
    var standing = Standing()
    if operations.isEmpty { return standing }
    collectOperations(log, on: record.id, hash: hash, into: &scratch.operations)
    if scratch.operations.count > Self.operationsMax {
      standing.isOverrun = true
      return standing
    }
    let cut = newestTime.subtractingSaturated(layout.retention)
    for position in scratch.operations {
      guard let operation = RecordView(log, at: Int(position) - base) else { throw .damagedLog }
      if isArriving && operation.time <= cut && operation.start != record.start {
        operations.remove(hash: hash, position: position)
      } else if !operation.isEvent {
        standing.isExcluded = true
      } else if operation.flags & RecordFormat.reversesFlag != 0 {
        standing.isReversed = true
      } else if operation.flags & RecordFormat.amendsFlag != 0 {
        guard
          operation.columns(
            log, tags: layout.columnTags, base: base, into: &scratch.columns,
            overlaying: layout.columnIsOwn)
        else { throw .damagedLog }
      }
    }
    return standing
  }

  private func collectOperations(
    _ log: RawSpan, on id: Range<Int>, hash: UInt64, into found: inout ContiguousArray<UInt32>
  ) {
    found.removeAll(keepingCapacity: true)
    _ = operations.first(hash: hash) { position in
      if let operation = RecordView(log, at: Int(position) - base), log.equal(id, operation.target) {
        found.append(position)
      }
      return found.count > Self.operationsMax
    }
    found.sort()
  }

  /// Makes the record whose columns stand in `scratch` a member of the group of `plan`, if it is one.
  private mutating func enter(
    _ plan: Int, _ log: RawSpan, _ record: RecordView, _ standing: Standing, layout: FoldLayout,
    scratch: inout FoldScratch
  ) {
    let group = layout.groups[plan]
    if standing.isReversed || group.acceptedOnly && standing.isExcluded { return }
    guard layout.counts(record.typeTag, in: plan) else { return }
    var failed = false
    var payload: Int64 = 0
    switch Self.judge(group, scratch.columns, payload: &payload) {
    case .member: break
    case .failure: failed = true
    case .lacking:
      groups[plan].lackingTime = max(groups[plan].lackingTime, record.time)
      return
    case .outsider:
      if !standing.isOverrun { return }
    }
    if standing.isOverrun { failed = true }
    var index = plan
    if group.currency >= 0 {
      let currency = scratch.columns[group.currency]
      guard currency.kind == RecordFormat.Column.text || currency.kind == RecordFormat.Column.digest else {
        return
      }
      index = currencyGroup(plan, log, at: Int(currency.payload) - base, layout)
      if index == plan { failed = true }
    }
    var entry = GroupEntry(
      time: record.time, position: UInt32(truncatingIfNeeded: base + record.start), mark: 0)
    let dropped = groups[index].dropped
    if dropped.time > horizon(group.span) && !dropped.precedes(entry) { return }
    if failed {
      entry.mark = GroupEntry.failed
    } else if group.pooled {
      entry.mark = groups[index].acquire(
        log, payload: payload, time: record.time, base: base, values: group.values)
    }
    groups[index].insert(entry, value: payload, horizon: horizon(group.span), layout)
  }

  private enum Judgement { case member, failure, lacking, outsider }

  /// Whether columns make a member; a value that is missing makes none, one that failed makes one that failed.
  private static func judge(
    _ group: GroupLayout, _ columns: ContiguousArray<ColumnValue>, payload: inout Int64
  ) -> Judgement {
    typealias Column = RecordFormat.Column
    var result = Judgement.member
    if group.condition >= 0 && columns[group.condition].kind == Column.absent
      || group.value >= 0 && columns[group.value].kind == Column.absent
      || group.currency >= 0 && columns[group.currency].kind == Column.absent
    {
      return .lacking
    }
    if group.condition >= 0 {
      switch columns[group.condition].kind {
      case Column.yes: break
      case Column.no, Column.missing: return .outsider
      default: result = .failure
      }
    }
    if group.value >= 0 {
      let value = columns[group.value]
      let isText = value.kind == Column.text || value.kind == Column.digest
      switch value.kind {
      case Column.missing: return .outsider
      case Column.no where group.values == .integer: payload = 0
      case Column.yes where group.values == .integer: payload = 1
      case Column.integer where group.values == .integer: payload = value.payload
      case _ where isText && group.values == .text: payload = value.payload
      default: result = .failure
      }
    }
    if group.currency >= 0 {
      let kind = columns[group.currency].kind
      guard kind == Column.text || kind == Column.digest else { return .outsider }
    }
    return result
  }

  /// The index of the group that holds the currency whose column payload is at `offset`; made if there is none, or
  /// `plan` where there are too many.
  private mutating func currencyGroup(_ plan: Int, _ log: RawSpan, at offset: Int, _ layout: FoldLayout)
    -> Int
  {
    guard let length = RecordView.payloadLength(log, kindAt: offset, end: log.byteCount) else { return plan }
    let range = offset..<offset + 1 + length
    if let index = findCurrency(plan, log.extracting(range), from: layout.groups.count) { return index }
    var others = 0
    for other in layout.groups.count..<groups.count where groups[other].plan == plan { others += 1 }
    let hasRoom = others < Self.currenciesMax
    guard hasRoom && groups[plan].isSpent(through: horizon(layout.groups[plan].span)) else { return plan }
    var currency = ContiguousArray<UInt8>()
    currency.reserveCapacity(range.count)
    for place in range { currency.append(log.byte(at: place)) }
    groups.append(WindowGroup(plan: plan, layout: layout, currency: currency))
    return groups.count - 1
  }

  /// The index of the group of `plan` in `currency`.
  func findCurrency(_ plan: Int, _ currency: RawSpan, from first: Int) -> Int? {
    for index in first..<groups.count where groups[index].plan == plan {
      let other = groups[index].currency
      if currency.equal(0..<currency.byteCount, other.rawBytes) { return index }
    }
    return nil
  }
}

extension WindowGroup {
  /// The pool's number for a value: an integer, or the text at a log position.
  fileprivate mutating func acquire(
    _ log: RawSpan, payload: Int64, time: Int64, base: Int, values: GroupLayout.Values
  ) -> UInt32 {
    guard values == .text else {
      return pool.acquire(payload: payload, time: time, hash: Hashing.hash(payload, seed: Hashing.seed)) {
        $0 == payload
      }
    }
    let range = Self.text(log, payload, base: base)
    let hash = Hashing.hash(log, range, seed: Hashing.seed)
    return pool.acquire(payload: payload, time: time, hash: hash) { other in
      log.equal(range, Self.text(log, other, base: base))
    }
  }

  /// The bytes of a text column, kind included, whose kind byte is at a log position.
  private static func text(_ log: RawSpan, _ position: Int64, base: Int) -> Range<Int> {
    let offset = Int(position) - base
    guard offset >= 0, offset < log.byteCount,
      let length = RecordView.payloadLength(log, kindAt: offset, end: log.byteCount)
    else { return 0..<0 }
    return offset..<offset + 1 + length
  }
}
