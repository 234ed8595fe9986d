/// Panes in a checkpoint: what they hold of the records that were cut is nowhere else.
extension EntityFold {
  private static let seriesBytes = 16
  private static let paneEntryBytes = 40

  /// How many bytes the panes of this state take in a checkpoint.
  var paneBytes: Int {
    panes.reduce(4) { $0 + Self.seriesBytes + $1.currency.count + $1.panes.count * Self.paneEntryBytes }
  }

  /// Appends all series.
  func writePanes(_ writer: inout RecordWriter) {
    writer.append(UInt32(truncatingIfNeeded: panes.count))
    for series in panes {
      writer.append(UInt16(truncatingIfNeeded: series.plan))
      writer.append(UInt16(truncatingIfNeeded: series.currency.count))
      let currency = series.currency
      writer.append(currency.rawBytes)
      writer.append(series.lackingTime)
      writer.append(UInt32(truncatingIfNeeded: series.panes.count))
      for pane in series.panes {
        writer.append(pane.number)
        writer.append(pane.count)
        writer.append(pane.failures)
        writer.append(UInt64(truncatingIfNeeded: pane.sum))
        writer.append(Int64(truncatingIfNeeded: pane.sum >> 64))
      }
    }
  }

  /// Takes over the series that stand at `start`.
  mutating func restorePanes(
    _ log: RawSpan, at start: Int, _ end: Int, _ layout: FoldLayout
  ) throws(StoreFailure) {
    guard end - start >= 4 else { throw .damagedLog }
    let count = Int(log.number(at: start, as: UInt32.self))
    var offset = start + 4
    for index in 0..<count {
      guard end - offset >= Self.seriesBytes else { throw .damagedLog }
      let plan = Int(log.number(at: offset, as: UInt16.self))
      let length = Int(log.number(at: offset + 2, as: UInt16.self))
      guard plan < layout.panes.count, end - offset >= Self.seriesBytes + length else { throw .damagedLog }
      var currency = ContiguousArray<UInt8>()
      for place in offset + 4..<offset + 4 + length { currency.append(log.byte(at: place)) }
      offset += 4 + length
      var series = PaneSeries(plan: plan, currency: currency)
      series.lackingTime = log.number(at: offset, as: Int64.self)
      let paneCount = Int(log.number(at: offset + 8, as: UInt32.self))
      offset += 12
      guard (end - offset) / Self.paneEntryBytes >= paneCount else { throw .damagedLog }
      for _ in 0..<paneCount {
        series.append(Self.pane(log, at: offset))
        offset += Self.paneEntryBytes
      }
      if index < layout.panes.count { panes[index] = series } else { panes.append(series) }
    }
  }

  private static func pane(_ log: RawSpan, at offset: Int) -> Pane {
    let low = log.number(at: offset + 24, as: UInt64.self)
    let high = log.number(at: offset + 32, as: Int64.self)
    return Pane(
      number: log.number(at: offset, as: Int64.self), count: log.number(at: offset + 8, as: Int64.self),
      failures: log.number(at: offset + 16, as: Int64.self), sum: Int128(high) << 64 | Int128(low))
  }
}
