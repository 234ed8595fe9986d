/// A state put away: its log is kept, and the state folded from it again when the entity is visited next.
extension EntityFold {
  /// Whether the log by itself leads to this state: nothing was cut from it, nor pushed out by a limit.
  var isPlain: Bool {
    base == Self.firstPosition && panesFrom == 0 && trimmedTime == .min && voidedTime == .min
      && pushedOutTime == .min && groups.allSatisfy { $0.dropped.time == .min && $0.cutTime == .min }
  }

  /// What leads to this state, whose log is folded to its end: the log, behind a checkpoint where it is not enough.
  func atRest(_ log: RawSpan) -> ContiguousArray<UInt8> {
    var bytes = ContiguousArray<UInt8>()
    if !isPlain { bytes = checkpointRecord(before: log) }
    bytes.reserveCapacity(bytes.count + log.byteCount)
    unsafe log.withUnsafeBytes { unsafe bytes.append(contentsOf: $0) }
    return bytes
  }

  /// The state that was put away as `log`, which loses its checkpoint, if it has one.
  init(
    waking log: inout ContiguousArray<UInt8>, blindBefore: Int64, layout: FoldLayout,
    scratch: inout FoldScratch
  ) throws(StoreFailure) {
    self.init(layout: layout, blindBefore: blindBefore)
    let bytes = log
    try catchUp(bytes.rawBytes, to: bytes.count, layout: layout, scratch: &scratch)
    guard let record = RecordView(bytes.rawBytes, at: 0), record.kind == RecordFormat.checkpointKind else {
      return
    }
    log.removeSubrange(0..<record.end)
    base += record.end
  }
}
