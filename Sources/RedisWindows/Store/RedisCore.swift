internal import CEL
internal import Events
package import Windows

/// The store of windows in Redis without its network: which commands a visit takes, what their replies mean, and what
/// is known of each log here. All calls are made on one loop.
package final class RedisCore {
  let transport: any RedisTransport
  let clock: any LoopClock
  let settings: StoreSettings
  let keys: LogKeys
  var cache: LogCache
  var scratch = FoldScratch()
  var statistics = RedisStatistics()
  var backlog: Backlog
  private var commands = CommandBuffer()
  private var nonce: UInt32
  /// What was sent and is awaited by nobody, and who waits for all of it.
  private var asideCount = 0
  private var drains: [() -> Void] = []
  /// Keys that were written, where they are to be removed again.
  private var written: Set<[UInt8]> = []

  /// - Parameter firstNonce: differs between processes; random where it is not a simulation's.
  package init(
    transport: any RedisTransport, clock: any LoopClock, settings: StoreSettings,
    firstNonce: UInt32 = .random(in: .min ... .max)
  ) {
    self.transport = transport
    self.clock = clock
    self.settings = settings
    keys = LogKeys(namespace: settings.namespace)
    cache = LogCache(settings)
    backlog = Backlog(bytesMax: settings.backlogBytesMax)
    nonce = firstNonce
  }

  /// Tells this process' appends apart; never 0, which is memory's.
  func nextNonce() -> UInt32 {
    nonce &+= 1
    if nonce == 0 { nonce = 1 }
    return nonce
  }

  /// What was done so far.
  package var report: RedisStatistics {
    var report = statistics
    report.cachedLogs = cache.count
    report.cachedBytes = cache.byteCount
    report.backlogCount = backlog.count
    report.backlogBytes = backlog.byteCount
    return report
  }

  /// How the connections are doing.
  package var health: TransportHealth { transport.health }

  /// Lets go of all connections.
  package func close() { transport.close() }

  /// Sends what no decision waits for.
  func sendAside(_ commands: CommandBuffer, done: @escaping ReplyHandler = { _ in }) {
    statistics.commands += commands.count
    asideCount += 1
    transport.send(commands, deadline: clock.now + settings.timeout) { [self] result in
      done(result)
      asideCount -= 1
      drained()
    }
  }

  /// Calls `done` on the loop when Redis has answered all that no decision waits for, remembered decisions among it,
  /// and nothing waits to be appended.
  package func drain(_ done: @escaping () -> Void) {
    drains.append(done)
    clock.schedule(after: 0) { [self] in drained() }
  }

  func drained() {
    guard asideCount == 0, backlog.isEmpty, !drains.isEmpty else { return }
    let waiting = drains
    drains = []
    for done in waiting { done() }
  }

  /// Removes every key that was written under a temporary namespace; calls `done` with how many.
  package func removeWritten(_ done: @escaping (Int) -> Void) {
    let keys = written
    written = []
    if keys.isEmpty { return clock.schedule(after: 0) { done(0) } }
    var open = keys.count
    var removed = 0
    for key in keys {
      var commands = CommandBuffer()
      commands.unlink(key)
      transport.send(commands, deadline: clock.now + settings.timeout * 10) { result in
        if case .success(let replies) = result, replies.kind(replies.first) == .integer { removed += 1 }
        open -= 1
        if open == 0 { done(removed) }
      }
    }
  }

  /// Claims the event's id, appends its records and reads its windows; `finish` is called once, later.
  package func exchange(_ visit: consuming Visit, finish: @escaping (consuming Visit) -> Void) {
    statistics.visits += 1
    let flight = Flight(
      visit, deadline: clock.now + settings.timeout, nonce: nextNonce(), finish: finish)
    flight.stamp()
    if isWaiting(flight.visit) {
      flight.fail(
        StoreFailure(code: .unavailable, message: "earlier events of this entity still wait to be appended"))
      flight.mustAppendLater = true
      return clock.schedule(after: 0) { self.complete(flight) }
    }
    commands.removeAll()
    sendClaim(flight)
    for index in flight.visit.appends.indices { sendPart(index, of: flight) }
    if !settings.isSharded { send(flight, parts: 0..<flight.visit.appends.count, withClaim: true) }
  }

  /// Whether an entity of the event, or the event itself, waits to be appended: what Redis has is not all.
  private func isWaiting(_ visit: borrowing Visit) -> Bool {
    if backlog.isEmpty { return false }
    if backlog.holds(keys.identity(visit.event.frame.arena.rawBytes.extracting(visit.event.id.range))) {
      return true
    }
    for append in visit.appends where backlog.holds(logKey(visit, append)) { return true }
    return false
  }

  /// The key of the log that a part of a visit is about.
  func logKey(_ visit: borrowing Visit, _ append: LogAppend) -> [UInt8] {
    keys.log(visit.bytes.rawBytes.extracting(append.key))
  }

  private func sendClaim(_ flight: Flight) {
    let key = keys.identity(flight.visit.idBytes)
    if flight.visit.event.dryRun {
      commands.read(key)
    } else {
      if settings.tracksKeys { written.insert(key) }
      commands.claim(
        key, IdentityValue.bytes(flight.visit.event.digest),
        milliseconds: flight.visit.plan.idRetentionMilliseconds)
    }
    if settings.isSharded { send(flight, parts: 0..<0, withClaim: true) }
  }

  private func sendPart(_ index: Int, of flight: Flight) {
    let append = flight.visit.appends[index]
    let layout = flight.visit.plan.layouts[append.entity]
    let log = cache.log(flight.visit.bytes.rawBytes.extracting(append.key), layout: layout, keys: keys)
    let appends = flight.appends(append)
    var part = Flight.Part(
      log: log, from: log.readFrom, known: log.bytes.count, version: log.version, renews: false)
    if appends && settings.tracksKeys { written.insert(log.key) }
    if appends { commands.append(log.key, flight.visit.bytes.rawBytes.extracting(append.record)) }
    commands.range(log.key, from: part.from)
    if appends && layout.retention != .max && log.renewAt <= clock.now {
      commands.expire(log.key, milliseconds: layout.expiry)
      part.renews = true
    }
    flight.parts.append(part)
    if settings.isSharded { send(flight, parts: index..<index + 1, withClaim: false) }
  }

  /// Sends what is written, and takes the replies of the claim and of some parts.
  private func send(_ flight: Flight, parts: Range<Int>, withClaim: Bool) {
    let waits = settings.waitsForReplica && !flight.visit.event.dryRun
    if waits { commands.waitForReplica(milliseconds: max(settings.timeout / 1_000_000, 1)) }
    statistics.commands += commands.count
    flight.open += 1
    transport.send(commands, deadline: flight.deadline) { [self] result in
      switch result {
      case .success(let replies):
        var place = replies.first
        if withClaim { receiveClaim(flight, replies, &place) }
        for index in parts { receivePart(index, of: flight, replies, &place) }
        if waits { receiveWait(flight, replies, place) }
      case .failure(let failure): receive(failure, flight)
      }
      close(flight)
    }
    commands.removeAll()
  }

  func receive(_ failure: RedisFailure, _ flight: Flight) {
    flight.fail(StoreFailure(failure))
    flight.mustAppendLater = true
  }

  /// One of the replies that a flight waits for has come.
  func close(_ flight: Flight) {
    flight.open -= 1
    if flight.open == 0 { complete(flight) }
  }

  private func receiveClaim(_ flight: Flight, _ replies: Replies, _ place: inout Int) {
    defer { place = replies.tape.next(after: place) }
    switch replies.kind(place) {
    case .null: flight.claim = .first
    case .bytes:
      let digest = flight.visit.event.digest
      flight.claim = replies.withBytes(place) { IdentityValue.prior($0, digest: digest) }
      if flight.claim == nil {
        flight.fail(
          StoreFailure(code: .damaged, message: "the key of the event's id holds what is no claim of ours"))
      }
    default: receiveError(flight, replies, place)
    }
    if flight.claim == .attempted { flight.visit.prior = .attempted }
  }

  private func receiveWait(_ flight: Flight, _ replies: Replies, _ place: Int) {
    guard replies.kind(place) == .integer else { return receiveError(flight, replies, place) }
    if replies.integer(place) < 1 {
      flight.fail(StoreFailure(code: .unavailable, message: "no replica has acknowledged the records"))
      flight.mustAppendLater = true
    }
  }

  func receiveError(_ flight: Flight, _ replies: Replies, _ place: Int) {
    let failure = StoreFailure(reply: replies.text(place))
    flight.fail(failure)
    if failure.code != .damaged { flight.mustAppendLater = true }
  }
}

