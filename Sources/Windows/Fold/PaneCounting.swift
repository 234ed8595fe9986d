internal import CEL

/// Counts and sums kept by panes. A record is added when it is folded; what takes it back later finds it as long as it is
/// in the log.
extension EntityFold {
  /// Adds what `record`, whose columns stand in `scratch`, comes to under `standing`; takes it away with a negative
  /// `sign`. What a pane holds already, because its record was cut from the log before, is not added again.
  mutating func countPanes(
    _ log: RawSpan, _ record: RecordView, _ standing: Standing, sign: Int64, layout: FoldLayout,
    scratch: borrowing FoldScratch
  ) {
    for plan in layout.panes.indices {
      let pane = layout.panes[plan]
      if standing.isReversed || !pane.counts(record.typeTag) { continue }
      var payload: Int64 = 0
      var failed = standing.isOverrun
      switch Self.judge(pane.member, scratch.columns, payload: &payload) {
      case .member: break
      case .failure: failed = true
      case .lacking:
        panes[plan].lackingTime = max(panes[plan].lackingTime, record.time)
        continue
      case .outsider: if !standing.isOverrun { continue }
      }
      if isPast(record.time, pane) { continue }
      var index = plan
      if pane.member.currency >= 0 {
        let column = scratch.columns[pane.member.currency]
        guard column.kind == RecordFormat.Column.text || column.kind == RecordFormat.Column.digest else {
          continue
        }
        index = series(plan, log, at: Int(column.payload) - base, layout)
        if index == plan { failed = true }
      }
      panes[index].add(pane.number(record.time), value: payload, failed: failed, sign: sign)
      panes[index].retire(before: pane.number(horizon(pane.member.span)))
    }
  }

  /// Takes a record that an operation is about to change out of the panes; `count` under its new standing follows.
  mutating func takeFromPanes(
    _ log: RawSpan, _ operation: RecordView, hash: UInt64, layout: FoldLayout, scratch: inout FoldScratch
  ) throws(StoreFailure) {
    guard let position = find(log, operation.target, hash: hash, layout: layout),
      position != base + operation.start,
      let record = RecordView(log, at: position - base)
    else { return }
    let standing = try stand(log, record, hash: hash, isArriving: false, layout: layout, scratch: &scratch)
    countPanes(log, record, standing, sign: -1, layout: layout, scratch: scratch)
  }

  private func isPast(_ time: Int64, _ pane: PaneLayout) -> Bool {
    pane.number(time) < pane.number(horizon(pane.member.span))
  }

  /// The series of a currency, made if there is none; `plan`, where all others count, if there are too many.
  private mutating func series(_ plan: Int, _ log: RawSpan, at offset: Int, _ layout: FoldLayout) -> Int {
    guard let length = RecordView.payloadLength(log, kindAt: offset, end: log.byteCount) else { return plan }
    let bytes = log.extracting(offset..<offset + 1 + length)
    if let index = findSeries(plan, bytes, layout) { return index }
    dropSpentSeries(layout)
    var others = 0
    for index in layout.panes.count..<panes.count where panes[index].plan == plan { others += 1 }
    // What counted where all others do must be found there again.
    guard others < Self.currenciesMax, isSpent(panes[plan], layout) else { return plan }
    var currency = ContiguousArray<UInt8>()
    for place in 0..<bytes.byteCount { currency.append(bytes.byte(at: place)) }
    panes.append(PaneSeries(plan: plan, currency: currency))
    return panes.count - 1
  }

  /// Lets go of the currencies of which no pane can be read any more.
  mutating func dropSpentSeries(_ layout: FoldLayout) {
    for index in (layout.panes.count..<panes.count).reversed() where isSpent(panes[index], layout) {
      panes.remove(at: index)
    }
  }

  private func isSpent(_ series: PaneSeries, _ layout: FoldLayout) -> Bool {
    let pane = layout.panes[series.plan]
    return series.isSpent(before: pane.number(horizon(pane.member.span)))
  }

  private func findSeries(_ plan: Int, _ currency: RawSpan, _ layout: FoldLayout) -> Int? {
    for index in layout.panes.count..<panes.count where panes[index].plan == plan {
      let known = panes[index].currency
      if currency.equal(0..<currency.byteCount, known.rawBytes) { return index }
    }
    return nil
  }

  /// Reads the features kept by panes for an event of `type` at `time`.
  mutating func readPanes(
    _ moment: Moment, _ type: Int, time: Int64, layout: FoldLayout, scratch: inout FoldScratch,
    into frame: inout Frame
  ) {
    for plan in layout.panes.indices {
      let pane = layout.panes[plan]
      guard pane.readsType[type], pane.readsBefore == (moment == .before) else { continue }
      var index = plan
      if pane.member.currency >= 0 {
        let slot = frame.slots[layout.columnSlots[pane.member.currency]]
        guard let end = scratch.writeCurrency(slot, frame) else {
          frame.slots[pane.feature.slot] = .missing
          continue
        }
        let currency = scratch.currency.rawBytes.extracting(0..<end)
        index = findSeries(plan, currency, layout) ?? plan
      }
      frame.slots[pane.feature.slot] = read(pane, plan, panes[index], time: time)
    }
  }

  private func read(_ pane: PaneLayout, _ plan: Int, _ series: PaneSeries, time: Int64) -> Slot {
    let horizon = horizon(pane.member.span)
    let lower = max(time.subtractingSaturated(pane.over), time <= horizon ? .min : horizon)
    // The pane that holds the first millisecond of the window counts whole; those below the horizon are gone.
    let first = max(pane.number(lower.addingSaturated(1)), pane.number(horizon))
    let total = series.total(from: first)
    var flags: Slot.Flags = [.approximate]
    // Not whole is not known.
    if pane.start(first) <= blindBefore || time <= blindBefore { flags.insert(.evicted) }
    if panes[plan].lackingTime > .min && pane.number(panes[plan].lackingTime) >= first {
      flags.insert(.warming)
    }
    var slot = Self.value(total, pane, flags)
    slot.flags = flags
    return slot
  }

  private static func value(_ total: Pane, _ pane: PaneLayout, _ flags: Slot.Flags) -> Slot {
    if flags.contains(.evicted) { return .missing }
    if total.failures > 0 { return Slot(kind: .failure, payload: WindowFailure.recordedFailure) }
    if total.count == 0 && pane.feature.hasEmpty { return pane.feature.empty }
    if pane.feature.aggregation == .count { return .int(total.count) }
    return WindowGroup.sum(total.sum, pane.feature)
  }
}
