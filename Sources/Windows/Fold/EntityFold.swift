package import CEL

/// The window state of one entity: a pure function of its log's bytes up to `foldedTo`.
///
/// Every store keeps the bytes of the log beside the fold and hands them in; the fold names records by logical
/// position, which trimming the front of the log does not change.
///
/// The order within one event, which the oracle of the tests defines: its id is looked up (a repeat is ignored);
/// what it reverses or amends takes effect; features that leave the event out, `last` and `since_last` are read;
/// its own record is counted; the other features are read.
package struct EntityFold: ~Copyable, Sendable {
  /// The identity of the plan that the state belongs to.
  package let planIdentity: UInt64
  /// Logical position of the log's first byte.
  package internal(set) var base = Self.firstPosition
  /// Logical position up to which the log is folded.
  package internal(set) var foldedTo = Self.firstPosition
  /// The greatest event time in the log.
  package internal(set) var newestTime = Int64.min
  /// The greatest time among records that were trimmed; a plan with longer windows, or a visit to an earlier
  /// position, misses them.
  package internal(set) var trimmedTime = Int64.min
  /// The greatest time among voids that were trimmed: they took nothing with them that counted, and matter only to who
  /// misses what they made void.
  var voidedTime = Int64.min
  /// The greatest time among records that were trimmed because the limits of all groups had pushed them out.
  package internal(set) var pushedOutTime = Int64.min
  /// Records up to this time may have been lost before this log began.
  package var blindBefore: Int64
  /// A record parted the features that share a group: the groups are those of `FoldLayout.parted`.
  var isParted = false
  /// One for each group of the plan, then one for each currency seen.
  var groups: ContiguousArray<WindowGroup>
  /// One for each feature kept by panes, then one for each currency seen.
  var panes: ContiguousArray<PaneSeries>
  /// Logical position before which records are in the panes already: they stand for what was cut.
  var panesFrom = 0
  /// Event records by id.
  var identities = IdentityIndex()
  /// Reversals, amendments and exclusions by target: applied, or waiting for it.
  var operations = IdentityIndex()
  /// The records that void others, by the id and nonce of what they void; nearly always none.
  var voids = IdentityIndex()
  /// What holds from the end of the part that a checkpoint stands for: until there the records say it themselves.
  var checkpoint: Checkpoint?

  /// Not zero, so that a place before all records has a position too.
  static let firstPosition = 1

  package init(
    layout: FoldLayout, blindBefore: Int64 = .min, trimmedTime: Int64 = .min, pushedOutTime: Int64 = .min
  ) {
    self.pushedOutTime = pushedOutTime
    self.trimmedTime = trimmedTime
    planIdentity = layout.identity
    self.blindBefore = blindBefore
    panes = ContiguousArray(layout.panes.indices.map { PaneSeries(plan: $0) })
    groups = []
    groups.reserveCapacity(layout.groups.count)
    for index in layout.groups.indices {
      groups.append(WindowGroup(plan: index, layout: layout))
      groups[index].lackingTime = trimmedTime
      groups[index].cutTime = pushedOutTime
    }
    for index in panes.indices { panes[index].lackingTime = trimmedTime }
  }

  /// The same state once more, for a dry run; costs the copy of what the visit touches.
  package init(copying other: borrowing EntityFold) {
    planIdentity = other.planIdentity
    base = other.base
    foldedTo = other.foldedTo
    newestTime = other.newestTime
    trimmedTime = other.trimmedTime
    voidedTime = other.voidedTime
    pushedOutTime = other.pushedOutTime
    blindBefore = other.blindBefore
    isParted = other.isParted
    panes = other.panes
    panesFrom = other.panesFrom
    groups = other.groups
    identities = other.identities
    operations = other.operations
    voids = other.voids
    checkpoint = other.checkpoint
  }

  /// Bytes by our own count: the same in every process.
  package var byteCount: Int {
    var sum = 128 + identities.byteCount + operations.byteCount + voids.byteCount
    for index in groups.indices { sum += groups[index].byteCount }
    for index in panes.indices { sum += panes[index].byteCount }
    return sum
  }

  /// What one visit found.
  package struct Outcome: Sendable {
    /// The event lags more than the plan's lateness.
    package var isLate = false
    /// Its id stands in the log already, in the record at this offset; nothing was changed or read.
    package var repeats: Int?
  }

  /// Folds what `log` holds up to `own`, then the event's own record, and writes the event's features into `frame`.
  ///
  /// - Parameters:
  ///   - log: the bytes of the log from logical position `base` on.
  ///   - own: where the event's record is in `log`; empty, at the position to read from, when it leaves none.
  package mutating func advance(
    _ log: RawSpan, own: Range<Int>, time: Int64, type: Int, layout: FoldLayout,
    scratch: inout FoldScratch, into frame: inout Frame
  ) throws(StoreFailure) -> Outcome {
    try catchUp(log, to: own.lowerBound, layout: layout, scratch: &scratch)
    var outcome = Outcome()
    guard !own.isEmpty else {
      retire(for: time, layout)
      outcome.isLate = isLate(time, layout)
      if layout.hasReadsBefore {
        read(.before, type, log: log, time: time, layout: layout, scratch: &scratch, into: &frame)
      }
      read(.after, type, log: log, time: time, layout: layout, scratch: &scratch, into: &frame)
      return outcome
    }
    guard let record = RecordView(log, at: own.lowerBound), record.end == own.upperBound, record.isEvent
    else {
      throw .damagedLog
    }
    let hash = Hashing.hash(log, record.id, seed: Hashing.seed)
    if let position = find(log, record.id, hash: hash, layout: layout) {
      outcome.repeats = position - base
      return outcome
    }
    newestTime = max(newestTime, record.time)
    outcome.isLate = isLate(time, layout)
    identities.insert(hash: hash, position: UInt32(truncatingIfNeeded: base + record.start))
    try operate(log, record, layout: layout, scratch: &scratch)
    retire(for: time, layout)
    if layout.hasReadsBefore {
      read(.before, type, log: log, time: time, layout: layout, scratch: &scratch, into: &frame)
    }
    try count(log, record, hash: hash, isOwn: true, layout: layout, scratch: &scratch)
    foldedTo = base + record.end
    read(.after, type, log: log, time: time, layout: layout, scratch: &scratch, into: &frame)
    if let checkpoint, foldedTo >= checkpoint.end { settle(checkpoint) }
    return outcome
  }

  /// Folds the records up to offset `end` of `log`, without reading a feature.
  package mutating func catchUp(
    _ log: RawSpan, to end: Int, layout: FoldLayout, scratch: inout FoldScratch
  ) throws(StoreFailure) {
    while foldedTo - base < end {
      guard let record = RecordView(log, at: foldedTo - base), record.end <= end else { throw .damagedLog }
      try fold(log, record, to: end, layout: layout, scratch: &scratch)
      foldedTo = base + record.end
      if let checkpoint, foldedTo >= checkpoint.end { settle(checkpoint) }
    }
  }

  private mutating func fold(
    _ log: RawSpan, _ record: RecordView, to end: Int, layout: FoldLayout, scratch: inout FoldScratch
  ) throws(StoreFailure) {
    guard record.isEvent else { return try control(log, record, to: end, layout: layout, scratch: &scratch) }
    if !voids.isEmpty && isVoided(log, record) { return }
    let hash = Hashing.hash(log, record.id, seed: Hashing.seed)
    if find(log, record.id, hash: hash, layout: layout) != nil { return }
    newestTime = max(newestTime, record.time)
    identities.insert(hash: hash, position: UInt32(truncatingIfNeeded: base + record.start))
    try operate(log, record, layout: layout, scratch: &scratch)
    try count(log, record, hash: hash, isOwn: false, layout: layout, scratch: &scratch)
  }

  /// The logical position of the living record with the id at `id` in `log`.
  func find(_ log: RawSpan, _ id: Range<Int>, hash: UInt64, layout: FoldLayout) -> Int? {
    let cut = newestTime.subtractingSaturated(layout.retention)
    let found = identities.first(hash: hash) { position in
      guard let other = RecordView(log, at: Int(position) - base) else { return false }
      return log.equal(id, other.id) && other.time > cut
    }
    return found.map { Int($0) }
  }

  /// Lets go of what the newest time has left behind, where an event at `time` could see it. Events above the
  /// horizon do not reach below it, so that for them groups let go in bulk, when they have grown.
  ///
  /// Not done between counting an event's own record and reading the features after it: that record may itself lie
  /// below the horizon, and its event sees it nevertheless.
  private mutating func retire(for time: Int64, _ layout: FoldLayout) {
    if isParted, let parted = layout.parted { return retire(for: time, parted) }
    for index in groups.indices {
      let horizon = horizon(layout.groups[groups[index].plan].span)
      if time <= horizon { groups[index].retire(through: horizon, layout) }
    }
  }

  private func isLate(_ time: Int64, _ layout: FoldLayout) -> Bool {
    time < newestTime.subtractingSaturated(layout.lateness)
  }

  /// The time up to which a group's records are gone.
  @inline(__always) func horizon(_ span: Int64) -> Int64 {
    span == .max ? .min : newestTime.subtractingSaturated(span)
  }
}

extension StoreFailure {
  /// A log holds bytes that are no records.
  static var damagedLog: StoreFailure {
    StoreFailure(code: .damaged, message: "the log of an entity holds bytes that are no records")
  }
}

/// Buffers that a fold needs for the length of one visit; one for each shard or thread, not for each entity.
package struct FoldScratch: Sendable {
  var columns: ContiguousArray<ColumnValue> = []
  var operations: ContiguousArray<UInt32> = []
  var currency: [UInt8] = []

  package init() {}
}
