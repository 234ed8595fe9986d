internal import CEL
internal import Events

/// Entity logs in the memory of this process, within a bound of bytes; safe to use from any number of threads.
///
/// Keys and ids are spread over shards, each behind a lock of its own; an event takes them one after another. What
/// is evicted or forgotten depends on the sequence of visits only, so that two processes agree.
public final class MemoryWindows: WindowStore {
  private let shards: [Guarded<MemoryShard>]

  /// - Parameters:
  ///   - bytesMax: for logs, window state and ids, by our own count; the allocator's overhead comes on top.
  ///   - shardCount: how many threads can work side by side; part of what decides which entity is evicted.
  public init(bytesMax: Int, shardCount: Int = 16) {
    let count = max(shardCount, 1)
    shards = (0..<count).map { _ in Guarded(MemoryShard(bytesMax: max(bytesMax, 0) / count)) }
  }

  /// Claims the id, then visits entity by entity; always finished at once.
  public func exchange(
    _ visit: consuming Visit, resume: @escaping @Sendable (consuming Visit) -> Void
  ) -> Visit? {
    exchange(&visit)
    return visit
  }

  /// The same in place, for callers that know their store.
  package func exchange(_ visit: inout Visit) {
    if visit.event.dryRun { peek(&visit) } else { claim(&visit) }
    switch visit.prior {
    case .decided, .conflict: return
    case .first, .attempted: break
    }
    if visit.event.dryRun {
      for append in visit.appends {
        shard(visit.bytes, append.key).withLock { $0.rehearse(append, of: &visit) }
      }
      return
    }
    for index in visit.appends.indices {
      let append = visit.appends[index]
      shard(visit.bytes, append.key).withLock { $0.admit(append, of: &visit) }
    }
  }

  /// Appends an exclusion to each of the event's logs whose plan counts accepted events.
  public func exclude(
    _ visit: consuming Visit, resume: @escaping @Sendable (consuming Visit) -> Void
  ) -> Visit? {
    exclude(&visit)
    return visit
  }

  /// The same in place, for callers that know their store.
  package func exclude(_ visit: inout Visit) {
    guard !visit.event.dryRun else { return }
    var record: [UInt8] = []
    for append in visit.appends {
      guard !append.record.isEmpty, visit.plan.layouts[append.entity].countsAcceptedOnly else { continue }
      if record.isEmpty { record = visit.exclusionRecord() }
      shard(visit.bytes, append.key).withLock { $0.exclude(append, of: &visit, record: record) }
    }
  }

  /// Remembers the decision in place of the claim, within the bound of bytes.
  public func remember(_ visit: borrowing Visit, decision: [UInt8]) {
    guard !visit.event.dryRun, visit.prior == .first || visit.prior == .attempted else { return }
    let id = visit.event.id.range
    let hash = Hashing.hash(visit.event.frame.arena.rawBytes, id, seed: Hashing.seed)
    shard(visit.event.frame.arena, id).withLock {
      $0.identities.remember(
        visit.event.frame.arena.rawBytes, id: id, hash: hash, digest: visit.event.digest,
        decision: decision)
      $0.shrink()
    }
  }

  /// Gives back what the windows of all entities take; they are folded from their logs when they are visited next.
  package func rest() {
    for shard in shards { shard.withLock { $0.restAll() } }
  }

  /// The log and the windows of an entity that the visit goes to, the first of them, as they are now; changes nothing.
  package func reading(of visit: borrowing Visit, at index: Int = 0) -> LogReading? {
    guard visit.appends.indices.contains(index) else { return nil }
    let append = visit.appends[index]
    let visit = copy visit
    return shard(visit.bytes, append.key).withLock { try? $0.copy(append, of: visit) }
  }

  private func claim(_ visit: inout Visit) {
    let id = visit.event.id.range
    let hash = Hashing.hash(visit.event.frame.arena.rawBytes, id, seed: Hashing.seed)
    let retention = visit.plan.idRetentionMilliseconds
    shard(visit.event.frame.arena, id).withLock { shard in
      visit.prior = shard.identities.claim(
        visit.event.frame.arena.rawBytes, id: id, hash: hash, digest: visit.event.digest,
        time: visit.event.time,
        retention: retention)
      visit.mayRepeat = visit.event.time <= shard.identities.forgottenTime && visit.prior == .first
      shard.shrink()
    }
  }

  /// What a claim would find, for an event that leaves nothing.
  private func peek(_ visit: inout Visit) {
    let id = visit.event.id.range
    let hash = Hashing.hash(visit.event.frame.arena.rawBytes, id, seed: Hashing.seed)
    shard(visit.event.frame.arena, id).withLock { shard in
      visit.prior = shard.identities.known(
        visit.event.frame.arena.rawBytes, id: id, hash: hash, digest: visit.event.digest)
      visit.mayRepeat = visit.event.time <= shard.identities.forgottenTime && visit.prior == .first
    }
  }

  /// The shard of a key or id: by a hash that is the same in every process.
  @inline(__always) private func shard(_ bytes: [UInt8], _ range: Range<Int>) -> Guarded<MemoryShard> {
    let hash = Hashing.hash(bytes.rawBytes, range, seed: 0)
    return shards[Int(hash % UInt64(shards.count))]
  }
}

/// What a `MemoryWindows` holds and what it had to give up.
public struct MemoryStatistics: Sendable, Equatable {
  /// Entities that hold a log.
  public var entities = 0
  /// Of these, those that hold their log alone, from which their windows are folded when they are visited next.
  public var restingEntities = 0
  /// By our own count.
  public var bytes = 0
  /// Of these, for logs and window state.
  public var entityBytes = 0
  /// Entities whose logs were dropped before their time, for lack of memory.
  public var evictedEntities = 0
  /// Event ids that a retry would be recognised by.
  public var rememberedIDs = 0
  /// Ids that were dropped before their time, for lack of memory.
  public var forgottenIDs = 0
}

extension MemoryWindows {
  /// A sum over the shards, taken one after another.
  public var statistics: MemoryStatistics {
    var sum = MemoryStatistics()
    for shard in shards {
      shard.withLock {
        sum.entities += $0.entityCount
        sum.restingEntities += $0.restingCount
        sum.bytes += $0.byteCount
        sum.entityBytes += $0.entityBytes
        sum.evictedEntities += $0.evictedEntities
        sum.rememberedIDs += $0.identities.count
        sum.forgottenIDs += $0.identities.forgotten
      }
    }
    return sum
  }
}
