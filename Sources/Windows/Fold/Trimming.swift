/// Which bytes of a log nothing can read any more. Cutting them changes no value, now or after a rebuild under the same
/// plan: records past retention, and records that the limits of all groups pushed out.
///
/// Given up with a record that was pushed out: its id (a second delivery is left out, where the store's memory of ids
/// cannot rule it out), and an amendment that would carry it into another currency. Under another plan, windows
/// that reach to such records are called saturated.
extension EntityFold {
  /// How a store should shorten a log.
  package enum Trim: Sendable, Equatable {
    case nothing
    /// Cut so many bytes from the front; the fold has moved its positions already.
    case front(Int)
    /// The dead lie among the living: write the living anew and fold again.
    case rewrite
  }

  /// Looks for dead records; worth a call when a log has grown by half.
  package mutating func trim(
    _ log: RawSpan, layout: FoldLayout, scratch: inout FoldScratch
  ) throws(StoreFailure) -> Trim {
    let layout = shape(layout)
    var dead = 0
    var front = 0
    var reach = 0
    var deadTime = trimmedTime
    var pushedTime = pushedOutTime
    let cut = newestTime.subtractingSaturated(layout.retention)
    var offset = 0
    while offset < foldedTo - base {
      guard let record = RecordView(log, at: offset) else { throw .damagedLog }
      if try !isLiving(log, record, layout: layout, scratch: &scratch) {
        dead += record.end - offset
        if record.time > cut { pushedTime = max(pushedTime, record.time) }
        deadTime = max(deadTime, record.time)
        if front == offset {
          front = record.end
          reach = max(reach, target(of: record, log, layout: layout) ?? 0)
        }
      } else if front == offset && front * 4 >= log.byteCount {
        // In a log in order of time all the dead stand in front: enough was found.
        break
      }
      offset = record.end
    }
    guard dead * 4 >= log.byteCount, dead > 0 else { return .nothing }
    trimmedTime = deadTime
    pushedOutTime = pushedTime
    // What stays may be read under another plan, and then must not lack what acts on it, be it as dead as that.
    guard front * 2 >= dead && reach < front else { return .rewrite }
    forget(log, front: front)
    for index in groups.indices where layout.groups[groups[index].plan].pooled {
      groups[index].retire(through: horizon(layout.groups[groups[index].plan].span), layout)
    }
    let newestTime = newestTime
    groups.removeAll { group in
      let span = layout.groups[group.plan].span
      return !group.currency.isEmpty && group.isSpent(through: newestTime.subtractingSaturated(span))
    }
    base += front
    return .front(front)
  }

  /// Whether a record may still be read: it is within retention and not pushed out everywhere, or acts on a record
  /// that is or that may still come.
  private mutating func isLiving(
    _ log: RawSpan, _ record: RecordView, layout: FoldLayout, scratch: inout FoldScratch
  ) throws(StoreFailure) -> Bool {
    let isRetained = record.time > newestTime.subtractingSaturated(layout.retention)
    if isSuperfluous(log, record, layout: layout) { return false }
    if record.kind == RecordFormat.voidKind { return isRetained }
    if isRetained && record.isEvent, try !isPushedOut(log, record, layout: layout, scratch: &scratch) {
      return true
    }
    guard !record.target.isEmpty else { return false }
    let hash = Hashing.hash(log, record.target, seed: Hashing.seed)
    let position = UInt32(truncatingIfNeeded: base + record.start)
    guard operations.first(hash: hash, where: { $0 == position }) != nil else { return false }
    guard let found = find(log, record.target, hash: hash, layout: layout),
      let target = RecordView(log, at: found - base)
    else { return isRetained }
    // What names a target itself may stay for that, pushed out or not, and would count again without what acts on it.
    if !target.target.isEmpty { return true }
    return try !isPushedOut(log, target, layout: layout, scratch: &scratch)
  }

  /// Whether a record of a shared log never counted: it is a repeat, or void, or says what the state knows already.
  /// What voids a record stays once more when that is cut: it tells whoever knew that record that it was not lost.
  private func isSuperfluous(_ log: RawSpan, _ record: RecordView, layout: FoldLayout) -> Bool {
    let nonce = record.nonce(log)
    if nonce == 0 { return false }
    guard record.isEvent else {
      return record.kind != RecordFormat.exclusionKind && record.kind != RecordFormat.voidKind
    }
    if !voids.isEmpty && isVoided(log, record) { return true }
    let hash = Hashing.hash(log, record.id, seed: Hashing.seed)
    guard let first = find(log, record.id, hash: hash, layout: layout), first != base + record.start,
      let counted = RecordView(log, at: first - base)
    else { return false }
    // Where two events claim an id, the one that came first may yet be taken back.
    return counted.agrees(with: record, log)
  }

