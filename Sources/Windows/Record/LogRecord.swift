package import CEL
internal import Events

/// One record of a log taken out of its bytes, for tools that show it.
package struct LogRecord: Sendable {
  /// What a record is.
  package enum Kind: String, Sendable {
    case event
    /// Takes a blocked event out of the windows that count accepted ones.
    case exclusion
    /// Makes a record count as never written.
    case void
    /// Says that records up to its time were lost.
    case gap
    /// Begins a log that was cut.
    case checkpoint
    /// Ends what was written anew when the log was cut.
    case seal
    /// Stands in the place of a log that was erased on purpose.
    case forgotten
  }

  /// One value that a record carries.
  package struct Column: Sendable {
    /// As `ColumnPlan.tag`.
    package let tag: UInt32
    package let value: Value
  }

  /// What a column holds; what it means is the plan's.
  package enum Value: Sendable, Equatable {
    case missing
    /// It could not be computed when the record was written.
    case failure
    case bool(Bool)
    case integer(Int64)
    case text([UInt8])
    /// Of text that was too long to be kept.
    case digest
  }

  package let kind: Kind
  /// Milliseconds since 1970.
  package let time: Int64
  /// As `WindowPlan.typeTags`; 0 where there is none.
  package let typeTag: UInt32
  /// The event's id; empty for what is no event.
  package let id: [UInt8]
  /// The id of the event that it is about; empty where there is none.
  package let target: [UInt8]
  /// An event takes its target back, or changes its columns.
  package let reverses: Bool
  package let amends: Bool
  /// Tells apart records of one id; of a void, that of the record it is about.
  package let nonce: UInt32
  /// In the order in which they were written.
  package let columns: [Column]
  /// Bytes of the record.
  package let byteCount: Int

  /// The records of a log, in its order.
  package static func all(in log: [UInt8]) throws(StoreFailure) -> [LogRecord] {
    var records: [LogRecord] = []
    var offset = 0
    while offset < log.count {
      guard let view = RecordView(log.rawBytes, at: offset), let record = LogRecord(view, log) else {
        throw .damagedLog
      }
      records.append(record)
      offset = view.end
    }
    return records
  }

  private init?(_ view: RecordView, _ log: [UInt8]) {
    guard let kind = Kind(view) else { return nil }
    self.kind = kind
    time = view.time
    typeTag = view.typeTag
    id = Array(log[view.id])
    target = Array(log[view.target])
    reverses = kind == .event && view.flags & RecordFormat.reversesFlag != 0
    amends = kind == .event && view.flags & RecordFormat.amendsFlag != 0
    nonce = view.nonce(log.rawBytes)
    byteCount = view.end - view.start
    guard kind == .event else {
      columns = []
      return
    }
    guard let columns = Self.columns(view, log) else { return nil }
    self.columns = columns
  }

  private static func columns(_ view: RecordView, _ log: [UInt8]) -> [Column]? {
    var columns: [Column] = []
    var offset = view.target.upperBound
    let bytes = log.rawBytes
    for _ in 0..<view.columnCount {
      guard view.end - offset >= 5,
        let length = RecordView.payloadLength(bytes, kindAt: offset + 4, end: view.end)
      else { return nil }
      let payload = offset + 5
      let value: Value =
        switch bytes.byte(at: offset + 4) {
        case RecordFormat.Column.missing: .missing
        case RecordFormat.Column.no: .bool(false)
        case RecordFormat.Column.yes: .bool(true)
        case RecordFormat.Column.integer: .integer(bytes.number(at: payload, as: Int64.self))
        case RecordFormat.Column.text: .text(Array(log[payload + 2..<payload + length]))
        case RecordFormat.Column.digest: .digest
        default: .failure
        }
      let tag = bytes.number(at: offset, as: UInt32.self)
      if tag != RecordFormat.contentTag { columns.append(Column(tag: tag, value: value)) }
      offset = payload + length
    }
    return offset == view.end ? columns : nil
  }
}

extension LogRecord.Kind {
  fileprivate init?(_ view: RecordView) {
    switch view.kind {
    case RecordFormat.eventKind: self = .event
    case RecordFormat.exclusionKind: self = .exclusion
    case RecordFormat.voidKind: self = .void
    case RecordFormat.gapKind: self = .gap
    case RecordFormat.sealKind: self = .seal
    case RecordFormat.checkpointKind:
      self = view.flags & RecordFormat.forgottenFlag != 0 ? .forgotten : .checkpoint
    default: return nil
    }
  }
}

/// One entity's windows read without an event: what an event dated at a given time would read if it left no record.
package struct LogReading: ~Copyable {
  var fold: EntityFold
  var scratch = FoldScratch()
  /// Records back to back.
  package let log: [UInt8]
  private let end: Int
  let layout: FoldLayout
  let entity: EntityPlan

  /// Folds `log`, which belongs to the entity at `index` of `plan`, up to the record that begins at `end`.
  package init(_ log: [UInt8], upTo end: Int, plan: WindowPlan, entity index: Int) throws(StoreFailure) {
    layout = plan.layouts[index]
    entity = plan.entities[index]
    self.log = log
    self.end = end
    fold = EntityFold(layout: layout)
    try fold.catchUp(log.rawBytes, to: end, layout: layout, scratch: &scratch)
  }

  /// The log of the entity at `index` of `plan`, whose state is known already.
  init(_ log: [UInt8], fold: consuming EntityFold, plan: WindowPlan, entity index: Int) {
    layout = plan.layouts[index]
    entity = plan.entities[index]
    self.log = log
    self.fold = fold
    end = log.count
  }

  /// Writes every feature that the plan reads for the visit's event type into the visit's frame. Sums of money are
  /// those in `currency`, text in the visit's frame.
  package mutating func read(into visit: inout Visit, currency: Slot = .missing) throws(StoreFailure) {
    for feature in entity.features {
      if let column = feature.currency { visit.event.frame.slots[entity.columns[column].slot] = currency }
    }
    let log = log
    _ = try fold.visit(
      log.rawBytes, own: end..<end, of: &visit, layout: layout, scratch: &scratch)
  }
}
