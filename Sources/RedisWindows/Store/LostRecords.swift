internal import CEL
internal import Windows

/// Whether a log lacks records that were known here: it was deleted, or a replica took over that did not have them.
extension CachedLog {
  /// The time up to which records that were known here are not in `whole`, nor known to it as trimmed; nil when it
  /// goes on where this one was, or when this one has expired.
  ///
  /// - Parameter end: where what can be lost ends: no decision stands on what comes behind.
  func lostTime(_ whole: RawSpan, upTo end: Int, now: Int64) throws(StoreFailure) -> Int64? {
    guard end > 0, now < expiresAt else { return nil }
    let present = try RecordView.all(whole)
    let bytes = ContiguousArray(bytes[..<end])
    if bytes.count <= whole.byteCount
      && bytes.rawBytes.equal(0..<bytes.count, whole.extracting(first: bytes.count))
    {
      return nil
    }
    // What went then is not lost; what was known after that and is not there, is.
    let erasure = EntityFold.forgottenTime(bytes.rawBytes)
    if let forgotten = EntityFold.forgottenTime(whole), forgotten != erasure { return nil }
    let known = try RecordView.all(bytes.rawBytes)
    if !hasSameCheckpoint(whole) && holdsAll(known, whole, present) { return nil }
    return known.reduce(.min) { max($0, $1.time) }
  }

  /// Whether no process has trimmed the log since, nor was a trim undone.
  private func hasSameCheckpoint(_ whole: RawSpan) -> Bool {
    let bytes = bytes
    let (ours, theirs) = (RecordView(bytes.rawBytes, at: 0), RecordView(whole, at: 0))
    let isOurs = ours?.kind == RecordFormat.checkpointKind
    guard isOurs == (theirs?.kind == RecordFormat.checkpointKind) else { return false }
    guard isOurs, let ours, let theirs else { return true }
    return bytes.rawBytes.equal(0..<ours.end, whole.extracting(0..<theirs.end))
  }

  /// Whether all that another process' trim has not cut for its age is in `whole`; a repeat stands for what it repeats.
  private func holdsAll(_ known: [RecordView], _ whole: RawSpan, _ present: [RecordView]) -> Bool {
    let bytes = bytes
    let trimmedTime = EntityFold.trimmedTime(whole) ?? .min
    var index = IdentityIndex()
    func hash(_ record: RecordView, _ log: RawSpan) -> UInt64 {
      Hashing.hash(log, record.isEvent ? record.id : record.target, seed: Hashing.seed)
    }
    for (place, record) in present.enumerated() {
      index.insert(hash: hash(record, whole), position: UInt32(truncatingIfNeeded: place))
    }
    return known.allSatisfy { record in
      guard record.time > trimmedTime, record.isEvent || record.kind == RecordFormat.exclusionKind else {
        return true
      }
      let name = record.isEvent ? record.id : record.target
      let found = index.first(hash: hash(record, bytes.rawBytes)) { place in
        let other = present[Int(place)]
        if other.kind == record.kind {
          return bytes.rawBytes.equal(name, whole.extracting(other.isEvent ? other.id : other.target))
        }
        return other.kind == RecordFormat.voidKind && other.nonce(whole) == record.nonce(bytes.rawBytes)
          && bytes.rawBytes.equal(name, whole.extracting(other.target))
      }
      return found != nil
    }
  }
}

extension RecordView {
  /// The records of a log.
  fileprivate static func all(_ log: RawSpan) throws(StoreFailure) -> [RecordView] {
    var records: [RecordView] = []
    var offset = 0
    while offset < log.byteCount {
      guard let record = RecordView(log, at: offset) else {
        throw .foreignBytes
      }
      records.append(record)
      offset = record.end
    }
    return records
  }
}