  /// Whether a record that arrives, and whose id does not stand in the log, may be the second delivery of one that was
  /// cut, as far as the times tell. Where a group would still hold the first, or what it acts on stands, it was not.
  mutating func mayHaveBeenCut(
    _ log: RawSpan, _ record: RecordView, layout: FoldLayout, scratch: inout FoldScratch
  ) throws(StoreFailure) -> Bool {
    let hash = Hashing.hash(log, record.id, seed: Hashing.seed)
    if record.time > pushedOutTime || find(log, record.id, hash: hash, layout: layout) != nil { return false }
    if target(of: record, log, layout: layout) != nil { return false }
    return try isPushedOut(log, record, arrives: true, layout: shape(layout), scratch: &scratch)
  }

  /// A record that may be a second delivery is left out: which of those at the same time are a window's last is not
  /// known any more.
  mutating func doubt(_ record: RecordView, layout: FoldLayout) {
    let layout = shape(layout)
    for index in groups.indices where groups[index].dropped.time == record.time {
      let plan = groups[index].plan
      if counts(record, plan, layout) { groups[plan].cutTime = max(groups[plan].cutTime, record.time) }
    }
  }

  /// Whether every group that could count the record is past it for good, one at least by its limit, as far as those
  /// remain that pushed it out.
  private mutating func isPushedOut(
    _ log: RawSpan, _ record: RecordView, arrives: Bool = false, layout: FoldLayout,
    scratch: inout FoldScratch
  ) throws(StoreFailure) -> Bool {
    var isPushed = arrives || layout.panes.contains { $0.counts(record.typeTag) }
    guard isPushed || !layout.panes.isEmpty || groups.contains(where: { $0.dropped.time > .min }) else {
      return false
    }
    var hasCurrency = false
    for plan in layout.groups.indices where counts(record, plan, layout) {
      if layout.groups[plan].currency >= 0 {
        hasCurrency = true
      } else if isPast(record, groups[plan], arrives: arrives) {
        isPushed = true
      } else if record.time > horizon(layout.groups[plan].span) {
        return false
      }
    }
    guard hasCurrency else { return isPushed }
    let hash = Hashing.hash(log, record.id, seed: Hashing.seed)
    _ = try stand(log, record, hash: hash, isArriving: false, layout: layout, scratch: &scratch)
    for plan in layout.groups.indices where layout.groups[plan].currency >= 0 && counts(record, plan, layout)
    {
      if let index = currencyIndex(plan, log, layout, scratch),
        isPast(record, groups[index], arrives: arrives)
      {
        isPushed = true
      } else if record.time > horizon(layout.groups[plan].span) {
        return false
      }
    }
    return isPushed
  }

  private func counts(_ record: RecordView, _ plan: Int, _ layout: FoldLayout) -> Bool {
    layout.counts(record.typeTag, in: plan)
  }

  /// Whether a group is past a record, and past a repeat of it: in a shared log that one stands behind all others of
  /// its time.
  private func isPast(_ record: RecordView, _ group: WindowGroup, arrives: Bool) -> Bool {
    if arrives { return record.time <= max(group.dropped.time, groups[group.plan].cutTime) }
    return record.time < group.dropped.time
  }

  /// The group of the currency among the columns in `scratch`, as records enter it.
  private func currencyIndex(_ plan: Int, _ log: RawSpan, _ layout: FoldLayout, _ scratch: FoldScratch)
    -> Int?
  {
    let column = scratch.columns[layout.groups[plan].currency]
    guard column.kind == RecordFormat.Column.text || column.kind == RecordFormat.Column.digest else {
      return nil
    }
    let offset = Int(column.payload) - base
    guard let length = RecordView.payloadLength(log, kindAt: offset, end: log.byteCount) else { return nil }
    return findCurrency(plan, log.extracting(offset..<offset + 1 + length), from: layout.groups.count) ?? plan
  }

  private mutating func forget(_ log: RawSpan, front: Int) {
    var offset = 0
    while offset < front, let record = RecordView(log, at: offset) {
      let position = UInt32(truncatingIfNeeded: base + offset)
      if record.isEvent {
        identities.remove(hash: Hashing.hash(log, record.id, seed: Hashing.seed), position: position)
      }
      if !record.target.isEmpty {
        operations.remove(hash: Hashing.hash(log, record.target, seed: Hashing.seed), position: position)
      }
      offset = record.end
    }
  }

  /// Writes the living records anew, in their order, and folds them under the same plan.
  ///
  /// With `cut`, all that stands before this offset goes as well, and windows that reach it know nothing of it.
  package mutating func rewrite(
    _ log: RawSpan, from cut: Int = 0, layout: FoldLayout, scratch: inout FoldScratch
  ) throws(StoreFailure) -> ContiguousArray<UInt8> {
    let layout = shape(layout)
    var bytes = ContiguousArray<UInt8>()
    var heir = EntityFold(heirOf: self, layout)
    try bequeath(
      log, to: &heir, from: cut, keepingFrom: log.byteCount, at: 0, into: &bytes, layout: layout,
      scratch: &scratch)
    heir.panesFrom = heir.base + bytes.count
    try heir.catchUp(bytes.rawBytes, to: bytes.count, layout: layout, scratch: &scratch)
    heir.newestTime = max(heir.newestTime, newestTime)
    self = heir
    return bytes
  }

