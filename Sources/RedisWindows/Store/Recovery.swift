internal import CEL
internal import Events
internal import Windows

/// Appending later what could not be appended when it was decided.
///
/// The oldest items are claimed and appended a batch at a time, in order, and stay in the backlog until Redis has
/// acknowledged them. An item that is appended twice, because an acknowledgement was lost, counts once: its id is known.
extension RedisCore {
  private static let batchCount = 64
  /// Between attempts while Redis does not answer. Nanoseconds.
  private static let pause: Int64 = 25_000_000
  /// How long a batch may take. Nanoseconds.
  private static let patience: Int64 = 1_000_000_000

  /// Keeps an event that was decided without Redis.
  func appendLater(_ flight: Flight) {
    let writes = writes(flight.visit) { _ in true }
    appendLater(
      BacklogItem(flight.visit, key: keys.identity(flight.visit.idBytes), writes: writes, nonce: flight.nonce)
    )
  }

  func appendLater(_ item: BacklogItem) {
    let wasEmpty = backlog.isEmpty
    guard backlog.add(item) else {
      statistics.lostEvents += 1
      return
    }
    if wasEmpty { clock.schedule(after: Self.pause) { [self] in flush() } }
  }

  private func flush() {
    let batch = Array(backlog.oldest(Self.batchCount))
    if batch.isEmpty { return }
    let recovery = Recovery(batch, open: batch.count)
    let deadline = clock.now + Self.patience
    for (index, item) in batch.enumerated() {
      guard let claim = item.claim else {
        recovery.open -= 1
        continue
      }
      var commands = CommandBuffer()
      let id = claim.key.rawBytes.extracting(droppingFirst: keys.identityPrefix.count)
      commands.claim(id, .claimed(claim.digest), milliseconds: claim.milliseconds, keys: keys)
      statistics.commands += 1
      transport.send(commands, deadline: deadline) { [self] result in
        receive(claim: result, index, recovery, digest: claim.digest)
        recovery.open -= 1
        if recovery.open == 0 { appendBatch(recovery, deadline) }
      }
    }
    if recovery.open == 0 { appendBatch(recovery, deadline) }
  }

  private func receive(
    claim result: Result<Replies, RedisFailure>, _ index: Int, _ recovery: Recovery, digest: EventDigest
  ) {
    guard case .success(let replies) = result else {
      recovery.failed = min(recovery.failed, index)
      return
    }
    switch replies.kind(replies.first) {
    case .null: break
    case .bytes:
      let (prior, isAppended) = replies.withBytes(replies.first) {
        (IdentityValue.prior($0, digest: digest), IdentityValue.isAppended($0))
      }
      // What may have been appended before the failure is taken back.
      if prior == .conflict { recovery.takeBack(index) }
      // Another attempt has appended it since: once more, and panes could count it twice. Elsewhere its id keeps it from
      // that, and a process with fewer logs may have left some out.
      if prior != .conflict && isAppended { recovery.leaveOut(index) }
    default:
      let isFinal = replies.text(replies.first).hasPrefix("WRONGTYPE")
      if isFinal { recovery.refuse(index) } else { recovery.failed = min(recovery.failed, index) }
    }
  }

  /// All claims up to the first failure are in: appends what they stand for. What one log gets is appended at once,
  /// so that no failure can turn its order.
  private func appendBatch(_ recovery: Recovery, _ deadline: Int64) {
    let count = min(recovery.failed, recovery.items.count)
    guard count > 0 else { return clock.schedule(after: Self.pause) { [self] in flush() } }
    let writes = recovery.writes(count)
    backlog.countAttempt(count)
    recovery.open = writes.count
    for (write, items) in writes {
      append(write, deadline: deadline) { [self] failure, length in
        // Shorter than it was: what the primary had acknowledged is lost, and appended anew.
        let isLost = length.map { $0 < write.landed ?? 0 } ?? false
        for index in items {
          if failure?.code == .refused {
            recovery.refuse(index)
          } else if failure != nil || isLost {
            recovery.failed = min(recovery.failed, index)
            guard let length else { continue }
            for one in recovery.items[index].writes where one.key == write.key {
              backlog.land(index, one, at: isLost ? nil : length)
            }
          }
        }
        recovery.open -= 1
        if recovery.open == 0 { settle(recovery) }
      }
    }
    if writes.isEmpty { settle(recovery) }
  }

  /// Removes what was appended, up to the first failure, and goes on with the rest.
  private func settle(_ recovery: Recovery) {
    // Closed in the meantime: the items were given up.
    if backlog.isEmpty { return drained() }
    let count = min(recovery.failed, recovery.items.count)
    for index in 0..<count {
      backlog.removeFirst()
      if recovery.isRefused(index) {
        statistics.lostEvents += 1
      } else if recovery.items[index].claim != nil && !recovery.isTakenBack(index) {
        statistics.appendedLate += 1
      }
    }
    if backlog.isEmpty { return drained() }
    clock.schedule(after: count == recovery.items.count ? 0 : Self.pause) { [self] in flush() }
  }
}

/// One batch of a backlog on its way.
final class Recovery {
  private(set) var items: [BacklogItem]
  /// Answers that are still to come.
  var open: Int
  /// The first item that did not get through.
  var failed = Int.max
  private var refused: Set<Int> = []
  private var takenBack: Set<Int> = []

  init(_ items: [BacklogItem], open: Int) {
    self.items = items
    self.open = open
  }

  /// Redis will never take the item.
  func refuse(_ index: Int) { refused.insert(index) }

  func isRefused(_ index: Int) -> Bool { refused.contains(index) }

  func isTakenBack(_ index: Int) -> Bool { takenBack.contains(index) }

  /// The item's event was taken in by another attempt: logs with panes do not get it again.
  func leaveOut(_ index: Int) {
    items[index].writes.removeAll(where: \.hasPanes)
    if items[index].writes.isEmpty { takenBack.insert(index) }
  }

  /// The item's id belongs to another event: instead of its records, what takes them back is appended.
  func takeBack(_ index: Int) {
    takenBack.insert(index)
    let void = items[index].void
    for place in items[index].writes.indices where items[index].writes[place].record != void {
      items[index].writes[place].record = void
      items[index].writes[place].landed = nil
    }
  }

  /// What the first items append to each log together, and which items these are. What the primary has acknowledged
  /// is not appended again: nothing is, so that there is a write for the replica to acknowledge.
  func writes(_ count: Int) -> [(write: LogWrite, items: [Int])] {
    var writes: [(write: LogWrite, items: [Int])] = []
    var places: [[UInt8]: Int] = [:]
    for index in 0..<count {
      for var write in items[index].writes {
        RecordFormat.setAttempt(items[index].attempts &+ 1, of: &write.record)
        if write.landed != nil { write.record = [] }
        if let place = places[write.key] {
          writes[place].write.record += write.record
          writes[place].write.isEvent = writes[place].write.isEvent || write.isEvent
          writes[place].write.landed = max(writes[place].write.landed ?? 0, write.landed ?? 0)
          writes[place].items.append(index)
        } else {
          places[write.key] = writes.count
          writes.append((write, [index]))
        }
      }
    }
    return writes
  }
}
