/// What records that were cut from a log have left behind: the first record of the log that remains, so that whoever
/// folds it comes to the same state as those who folded the records themselves.
///
/// After the record's header: identity of the plan (8 bytes), length of the part of the log that was cut (4), number of
/// groups (4), newest, trimmed, pushed-out and blind time (8 each), and with the flag 2, which only
/// older ones lack, the greatest time among voids that were cut (8). Then for each group its index in the plan (2), the
/// length of its currency (2) and that currency, the time (8) and place in the log (4) of what its limit pushed out
/// last, and the times up to which it lacks columns (8) and was cut (8). Places count from the log's first byte. The flag
/// 1 says that the groups are those of the layout in which nothing is shared; 4 that the log was forgotten at the record's
/// time. Then the number of series of panes (4), and
/// for each its index in the plan (2), the length of its currency (2) and that currency, the time up to which it lacks
/// columns (8), the number of panes (4), and of each its number, count and failures (8 each) and its sum (16).
struct Checkpoint: Sendable {
  /// Logical position of the end of what was cut; what follows was never touched.
  var end: Int
  /// The greatest event time among all records up to there.
  var newestTime: Int64

  static let partedFlag: UInt8 = 1
  static let voidedFlag: UInt8 = 2
  static let fixedBytes = 48
  static let voidedBytes = 8
  static let groupBytes = 32
}

extension EntityFold {
  /// Takes over what a checkpoint says; under another plan, only what is true of any.
  mutating func restore(_ log: RawSpan, _ record: RecordView, layout: FoldLayout) throws(StoreFailure) {
    var offset = record.target.upperBound
    guard record.start == 0, record.end - offset >= Checkpoint.fixedBytes else { throw .damagedLog }
    let identity = log.number(at: offset, as: UInt64.self)
    let end = Int(log.number(at: offset + 8, as: UInt32.self))
    let count = Int(log.number(at: offset + 12, as: UInt32.self))
    checkpoint = Checkpoint(end: base + end, newestTime: log.number(at: offset + 16, as: Int64.self))
    trimmedTime = max(trimmedTime, log.number(at: offset + 24, as: Int64.self))
    pushedOutTime = max(pushedOutTime, log.number(at: offset + 32, as: Int64.self))
    blindBefore = max(blindBefore, log.number(at: offset + 40, as: Int64.self))
    offset += Checkpoint.fixedBytes
    if record.flags & Checkpoint.voidedFlag != 0 {
      guard record.end - offset >= Checkpoint.voidedBytes else { throw .damagedLog }
      voidedTime = max(voidedTime, log.number(at: offset, as: Int64.self))
      offset += Checkpoint.voidedBytes
    }
    guard identity == layout.identity else {
      for index in groups.indices {
        groups[index].lackingTime = trimmedTime
        groups[index].cutTime = pushedOutTime
      }
      // What the other plan's panes hold of the records that were cut is of no use here.
      for index in panes.indices { panes[index].lackingTime = max(panes[index].lackingTime, trimmedTime) }
      return
    }
    if record.flags & Checkpoint.partedFlag != 0 { try startParted(layout) }
    let shape = shape(layout)
    for _ in 0..<count { offset = try restoreGroup(log, at: offset, record.end, shape) }
    try restorePanes(log, at: offset, record.end, layout)
    panesFrom = base + end
  }

  /// Groups of their own from the beginning, as in the state that the checkpoint was made of.
  private mutating func startParted(_ layout: FoldLayout) throws(StoreFailure) {
    guard let parted = layout.parted else { throw .damagedLog }
    isParted = true
    groups = ContiguousArray(parted.groups.indices.map { WindowGroup(plan: $0, layout: parted) })
  }

  private mutating func restoreGroup(
    _ log: RawSpan, at start: Int, _ end: Int, _ layout: FoldLayout
  ) throws(StoreFailure) -> Int {
    guard end - start >= Checkpoint.groupBytes else { throw .damagedLog }
    let plan = Int(log.number(at: start, as: UInt16.self))
    let length = Int(log.number(at: start + 2, as: UInt16.self))
    let offset = start + 4 + length
    guard plan < layout.groups.count, end - offset >= Checkpoint.groupBytes - 4 else { throw .damagedLog }
    var index = plan
    if length > 0 {
      var currency = ContiguousArray<UInt8>()
      for place in start + 4..<offset { currency.append(log.byte(at: place)) }
      index = groups.count
      groups.append(WindowGroup(plan: plan, layout: layout, currency: currency))
    }
    let place = Int(log.number(at: offset + 8, as: UInt32.self))
    groups[index].dropped = GroupEntry(
      time: log.number(at: offset, as: Int64.self), position: UInt32(truncatingIfNeeded: base + place),
      mark: 0)
    groups[index].lackingTime = log.number(at: offset + 12, as: Int64.self)
    groups[index].cutTime = log.number(at: offset + 20, as: Int64.self)
    return offset + Checkpoint.groupBytes - 4
  }

  /// The greatest time among the records that were cut from a log, voids among them; nil when none were.
  package static func trimmedTime(_ log: RawSpan) -> Int64? {
    guard let record = RecordView(log, at: 0), record.kind == RecordFormat.checkpointKind,
      record.end - record.target.upperBound >= Checkpoint.fixedBytes
    else { return nil }
    let trimmed = log.number(at: record.target.upperBound + 24, as: Int64.self)
    let voided = record.target.upperBound + Checkpoint.fixedBytes
    guard record.flags & Checkpoint.voidedFlag != 0, record.end - voided >= Checkpoint.voidedBytes else {
      return trimmed
    }
    return max(trimmed, log.number(at: voided, as: Int64.self))
  }

