internal import CEL
internal import Events

/// Records that are no events.
extension Visit {
  /// The record that takes this event out of the windows that count accepted events only.
  package func exclusionRecord() -> [UInt8] { record(about: RecordFormat.exclusionKind, nonce: 0) }

  /// The record that makes this event's records with `nonce` count as never written.
  package func voidRecord(nonce: UInt32) -> [UInt8] { record(about: RecordFormat.voidKind, nonce: nonce) }

  private func record(about kind: UInt8, nonce: UInt32) -> [UInt8] {
    var writer = RecordWriter(over: [])
    let start = writer.begin(
      kind: kind, flags: 0, time: event.time, typeTag: plan.typeTags[event.type], columnCount: 0, id: 0..<0,
      target: event.id.range, arena: event.frame.arena.rawBytes)
    writer.finish(start)
    writer.setNonce(nonce, of: start)
    return Array(writer.bytes[..<writer.end])
  }
}

extension RecordFormat {
  /// The record that stands in the place of a log that was erased on purpose at `time`: a checkpoint of nothing. Whoever
  /// knew the old log begins anew behind it, as behind any checkpoint, and takes nothing for lost.
  package static func forgottenRecord(time: Int64, nonce: UInt32) -> [UInt8] {
    var writer = RecordWriter(over: [])
    let nothing: [UInt8] = []
    let start = writer.begin(
      kind: checkpointKind, flags: forgottenFlag, time: time, typeTag: 0, columnCount: 0, id: 0..<0,
      target: 0..<0, arena: nothing.rawBytes)
    writer.append(UInt64(0))
    writer.append(UInt32(headerBytes + Checkpoint.fixedBytes))
    writer.append(UInt32(0))
    // Newest, trimmed, pushed-out and blind time: there was nothing.
    for _ in 0..<4 { writer.append(Int64.min) }
    writer.finish(start)
    writer.setNonce(nonce, of: start)
    return Array(writer.bytes[..<writer.end])
  }

  /// The record that says that records up to `time` were lost.
  package static func gapRecord(time: Int64, nonce: UInt32) -> [UInt8] {
    bare(gapKind, time: time, nonce: nonce)
  }

  /// The record that ends what was written anew of a log whose newest event is of `time`.
  static func sealRecord(time: Int64, nonce: UInt32) -> [UInt8] { bare(sealKind, time: time, nonce: nonce) }

  /// A record of a header alone.
  private static func bare(_ kind: UInt8, time: Int64, nonce: UInt32) -> [UInt8] {
    var writer = RecordWriter(over: [])
    let nothing: [UInt8] = []
    let start = writer.begin(
      kind: kind, flags: 0, time: time, typeTag: 0, columnCount: 0, id: 0..<0, target: 0..<0,
      arena: nothing.rawBytes)
    writer.finish(start)
    writer.setNonce(nonce, of: start)
    return Array(writer.bytes[..<writer.end])
  }
}
