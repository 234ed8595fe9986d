internal import CEL
internal import Events

/// The entities and event ids of one part of the key space; every call is made under the shard's lock.
struct MemoryShard {
  private var entities: ContiguousArray<MemoryEntity?> = []
  private var vacant: ContiguousArray<Int> = []
  private var index = IdentityIndex()
  /// The ends of the order of use.
  private var oldest = -1
  private var newest = -1
  /// Of logs and window state.
  private(set) var entityBytes = 0
  /// The greatest record time that was evicted: an entity that is new may have had records up to it.
  private var evictedTime = Int64.min
  private(set) var evictedEntities = 0
  var identities: IdentityMemory
  private var scratch = FoldScratch()
  private let bytesMax: Int

  init(bytesMax: Int) {
    self.bytesMax = bytesMax
    identities = IdentityMemory(chunkBytes: bytesMax / 16)
  }

  var entityCount: Int { index.count }
  var byteCount: Int { entityBytes + index.byteCount + identities.byteCount }

  /// Appends the record of one entity and reads its features.
  mutating func admit(_ append: LogAppend, of visit: inout Visit) {
    let layout = visit.plan.layouts[append.entity]
    let hash = Hashing.hash(visit.bytes.rawBytes, append.key, seed: Hashing.seed)
    do throws(StoreFailure) {
      guard let slot = slot(of: append, visit.bytes.rawBytes, hash: hash, layout: layout),
        let entity = entities[slot]
      else {
        return try readNothing(&visit, layout)
      }
      entity.log.prefetchEnd()
      entity.fold.prefetchEntries()
      touch(slot, entity)
      if entity.fold.planIdentity != layout.identity { try entity.rebuild(layout, scratch: &scratch) }
      let own = entity.append(visit.bytes.rawBytes.extracting(append.record))
      let repeats = try entity.fold.visit(
        entity.log.rawBytes, own: own, of: &visit, layout: layout, scratch: &scratch)
      if repeats {
        entity.log.removeSubrange(own)
      } else {
        try settle(entity, appended: own.count, layout)
      }
    } catch {
      visit.failure = error
    }
    shrink()
  }

  /// Reads the features as if the record had been appended; changes nothing.
  mutating func rehearse(_ append: LogAppend, of visit: inout Visit) {
    let layout = visit.plan.layouts[append.entity]
    let hash = Hashing.hash(visit.bytes.rawBytes, append.key, seed: Hashing.seed)
    guard let slot = find(append, visit.bytes.rawBytes, hash: hash), let entity = entities[slot] else {
      let fold = EntityFold(layout: layout, blindBefore: evictedTime)
      let nothing = MemoryEntity(key: visit.bytes.rawBytes.extracting(append.key), hash: hash, fold: fold)
      return rehearse(append, of: &visit, on: nothing, layout)
    }
    rehearse(append, of: &visit, on: entity, layout)
  }

  /// Appends the record, reads from a copy of the entity's state, and takes the record back.
  private mutating func rehearse(
    _ append: LogAppend, of visit: inout Visit, on entity: MemoryEntity, _ layout: FoldLayout
  ) {
    let own = entity.append(visit.bytes.rawBytes.extracting(append.record))
    defer { entity.log.removeSubrange(own) }
    do throws(StoreFailure) {
      try entity.fold.rehearse(
        entity.log.rawBytes, own: own, of: &visit, layout: layout, scratch: &scratch)
    } catch {
      visit.failure = error
    }
  }

  /// A copy of the entity's log and state, to be read apart from the lock; changes nothing.
  func copy(_ append: LogAppend, of visit: borrowing Visit) -> LogReading {
    let layout = visit.plan.layouts[append.entity]
    let hash = Hashing.hash(visit.bytes.rawBytes, append.key, seed: Hashing.seed)
    guard let slot = find(append, visit.bytes.rawBytes, hash: hash), let entity = entities[slot] else {
      let fold = EntityFold(layout: layout, blindBefore: evictedTime)
      return LogReading([], fold: fold, plan: visit.plan, entity: append.entity)
    }
    return LogReading(
      Array(entity.log), fold: entity.fold.copied(for: layout), plan: visit.plan, entity: append.entity)
  }

  /// Takes the event out of the windows that count accepted events only.
  mutating func exclude(_ append: LogAppend, of visit: inout Visit, record: [UInt8]) {
    let layout = visit.plan.layouts[append.entity]
    let hash = Hashing.hash(visit.bytes.rawBytes, append.key, seed: Hashing.seed)
    guard let slot = find(append, visit.bytes.rawBytes, hash: hash), let entity = entities[slot] else {
      return
    }
    do throws(StoreFailure) {
      if entity.fold.planIdentity != layout.identity { try entity.rebuild(layout, scratch: &scratch) }
      let own = entity.append(record.rawBytes)
      try entity.fold.catchUp(
        entity.log.rawBytes, to: entity.log.count, layout: layout, scratch: &scratch)
      try settle(entity, appended: own.count, layout)
    } catch {
      visit.failure = error
    }
    shrink()
  }

