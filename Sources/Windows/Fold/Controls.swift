/// What records that are no events do to the state.
extension EntityFold {
  /// Lets a record that is no event take effect.
  mutating func control(
    _ log: RawSpan, _ record: RecordView, layout: FoldLayout, scratch: inout FoldScratch
  ) throws(StoreFailure) {
    switch record.kind {
    case RecordFormat.voidKind: try void(log, record, layout: layout, scratch: &scratch)
    case RecordFormat.gapKind: blindBefore = max(blindBefore, record.time)
    case RecordFormat.checkpointKind: try restore(log, record, layout: layout)
    default: try operate(log, record, layout: layout, scratch: &scratch)
    }
  }

  /// Whether a record counts as never written.
  func isVoided(_ log: RawSpan, _ record: RecordView) -> Bool {
    let nonce = record.nonce(log)
    return voids.contains { position in
      guard let void = RecordView(log, at: Int(position) - base) else { return false }
      return void.nonce(log) == nonce && log.equal(record.id, void.target)
    }
  }

  /// Makes one record count as never written: the state is that of the log without it, folded anew.
  ///
  /// What a record has done cannot be undone step by step (it may have pushed others out). Voids follow on conflicts
  /// only, and a log is no longer than its limits.
  private mutating func void(
    _ log: RawSpan, _ record: RecordView, layout: FoldLayout, scratch: inout FoldScratch
  ) throws(StoreFailure) {
    let position = UInt32(truncatingIfNeeded: base + record.start)
    if voids.contains(position) { return }
    voids.append(position)
    let hash = Hashing.hash(log, record.target, seed: Hashing.seed)
    guard let found = find(log, record.target, hash: hash, layout: layout),
      let target = RecordView(log, at: found - base), target.nonce(log) == record.nonce(log)
    else { return }
    var fresh = EntityFold(layout: layout, blindBefore: blindBefore)
    fresh.base = base
    fresh.foldedTo = base
    fresh.voids = voids
    try fresh.catchUp(log, to: record.start, layout: layout, scratch: &scratch)
    self = fresh
  }
}
