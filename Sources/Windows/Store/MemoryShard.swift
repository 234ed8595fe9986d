internal import CEL
internal import Events

/// The entities and event ids of one part of the key space; every call is made under the shard's lock.
struct MemoryShard {
  private var table = ResidentTable()
  /// Of logs and window state.
  private(set) var entityBytes = 0
  private var losses = LossTimes()
  private(set) var evictedEntities = 0
  private(set) var restingCount = 0
  /// Of those that rest, as part of `entityBytes`.
  private var restingBytes = 0
  var identities: IdentityMemory
  private var scratch = FoldScratch()
  private let bytesMax: Int
  /// Up to here, in the order of use, entities were put to rest; -1 where none was.
  private var restedUpTo = -1
  /// The time when that was begun anew.
  private var restedTime = Int64.min

  init(bytesMax: Int) {
    self.bytesMax = bytesMax
    identities = IdentityMemory(chunkBytes: bytesMax / 16)
  }

  var entityCount: Int { table.count }
  var byteCount: Int { entityBytes + table.byteCount + identities.byteCount }

  /// Appends the record of one entity and reads its features.
  mutating func admit(_ append: LogAppend, of visit: inout Visit) {
    let layout = visit.plan.layouts[append.entity]
    let hash = Hashing.hash(visit.bytes.rawBytes, append.key, seed: Hashing.seed)
    do throws(StoreFailure) {
      guard let place = try place(of: append, visit.bytes.rawBytes, hash: hash, layout: layout),
        case .awake(let entity) = table.places[place].resident
      else {
        return try readNothing(&visit, layout)
      }
      entity.log.prefetchEnd()
      entity.fold.prefetchEntries()
      touch(place)
      if entity.fold.planIdentity != layout.identity { try entity.rebuild(layout, scratch: &scratch) }
      let own = entity.append(visit.bytes.rawBytes.extracting(append.record))
      let repeats = try entity.fold.visit(
        entity.log.rawBytes, own: own, of: &visit, layout: layout, scratch: &scratch)
      if repeats {
        entity.log.removeSubrange(own)
      } else {
        try settle(entity, place, appended: own.count, layout)
      }
      if entity.holdsOneRecord { rest(entity, place) }
    } catch {
      visit.failure = error
    }
    shrink()
  }

  /// Reads the features as if the record had been appended; changes nothing.
  mutating func rehearse(_ append: LogAppend, of visit: inout Visit) {
    let layout = visit.plan.layouts[append.entity]
    do throws(StoreFailure) {
      try rehearse(append, of: &visit, on: reading(append, visit.bytes.rawBytes, layout), layout)
    } catch {
      visit.failure = error
    }
  }

  /// The entity, or one that is not kept: with the windows of one that rests, or none where it is unknown.
  private mutating func reading(
    _ append: LogAppend, _ bytes: RawSpan, _ layout: FoldLayout
  ) throws(StoreFailure) -> MemoryEntity {
    let hash = Hashing.hash(bytes, append.key, seed: Hashing.seed)
    let place = table.find(append.key, of: bytes, hash: hash)
    switch place.flatMap({ table.places[$0].resident }) {
    case .awake(let entity): return entity
    case .resting(let entity): return try entity.woken(layout, scratch: &scratch)
    case nil:
      let fold = EntityFold(layout: layout, blindBefore: losses.time(layout.keyPrefix))
      return MemoryEntity(key: bytes.extracting(append.key), hash: hash, fold: fold)
    }
  }

  /// Appends the record, reads from a copy of the entity's state, and takes the record back.
  private mutating func rehearse(
    _ append: LogAppend, of visit: inout Visit, on entity: MemoryEntity, _ layout: FoldLayout
  ) throws(StoreFailure) {
    let own = entity.append(visit.bytes.rawBytes.extracting(append.record))
    defer { entity.log.removeSubrange(own) }
    try entity.fold.rehearse(entity.log.rawBytes, own: own, of: &visit, layout: layout, scratch: &scratch)
  }

  /// A copy of the entity's log and state, to be read apart from the lock; changes nothing.
  mutating func copy(_ append: LogAppend, of visit: borrowing Visit) throws(StoreFailure) -> LogReading {
    let layout = visit.plan.layouts[append.entity]
    let entity = try reading(append, visit.bytes.rawBytes, layout)
    return LogReading(
      Array(entity.log), fold: entity.fold.copied(for: layout), plan: visit.plan, entity: append.entity)
  }

  /// Takes the event out of the windows that count accepted events only.
  mutating func exclude(_ append: LogAppend, of visit: inout Visit, record: [UInt8]) {
    let layout = visit.plan.layouts[append.entity]
    let hash = Hashing.hash(visit.bytes.rawBytes, append.key, seed: Hashing.seed)
    guard let place = table.find(append.key, of: visit.bytes.rawBytes, hash: hash) else { return }
    do throws(StoreFailure) {
      guard let entity = try wake(place, layout) else { return }
      if entity.fold.planIdentity != layout.identity { try entity.rebuild(layout, scratch: &scratch) }
      let own = entity.append(record.rawBytes)
      try entity.fold.catchUp(
        entity.log.rawBytes, to: entity.log.count, layout: layout, scratch: &scratch)
      try settle(entity, place, appended: own.count, layout)
    } catch {
      visit.failure = error
    }
    shrink()
  }

  /// The windows of an entity without a log, for an event that leaves none.
  private mutating func readNothing(_ visit: inout Visit, _ layout: FoldLayout) throws(StoreFailure) {
    var fold = EntityFold(layout: layout, blindBefore: losses.time(layout.keyPrefix))
    let nothing = ContiguousArray<UInt8>()
    _ = try fold.advance(
      nothing.rawBytes, own: 0..<0, time: visit.event.time, type: visit.event.type, layout: layout,
      scratch: &scratch, into: &visit.event.frame)
  }
}