  /// Gives memory back until the shard is within its bound: the oldest ids while they hold over a quarter of it,
  /// else the entity that was not used for longest.
  mutating func shrink() {
    while byteCount > bytesMax {
      if identities.canForget && (identities.byteCount * 4 > bytesMax || oldest < 0) {
        identities.forgetOldest()
      } else if oldest >= 0 {
        evict(oldest)
      } else {
        return
      }
    }
  }

  /// The windows of an entity without a log, for an event that leaves none.
  private mutating func readNothing(_ visit: inout Visit, _ layout: FoldLayout) throws(StoreFailure) {
    var fold = EntityFold(layout: layout, blindBefore: evictedTime)
    let nothing = ContiguousArray<UInt8>()
    _ = try fold.advance(
      nothing.rawBytes, own: 0..<0, time: visit.event.time, type: visit.event.type, layout: layout,
      scratch: &scratch, into: &visit.event.frame)
  }
}

/// The table of entities and their order of use.
extension MemoryShard {
  private func find(_ append: LogAppend, _ bytes: RawSpan, hash: UInt64) -> Int? {
    let found = index.first(hash: hash) { slot in
      guard let entity = entities[Int(slot)] else { return false }
      let key = entity.key
      entity.prefetch()
      return bytes.equal(append.key, key.rawBytes)
    }
    return found.map { Int($0) }
  }

  /// The entity's slot; one that is unknown is made unless the event only reads.
  private mutating func slot(
    of append: LogAppend, _ bytes: RawSpan, hash: UInt64, layout: FoldLayout
  ) -> Int? {
    if let slot = find(append, bytes, hash: hash) { return slot }
    if append.record.isEmpty { return nil }
    let fold = EntityFold(layout: layout, blindBefore: evictedTime)
    let entity = MemoryEntity(key: bytes.extracting(append.key), hash: hash, fold: fold)
    let slot: Int
    if let free = vacant.popLast() {
      slot = free
      entities[slot] = entity
    } else {
      slot = entities.count
      entities.append(entity)
    }
    index.insert(hash: hash, position: UInt32(slot))
    link(slot, entity)
    return slot
  }

  /// Counts what a record added, by a rule of thumb until the log has grown enough to trim it and count anew.
  ///
  /// An entity that holds a quarter of the shard gives up half of that, so that a key that is hot neither drives out
  /// all others nor, in the end, itself.
  private mutating func settle(
    _ entity: MemoryEntity, appended: Int, _ layout: FoldLayout
  ) throws(StoreFailure) {
    if entity.isGrown || entity.countedBytes == 0 {
      try entity.trim(layout, scratch: &scratch)
      recount(entity)
    } else if appended > 0 {
      let bytes = appended + layout.bytesPerRecord
      entityBytes += bytes
      entity.countedBytes += bytes
    }
    guard entity.countedBytes > bytesMax / 4 else { return }
    try entity.shorten(to: bytesMax / 8, layout, scratch: &scratch)
    recount(entity)
  }

  private mutating func recount(_ entity: MemoryEntity) {
    let bytes = entity.byteCount
    entityBytes += bytes - entity.countedBytes
    entity.countedBytes = bytes
  }

  private mutating func evict(_ slot: Int) {
    guard let entity = entities[slot] else { return }
    // What the entity had lost before counts too: its newest record may be among that.
    evictedTime = max(evictedTime, entity.fold.newestTime, entity.fold.blindBefore, entity.fold.trimmedTime)
    evictedEntities += 1
    entityBytes -= entity.countedBytes
    unlink(entity)
    index.remove(hash: entity.hash, position: UInt32(slot))
    entities[slot] = nil
    vacant.append(slot)
  }

  private mutating func touch(_ slot: Int, _ entity: MemoryEntity) {
    if newest == slot { return }
    unlink(entity)
    link(slot, entity)
  }

  private mutating func link(_ slot: Int, _ entity: MemoryEntity) {
    entity.older = newest
    entity.newer = -1
    if newest >= 0 { entities[newest]?.newer = slot } else { oldest = slot }
    newest = slot
  }

  private mutating func unlink(_ entity: MemoryEntity) {
    if entity.older >= 0 { entities[entity.older]?.newer = entity.newer } else { oldest = entity.newer }
    if entity.newer >= 0 { entities[entity.newer]?.older = entity.older } else { newest = entity.older }
  }
}
