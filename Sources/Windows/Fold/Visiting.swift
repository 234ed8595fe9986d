internal import Events

/// One event's visit to one entity, whatever store keeps the log.
extension EntityFold {
  /// Folds up to the event's own record at `own` of `log`, and reads its features into the visit's frame. True when
  /// the id stands in the log already: then the features are those of its first position, and the record does not
  /// count.
  ///
  /// - Parameter own: where the record is; empty, at the position to read from, when the event leaves none.
  package mutating func visit(
    _ log: RawSpan, own: Range<Int>, of visit: inout Visit, layout: FoldLayout, scratch: inout FoldScratch
  ) throws(StoreFailure) -> Bool {
    try catchUp(log, to: own.lowerBound, layout: layout, scratch: &scratch)
    let blindBefore = blindBefore
    blind(to: visit)
    defer { self.blindBefore = blindBefore }
    if isBlind(to: visit), try leavesOut(log, own, of: visit, layout: layout, scratch: &scratch) {
      let outcome = try advance(
        log, own: own.lowerBound..<own.lowerBound, time: visit.event.time, type: visit.event.type,
        layout: layout, scratch: &scratch, into: &visit.event.frame)
      if outcome.isLate { visit.late = true }
      return true
    }
    let outcome = try advance(
      log, own: own, time: visit.event.time, type: visit.event.type, layout: layout, scratch: &scratch,
      into: &visit.event.frame)
    if outcome.isLate { visit.late = true }
    guard let first = outcome.repeats else { return false }
    if visit.prior == .first { visit.prior = .attempted }
    guard let record = RecordView(log, at: first), let latest = RecordView(log, at: own.lowerBound) else {
      throw .damagedLog
    }
    // In a log that is shared, another event's record may stand there until it is taken back.
    if record.nonce(log) != 0 && !record.agrees(with: latest, log) {
      throw StoreFailure(code: .unavailable, message: "the log holds another event with this id")
    }
    // What was trimmed since was not gone then.
    try revisit(
      log, own: first..<record.end, blindBefore: max(blindBefore, trimmedTime), of: &visit, layout: layout,
      scratch: &scratch)
    return true
  }

  /// Reads the features as they were at an earlier position of `log`; nothing up to `blindBefore` is known. What was
  /// taken back since never counted.
  private func revisit(
    _ log: RawSpan, own: Range<Int>, blindBefore: Int64, of visit: inout Visit, layout: FoldLayout,
    scratch: inout FoldScratch
  ) throws(StoreFailure) {
    var fold = EntityFold(layout: layout, blindBefore: blindBefore)
    fold.base = base
    fold.foldedTo = base
    fold.voids = voids
    fold.skipCheckpoint(log)
    let outcome = try fold.advance(
      log, own: own, time: visit.event.time, type: visit.event.type, layout: layout, scratch: &scratch,
      into: &visit.event.frame)
    if outcome.isLate { visit.late = true }
  }

  /// Reads the features as if the record at the end of `log`, which is folded up to there, were not to be taken back
  /// afterwards; the state stays as it is.
  ///
  /// Costs a copy of the state, which the features' limits bound; a whole fold of the log, which they bound too, where
  /// the state belongs to another plan. True as for a visit.
  @discardableResult package borrowing func rehearse(
    _ log: RawSpan, own: Range<Int>, of visit: inout Visit, layout: FoldLayout, scratch: inout FoldScratch
  ) throws(StoreFailure) -> Bool {
    var fold = copied(for: layout)
    return try fold.visit(log, own: own, of: &visit, layout: layout, scratch: &scratch)
  }

  /// A copy; one that is yet to fold the log anew where the state belongs to another plan.
  borrowing func copied(for layout: FoldLayout) -> EntityFold {
    if planIdentity == layout.identity { return EntityFold(copying: self) }
    return EntityFold(
      layout: layout, blindBefore: blindBefore, trimmedTime: trimmedTime, pushedOutTime: pushedOutTime)
  }

  @inline(__always) private func isBlind(to visit: borrowing Visit) -> Bool {
    visit.event.time <= pushedOutTime && (visit.mayRepeat || visit.prior == .attempted)
  }

  /// Whether the visit's record is left out, because what it repeats may have been cut: better not counted than
  /// counted twice, or counted although it was taken back.
  private mutating func leavesOut(
    _ log: RawSpan, _ own: Range<Int>, of visit: borrowing Visit, layout: FoldLayout,
    scratch: inout FoldScratch
  ) throws(StoreFailure) -> Bool {
    guard let record = RecordView(log, at: own.lowerBound), !own.isEmpty,
      try mayHaveBeenCut(log, record, layout: layout, scratch: &scratch)
    else { return false }
    if visit.mayRepeat { doubt(record, layout: layout) }
    return true
  }

  /// A repeat whose record may have been trimmed is unknown: nobody knows its first position any more. So is what an
  /// event within the part that a checkpoint stands for could still see, when others had not arrived yet.
  private mutating func blind(to visit: borrowing Visit) {
    if checkpoint != nil { blindBefore = max(blindBefore, trimmedTime) }
    guard isBlind(to: visit) else { return }
    blindBefore = max(blindBefore, pushedOutTime)
  }
}
