internal import CEL
internal import Events

/// The records that stand in one feature's window, as the fold counts them.
package struct WindowListing: Sendable {
  /// Later records count, up to this one; milliseconds since 1970, nil where nothing bounds the window.
  package let lower: Int64?
  package let upper: Int64?
  /// In the order of time, then arrival.
  package let members: [Member]

  /// One record that counts.
  package struct Member: Sendable {
    /// Milliseconds since 1970.
    package let time: Int64
    /// Where its record is in the log.
    package let offset: Int
    /// The aggregated value, with what amendments have made of it; nil where the feature has none.
    package let value: LogRecord.Value?
  }
}

extension LogReading {
  /// The members of the window of the entity's feature at `index`, for an event that was visited last and stands in the
  /// log; nil for a feature that is kept by panes, without a list, or not read by events of this type.
  ///
  /// For a feature that does not count the event itself, the event is left out.
  package mutating func members(of index: Int, for visit: borrowing Visit) -> WindowListing? {
    guard entity.features.indices.contains(index), entity.features[index].panes == nil else { return nil }
    let id = visit.event.frame.arena[visit.event.id.range]
    let log = log
    let isOwn = { (offset: Int) in
      RecordView(log.rawBytes, at: offset).map { log[$0.id].elementsEqual(id) } ?? false
    }
    guard
      let listing = fold.list(
        entity.features[index].slot, type: visit.event.type, log: log.rawBytes, time: visit.event.time,
        layout: layout, scratch: &scratch, frame: visit.event.frame)
    else { return nil }
    guard listing.isBefore else { return listing.window }
    return WindowListing(
      lower: listing.window.lower, upper: listing.window.upper,
      members: listing.window.members.filter { !isOwn($0.offset) })
  }
}

extension EntityFold {
  /// The window of the feature in `slot`, without moving any; `isBefore` says that it is read before the event's own
  /// record counts.
  fileprivate mutating func list(
    _ slot: Int, type: Int, log: RawSpan, time: Int64, layout: FoldLayout, scratch: inout FoldScratch,
    frame: borrowing Frame
  ) -> (window: WindowListing, isBefore: Bool)? {
    if isParted, let parted = layout.parted {
      return list(slot, type: type, log: log, time: time, layout: parted, scratch: &scratch, frame: frame)
    }
    for (reads, isBefore) in [(layout.readsBefore[type], true), (layout.readsAfter[type], false)] {
      for read in reads.windows where reads.features[read.features].contains(where: { $0.slot == slot }) {
        let index = instance(
          read.group, layout.groups[read.group].currency, layout: layout, scratch: &scratch, frame: frame)
        guard index >= 0 else {
          return (WindowListing(lower: nil, upper: nil, members: []), isBefore)
        }
        let context = context(read.group, time: time, layout)
        let values = layout.groups[read.group].values
        return (groups[index].list(read.shape, context, values, log), isBefore)
      }
    }
    return nil
  }
}

extension WindowGroup {
  fileprivate func list(
    _ shape: WindowLayout, _ context: ReadingContext, _ values: GroupLayout.Values, _ log: RawSpan
  ) -> WindowListing {
    let (lower, upper) = (context.lower(shape), context.upper(shape))
    var found = (start..<entries.count).filter { entries[$0].time > lower && entries[$0].time <= upper }
    if found.count > shape.last { found.removeFirst(found.count - shape.last) }
    let members = found.map { index in
      WindowListing.Member(
        time: entries[index].time, offset: Int(entries[index].position) - context.base,
        value: value(at: index, values, base: context.base, log))
    }
    return WindowListing(
      lower: shape.reach == .max ? nil : context.time.subtractingSaturated(shape.reach),
      upper: shape.delay == 0 ? nil : upper, members: members)
  }

  private func value(
    at index: Int, _ kind: GroupLayout.Values, base: Int, _ log: RawSpan
  ) -> LogRecord.Value? {
    if entries[index].mark == GroupEntry.failed { return .failure }
    guard values.indices.contains(index) else { return nil }
    switch kind {
    case .none: return nil
    case .integer: return .integer(values[index])
    case .text:
      let offset = Int(values[index]) - base
      guard offset >= 0, offset < log.byteCount, log.byte(at: offset) == RecordFormat.Column.text,
        let length = RecordView.payloadLength(log, kindAt: offset, end: log.byteCount)
      else { return .digest }
      return .text((offset + 3..<offset + 1 + length).map { log.byte(at: $0) })
    }
  }
}