extension Visit {
  /// The bytes of the event's id.
  var idBytes: RawSpan {
    @_lifetime(borrow self)
    get { event.frame.arena.rawBytes.extracting(event.id.range) }
  }
}

extension Flight {
  /// Writes the nonce into all records.
  func stamp() {
    for append in visit.appends where !append.record.isEmpty {
      let place = append.record.lowerBound + RecordFormat.nonceOffset
      unsafe visit.bytes.withUnsafeMutableBytes {
        unsafe $0.storeBytes(of: nonce.littleEndian, toByteOffset: place, as: UInt32.self)
      }
    }
  }

  /// Whether a record is left in the log: not by a dry run.
  func appends(_ append: LogAppend) -> Bool { !append.record.isEmpty && !visit.event.dryRun }
}

extension FoldLayout {
  /// How long a log lives after its last renewal: longer than any record is read. Milliseconds, at most ten years.
  var expiry: Int64 {
    let most = CommandBuffer.expiryMax / 2
    return min(retention, most) + min(retention, most) / 4 + 60_000
  }

  /// The expiry of a log; nil when its records are never gone.
  var writtenExpiry: Int64? { retention == .max ? nil : expiry }
}

extension StoreFailure {
  /// What a decision is told of a failure of the transport.
  init(_ failure: RedisFailure) {
    self.init(code: failure.code == .late ? .late : .unavailable, message: failure.message)
  }

  /// What an error reply means for a decision.
  init(reply: String) {
    if reply.hasPrefix("WRONGTYPE") {
      self.init(
        code: .damaged, message: "a key of the store holds another type than the store writes: \(reply)")
    } else {
      self.init(code: .unavailable, message: "Redis answered: \(reply)")
    }
  }
}