/// Entities come, wake and rest.
extension MemoryShard {
  /// The entity's place, where it is awake; one that is unknown is made unless the event only reads.
  private mutating func place(
    of append: LogAppend, _ bytes: RawSpan, hash: UInt64, layout: FoldLayout
  ) throws(StoreFailure) -> Int? {
    if let place = table.find(append.key, of: bytes, hash: hash) {
      _ = try wake(place, layout)
      return place
    }
    if append.record.isEmpty { return nil }
    let fold = EntityFold(layout: layout, blindBefore: losses.time(layout.keyPrefix))
    let entity = MemoryEntity(key: bytes.extracting(append.key), hash: hash, fold: fold)
    return table.insert(.awake(entity), hash: hash)
  }

  /// The entity at a place, with its windows.
  @inline(__always) private mutating func wake(
    _ place: Int, _ layout: FoldLayout
  ) throws(StoreFailure) -> MemoryEntity? {
    switch table.places[place].resident {
    case .awake(let entity): return entity
    case .resting(let resting):
      let entity = try resting.woken(layout, scratch: &scratch)
      table.places[place].resident = .awake(entity)
      restingCount -= 1
      restingBytes -= table.places[place].countedBytes
      recount(place, entity.byteCount)
      return entity
    case nil: return nil
    }
  }

  private mutating func rest(_ entity: MemoryEntity, _ place: Int) {
    let resting = RestingEntity(entity)
    table.places[place].resident = .resting(resting)
    restingCount += 1
    recount(place, resting.byteCount)
    restingBytes += resting.byteCount
  }

  /// What was used last comes to the end of the order of use.
  @inline(__always) private mutating func touch(_ place: Int) {
    if restedUpTo == place && table.newest != place { restedUpTo = table.previous(before: place) }
    table.touch(place)
  }

  /// Counts what a record added, by a rule of thumb until the log has grown enough to trim it and count anew.
  ///
  /// An entity that holds a quarter of the shard gives up half of that, so that a key that is hot neither drives out
  /// all others nor, in the end, itself.
  private mutating func settle(
    _ entity: MemoryEntity, _ place: Int, appended: Int, _ layout: FoldLayout
  ) throws(StoreFailure) {
    table.places[place].expires = entity.fold.newestTime.addingSaturated(layout.retention)
    if entity.isGrown || table.places[place].countedBytes == 0 {
      try entity.trim(layout, scratch: &scratch)
      recount(place, entity.byteCount)
    } else if appended > 0 {
      let bytes = appended + layout.bytesPerRecord
      entityBytes += bytes
      table.places[place].countedBytes += bytes
    }
    guard table.places[place].countedBytes > bytesMax / 4 else { return }
    try entity.shorten(to: bytesMax / 8, layout, scratch: &scratch)
    recount(place, entity.byteCount)
  }

  private mutating func recount(_ place: Int, _ bytes: Int) {
    entityBytes += bytes - table.places[place].countedBytes
    table.places[place].countedBytes = bytes
  }
}

/// What gives way when memory is short.
extension MemoryShard {
  private static let restingMillisecondsMin: Int64 = 3_600_000
  private static let awakePart = 8

  /// Gives memory back until the shard is within its bound: the oldest ids while they hold over a quarter of it, then
  /// the windows of entities, those first that were not used for longest, and at last whole entities in that order.
  ///
  /// An eighth of the memory stays for the windows of those used last: were none left, each visit would fold its
  /// entity's log anew, and a store that is too small would be many times slower besides.
  mutating func shrink() {
    while byteCount > bytesMax {
      if identities.canForget && (identities.byteCount * 4 > bytesMax || table.oldest < 0) {
        identities.forgetOldest()
      } else if !restNext() {
        guard table.oldest >= 0 else { return }
        evictedEntities += 1
        evict(table.oldest)
      }
    }
  }

  /// Puts the next entity in the order of use to rest, or drops it where its records are past; false when few enough are
  /// awake. Those that rest are looked through again when time has passed.
  private mutating func restNext() -> Bool {
    var place = table.next(after: restedUpTo)
    if place < 0 || place == table.newest {
      guard identities.clock.subtractingSaturated(Self.restingMillisecondsMin) >= restedTime else { return false }
      restedTime = identities.clock
      restedUpTo = -1
      place = table.oldest
      if place < 0 || place == table.newest { return false }
    }
    if table.places[place].expires <= identities.clock {
      evict(place)
      return true
    }
    if case .awake(let entity) = table.places[place].resident {
      guard (entityBytes - restingBytes) * Self.awakePart > bytesMax else { return false }
      rest(entity, place)
    }
    restedUpTo = place
    return true
  }

  /// Puts all entities to rest.
  mutating func restAll() {
    for place in table.places.indices {
      if case .awake(let entity) = table.places[place].resident { rest(entity, place) }
    }
  }

  private mutating func evict(_ place: Int) {
    if restedUpTo == place { restedUpTo = table.previous(before: place) }
    switch table.places[place].resident {
    case .awake(let entity):
      losses.note(entity.key, entity.lostTime)
      entityBytes -= table.places[place].countedBytes
      table.remove(place, hash: entity.hash)
    case .resting(let entity):
      restingCount -= 1
      restingBytes -= table.places[place].countedBytes
      losses.note(entity.key, entity.lostTime)
      entityBytes -= table.places[place].countedBytes
      table.remove(place, hash: entity.hash)
    case nil: break
    }
  }
}
