/// What records that are no events do to the state.
extension EntityFold {
  /// Lets a record that is no event take effect.
  mutating func control(
    _ log: RawSpan, _ record: RecordView, to end: Int, layout: FoldLayout, scratch: inout FoldScratch
  ) throws(StoreFailure) {
    switch record.kind {
    case RecordFormat.voidKind: try void(log, from: record, to: end, layout: layout, scratch: &scratch)
    case RecordFormat.gapKind: blindBefore = max(blindBefore, record.time)
    case RecordFormat.checkpointKind: try restore(log, record, layout: layout)
    case RecordFormat.sealKind: break
    default: try operate(log, record, layout: layout, scratch: &scratch)
    }
  }

  /// Whether a record counts as never written.
  func isVoided(_ log: RawSpan, _ record: RecordView) -> Bool {
    voids.first(hash: Self.voidHash(log, record.id, record)) { position in
      guard let void = RecordView(log, at: Int(position) - base) else { return false }
      return void.nonce(log) == record.nonce(log) && log.equal(record.id, void.target)
    } != nil
  }

  /// The hash of an id and of the nonce that `record` bears.
  private static func voidHash(_ log: RawSpan, _ id: Range<Int>, _ record: RecordView) -> UInt64 {
    Hashing.hash(Int64(record.nonce(log)), seed: Hashing.hash(log, id, seed: Hashing.seed))
  }

  /// Makes records count as never written: the state is that of the log without them, folded anew.
  ///
  /// What a record has done cannot be undone step by step (it may have pushed others out). All voids up to `end` are
  /// taken in with the first of them, so that however many there are the log is folded anew once; and only for a record
  /// that counted, not for a repeat.
  private mutating func void(
    _ log: RawSpan, from first: RecordView, to end: Int, layout: FoldLayout, scratch: inout FoldScratch
  ) throws(StoreFailure) {
    var hasCounted = false
    var offset = first.start
    while offset < end, let record = RecordView(log, at: offset) {
      offset = record.end
      guard record.kind == RecordFormat.voidKind else { continue }
      let position = UInt32(truncatingIfNeeded: base + record.start)
      let hash = Self.voidHash(log, record.target, record)
      // The first of them took in the others.
      if voids.first(hash: hash, where: { $0 == position }) != nil { break }
      voids.insert(hash: hash, position: position)
      let idHash = Hashing.hash(log, record.target, seed: Hashing.seed)
      if let found = find(log, record.target, hash: idHash, layout: layout),
        let target = RecordView(log, at: found - base), target.nonce(log) == record.nonce(log)
      {
        hasCounted = true
      }
    }
    guard hasCounted else { return }
    var fresh = EntityFold(layout: layout, blindBefore: blindBefore)
    fresh.base = base
    fresh.foldedTo = base
    fresh.voids = voids
    try fresh.catchUp(log, to: first.start, layout: layout, scratch: &scratch)
    self = fresh
  }

  /// The voids of `log` whose record stands there too, by where they begin: without one of these its record would count.
  func neededVoids(_ log: RawSpan) -> Set<Int> {
    var needed: Set<Int> = []
    if voids.isEmpty { return needed }
    var offset = 0
    while let record = RecordView(log, at: offset) {
      offset = record.end
      guard record.isEvent else { continue }
      _ = voids.first(hash: Self.voidHash(log, record.id, record)) { position in
        let start = Int(position) - base
        if let void = RecordView(log, at: start), void.nonce(log) == record.nonce(log),
          log.equal(record.id, void.target)
        {
          needed.insert(start)
        }
        return false
      }
    }
    return needed
  }
}