  /// When a log was erased on purpose, if it was, whatever was cut from it since.
  package static func forgottenTime(_ log: RawSpan) -> Int64? {
    guard let record = RecordView(log, at: 0), record.kind == RecordFormat.checkpointKind,
      record.flags & RecordFormat.forgottenFlag != 0
    else { return nil }
    return record.time
  }

  /// The part that a checkpoint stands for is folded: what its records no longer say holds from here on.
  mutating func settle(_ reached: Checkpoint) {
    newestTime = max(newestTime, reached.newestTime)
    checkpoint = nil
  }

  /// Goes on after the checkpoint, if the log begins with one, as if there were none: for a visit to an earlier
  /// position, where groups were in another state.
  mutating func skipCheckpoint(_ log: RawSpan) {
    guard let record = RecordView(log, at: 0), record.kind == RecordFormat.checkpointKind else { return }
    foldedTo = base + record.end
  }

  /// How many bytes a checkpoint of this state takes.
  private var checkpointBytes: Int {
    var sum = RecordFormat.headerBytes + Checkpoint.fixedBytes + Checkpoint.voidedBytes
    for index in groups.indices { sum += Checkpoint.groupBytes + groups[index].currency.count }
    return sum + paneBytes
  }

  /// The checkpoint that, in front of the whole of `log`, leads to this state.
  func checkpointRecord(before log: RawSpan) -> ContiguousArray<UInt8> {
    let head = checkpointBytes
    return checkpointRecord(
      end: head + log.byteCount, shift: head, newestTime: newestTime, forgottenTime: Self.forgottenTime(log),
      nonce: 0)
  }

  /// The bytes of a checkpoint, for a log whose cut part ends at `end`; it goes on saying that the log was forgotten.
  /// What stands in the log of this state stands `shift` bytes further on behind it.
  private func checkpointRecord(
    end: Int, shift: Int = 0, newestTime: Int64, forgottenTime: Int64?, nonce: UInt32
  ) -> ContiguousArray<UInt8> {
    let nothing: [UInt8] = []
    var writer = RecordWriter(over: [])
    let start = writer.begin(
      kind: RecordFormat.checkpointKind,
      flags: (isParted ? Checkpoint.partedFlag : 0) | Checkpoint.voidedFlag
        | (forgottenTime == nil ? 0 : RecordFormat.forgottenFlag),
      time: forgottenTime ?? newestTime, typeTag: 0, columnCount: 0, id: 0..<0,
      target: 0..<0, arena: nothing.rawBytes)
    writer.append(planIdentity)
    writer.append(UInt32(truncatingIfNeeded: end))
    writer.append(UInt32(truncatingIfNeeded: groups.count))
    writer.append(newestTime)
    writer.append(trimmedTime)
    writer.append(pushedOutTime)
    writer.append(blindBefore)
    writer.append(voidedTime)
    for index in groups.indices {
      let currency = groups[index].currency
      writer.append(UInt16(truncatingIfNeeded: groups[index].plan))
      writer.append(UInt16(truncatingIfNeeded: currency.count))
      writer.append(currency.rawBytes)
      writer.append(groups[index].dropped.time)
      let place = Int(groups[index].dropped.position) - base + shift
      writer.append(UInt32(truncatingIfNeeded: max(place, 0)))
      writer.append(groups[index].lackingTime)
      writer.append(groups[index].cutTime)
    }
    writePanes(&writer)
    writer.finish(start)
    writer.setNonce(nonce, of: start)
    return ContiguousArray(writer.bytes[..<writer.end])
  }

  /// Writes a log anew that others share: a checkpoint, the living records, a seal, and the last `keeping` ones, dead or
  /// not, because another process may be about to read its own among them. Nil when too little would be saved.
  ///
  /// The living in front of the seal are marked: a process whose last known record is one of them sees that it is not as it
  /// was, even where it has kept its place. Else it would go on from there, and never learn of what came behind it and was
  /// cut, which only panes hold any more. One that knows the log as it is written here reads on from the seal at the
  /// earliest, and so sees it too when this is undone by a fail-over and the log cut by another in the same way.
  package mutating func compact(
    _ log: RawSpan, keeping: Int, nonce: UInt32, layout: FoldLayout, scratch: inout FoldScratch
  ) throws(StoreFailure) -> ContiguousArray<UInt8>? {
    let layout = shape(layout)
    let kept = Self.start(ofLast: keeping, in: log)
    var heir = EntityFold(heirOf: self, layout)
    let headBytes = heir.checkpointBytes
    var bytes = ContiguousArray<UInt8>()
    try bequeath(
      log, to: &heir, from: 0, keepingFrom: kept, at: headBytes,
      sealing: RecordFormat.sealRecord(time: newestTime, nonce: nonce), into: &bytes, layout: layout,
      scratch: &scratch)
    guard (headBytes + bytes.count) * 4 <= log.byteCount * 3 else { return nil }
    var whole = heir.checkpointRecord(
      end: headBytes + bytes.count, newestTime: newestTime, forgottenTime: Self.forgottenTime(log),
      nonce: nonce)
    whole.append(contentsOf: bytes)
    return whole
  }

  private static func start(ofLast count: Int, in log: RawSpan) -> Int {
    var starts: [Int] = []
    var offset = 0
    while let record = RecordView(log, at: offset) {
      starts.append(offset)
      offset = record.end
    }
    if count <= 0 { return log.byteCount }
    return starts.count <= count ? 0 : starts[starts.count - count]
  }
}
