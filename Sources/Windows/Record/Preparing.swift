internal import CEL
public import Events

extension Visit {
  /// Builds the keys and records of an event whose key and column slots are filled in.
  ///
  /// An entity whose key has a missing part gets no append, nor does one whose log the event neither writes nor
  /// reads. An event that both reverses and amends reverses. `bytes` and `appends` of a finished visit may be
  /// handed in to be used again.
  public static func prepare(
    _ event: consuming Event, plan: WindowPlan, bytes: consuming [UInt8] = [],
    appends: consuming [LogAppend] = []
  ) -> Visit {
    appends.removeAll(keepingCapacity: true)
    var writer = RecordWriter(over: bytes)
    let layouts = plan.layouts
    let target = Target(event)
    for index in layouts.indices {
      let layout = layouts[index]
      let writes = layout.records(event.type) || target.flags != 0
      guard writes || layout.reads(event.type) else { continue }
      let start = writer.end
      guard writer.key(layout, frame: event.frame) else {
        writer.rewind(to: start)
        continue
      }
      let keyEnd = writer.end
      if writes { writer.record(of: event, target, typeTag: plan.typeTags[event.type], layout) }
      appends.append(LogAppend(entity: index, key: start..<keyEnd, record: keyEnd..<writer.end))
    }
    return Visit(event: consume event, plan: plan, appends: consume appends, bytes: writer.bytes)
  }
}

/// What an event takes back or changes, as a record names it.
private struct Target {
  var flags: UInt8 = 0
  var id = 0..<0

  init(_ event: borrowing Event) {
    let reverses = event.reverses.kind == .string
    let slot = reverses ? event.reverses : event.amends
    guard slot.kind == .string, slot.length > 0, slot.length <= RecordFormat.idBytesMax else { return }
    flags = reverses ? RecordFormat.reversesFlag : RecordFormat.amendsFlag
    id = slot.range
  }
}

extension RecordWriter {
  fileprivate mutating func record(
    of event: borrowing Event, _ target: Target, typeTag: UInt32, _ layout: FoldLayout
  ) {
    let start = begin(
      kind: RecordFormat.eventKind, flags: target.flags, time: event.time, typeTag: typeTag,
      columnCount: layout.columns.count + (event.statesContent ? 1 : 0), id: event.id.range,
      target: target.id,
      arena: event.frame.arena.rawBytes)
    for index in layout.columns.indices {
      let column = layout.columns[index]
      self.column(column, event.frame.slots[column.slot], arena: event.frame.arena.rawBytes)
    }
    if event.statesContent { content(event.digest) }
    finish(start)
  }

  /// Appends the entity's key: its name and each part with kind and length, so that no two keys share bytes.
  /// False when a part is missing or is no scalar.
  fileprivate mutating func key(_ layout: FoldLayout, frame: borrowing Frame) -> Bool {
    let prefix = layout.keyPrefix
    append(prefix.rawBytes)
    for index in layout.keySlots.indices {
      let slot = frame.slots[layout.keySlots[index]]
      switch slot.kind {
      case .string, .bytes: text(slot, arena: frame.arena.rawBytes)
      case .bool, .int, .uint, .double, .timestamp, .duration:
        append(slot.kind.rawValue | 0x80)
        append(slot.payload)
      case .missing, .null, .list, .value, .failure: return false
      }
    }
    return true
  }
}