  /// Copies the living records of `log` into `bytes`, which will stand at `place` of the new log, and tells `heir` of
  /// the dead. All before `cut` goes; all from `kept` on stays, and as it is, behind `seal`: what stays before that is
  /// marked.
  mutating func bequeath(
    _ log: RawSpan, to heir: inout EntityFold, from cut: Int, keepingFrom kept: Int, at place: Int,
    sealing seal: [UInt8]? = nil, into bytes: inout ContiguousArray<UInt8>, layout: FoldLayout,
    scratch: inout FoldScratch
  ) throws(StoreFailure) {
    let retained = newestTime.subtractingSaturated(layout.retention)
    let neededVoids = neededVoids(log)
    var offset = 0
    if kept == 0, let seal { bytes.append(contentsOf: seal) }
    while offset < log.byteCount {
      guard let record = RecordView(log, at: offset) else { throw .damagedLog }
      var stays = offset >= kept && record.kind != RecordFormat.checkpointKind
      let isVoid = record.kind == RecordFormat.voidKind
      if !stays && (!isVoid || neededVoids.contains(offset)) {
        stays = try isLiving(log, record, layout: layout, scratch: &scratch)
      }
      if !stays && kept < log.byteCount { stays = concernsRecord(from: kept, log, record, layout: layout) }
      if offset < cut {
        heir.blindBefore = max(heir.blindBefore, record.time)
        // What stays without what acted on it is not known either.
        if let target = target(of: record, log, layout: layout), target >= cut,
          let changed = RecordView(log, at: target)
        {
          heir.blindBefore = max(heir.blindBefore, changed.time)
        }
      } else if stays {
        heir.settle(after: self, from: base + offset, at: heir.base + place + bytes.count)
        let start = bytes.count
        unsafe log.extracting(offset..<record.end).withUnsafeBytes { unsafe bytes.append(contentsOf: $0) }
        if seal != nil && offset < kept {
          let flags = bytes[start + RecordFormat.flagsOffset]
          bytes[start + RecordFormat.flagsOffset] = RecordFormat.rewritten(flags)
        }
      } else if isVoid {
        heir.voidedTime = max(heir.voidedTime, record.time)
      } else if !isSuperfluous(log, record, layout: layout) {
        heir.trimmedTime = max(heir.trimmedTime, record.time)
        if record.time > retained { heir.pushedOutTime = max(heir.pushedOutTime, record.time) }
      }
      offset = record.end
      if offset == kept, let seal { bytes.append(contentsOf: seal) }
    }
  }

  /// Whether a record acts on one that stands at `start` or behind it, and that stays whatever becomes of it: without
  /// what acts on it another plan would count it as it never was.
  private func concernsRecord(from start: Int, _ log: RawSpan, _ record: RecordView, layout: FoldLayout)
    -> Bool
  {
    target(of: record, log, layout: layout).map { $0 >= start } ?? false
  }

  /// The offset in `log` of the record that `record` acts on, if that is there.
  private func target(of record: RecordView, _ log: RawSpan, layout: FoldLayout) -> Int? {
    if record.target.isEmpty { return nil }
    let hash = Hashing.hash(log, record.target, seed: Hashing.seed)
    return find(log, record.target, hash: hash, layout: layout).map { $0 - base }
  }

  /// An empty fold whose groups know what was pushed out of another's.
  init(heirOf other: borrowing EntityFold, _ layout: FoldLayout) {
    self.init(
      layout: layout, blindBefore: other.blindBefore, trimmedTime: other.trimmedTime,
      pushedOutTime: other.pushedOutTime)
    voidedTime = other.voidedTime
    isParted = other.isParted
    // For as long as it takes to tell which panes are past: the records that follow say the rest.
    newestTime = other.newestTime
    panes = other.panes
    dropSpentSeries(layout)
    newestTime = .min
    for index in other.groups.indices {
      if index >= groups.count {
        groups.append(
          WindowGroup(plan: other.groups[index].plan, layout: layout, currency: other.groups[index].currency))
      }
      groups[index].dropped = GroupEntry(time: other.groups[index].dropped.time, position: 0, mark: 0)
      groups[index].lackingTime = other.groups[index].lackingTime
      groups[index].cutTime = other.groups[index].cutTime
    }
  }

  /// A record moves: where it stood up to what a group dropped last, that moves along.
  private mutating func settle(after other: borrowing EntityFold, from old: Int, at new: Int) {
    for index in other.groups.indices where old <= Int(other.groups[index].dropped.position) {
      groups[index].dropped.position = UInt32(truncatingIfNeeded: new)
    }
  }
}

extension WindowGroup {
  /// Whether nothing up to `horizon` or after it would be missed.
  func isSpent(through horizon: Int64) -> Bool {
    dropped.time <= horizon && (entries.last?.time ?? .min) <= horizon
  }
}
