internal import CEL
internal import Events
internal import NIOCore
package import Windows

/// The store of windows in Redis without its network: which commands a visit takes, what their replies mean, and what
/// is known of each log here. All calls are made on one loop.
package final class RedisCore {
  let transport: any RedisTransport
  let clock: any LoopClock
  let settings: StoreSettings
  let keys: LogKeys
  // Every visit changes these many times; none is reached again from within a change of itself, so that the checks of
  // that, a tenth of a decision's instructions, are left out.
  @safe @exclusivity(unchecked) var cache: LogCache
  @safe @exclusivity(unchecked) var scratch = FoldScratch()
  @safe @exclusivity(unchecked) var statistics = RedisStatistics()
  var backlog: Backlog
  /// Why the first of the degraded visits is: others are for having waited behind it.
  var firstDegradation: StoreFailure?
  @safe @exclusivity(unchecked) private var commands = CommandBuffer()
  /// Visits that were sent, oldest first, so that the memory of the next to be answered can be asked for.
  @safe @exclusivity(unchecked) private var underWay = CircularBuffer<Flight>(initialCapacity: 64)
  /// Room for the key of an id and its value, used again by each visit.
  @safe @exclusivity(unchecked) private var identity: (key: [UInt8], value: [UInt8]) = ([], [])
  private var nonce: UInt32
  /// What was sent and is awaited by nobody, and who waits for all of it.
  private var asideCount = 0
  private(set) var drains: [() -> Void] = []
  /// Logs whose expiry is still to be prolonged.
  var owed = OwedRenewals()
  /// Keys that were written, where they are to be removed again.
  var written: Set<[UInt8]> = []
  /// The run is being ended: visits are let fall, so that nothing is written behind its back.
  var isAbandoned = false

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

  /// Lets go of all connections. What waits to be appended is lost, and from now on nothing is kept to be.
  package func close() {
    statistics.lostEvents += backlog.count
    backlog = Backlog(bytesMax: 0)
    transport.close()
    drained()
  }

  /// Sends what no decision waits for; `receive` is called if there are replies.
  func sendAside(_ commands: borrowing CommandBuffer, receive: @escaping (Replies) -> Void = { _ in }) {
    statistics.commands += commands.count
    asideCount += 1
    transport.send(commands, deadline: clock.now + settings.timeout) { [self] result in
      if case .success(let replies) = result { receive(replies) }
      landedAside()
    }
  }

  private func landedAside() {
    asideCount -= 1
    drained()
  }

  /// Writes the decision in the place of the event's claim, and sends it aside.
  func sendDecision(_ decision: [UInt8], of visit: borrowing Visit) {
    keys.identity(visit.idBytes, into: &identity.key)
    IdentityValue.write(visit.event.digest, decision: decision, into: &identity.value)
    commands.removeAll()
    commands.remember(identity.key, identity.value)
    sendAside(commands)
  }

  /// Calls `done` on the loop when Redis has answered all that no decision waits for, remembered decisions among it,
  /// and nothing waits to be appended.
  package func drain(_ done: @escaping () -> Void) {
    drains.append(done)
    payAll()
    clock.schedule(after: 0) { [self] in drained() }
  }

  func drained() {
    guard asideCount == 0, backlog.isEmpty, !drains.isEmpty else { return }
    let waiting = drains
    drains = []
    for done in waiting { done() }
  }

  /// Claims the event's id, appends its records and reads its windows; `finish` is called once, later.
  package func exchange(_ visit: consuming Visit, finish: @escaping (consuming Visit) -> Void) {
    if isAbandoned { return }
    statistics.visits += 1
    let now = clock.now
    let nonce = nextNonce()
    visit.stamp(nonce)
    if !backlog.isEmpty && isWaiting(visit) { return putOff(visit, nonce, finish) }
    commands.removeAll()
    var parts: [Flight.Part] = []
    parts.reserveCapacity(visit.appends.count)
    if settings.isSharded {
      for append in visit.appends { parts.append(part(append, of: visit)) }
      let flight = Flight(visit, parts, deadline: now + settings.timeout, nonce: nonce, finish: finish)
      return sendApart(flight, now)
    }
    // All from the visit itself, not from within a flight: nothing is counted up and down then.
    for append in visit.appends { cache.prefetch(visit.bytes.rawBytes.extracting(append.key)) }
    writeClaim(visit)
    for append in visit.appends {
      var part = part(append, of: visit)
      write(&part, of: visit, now)
      parts.append(consume part)
    }
    let flight = Flight(visit, parts, deadline: now + settings.timeout, nonce: nonce, finish: finish)
    forgetLanded()
    underWay.append(flight)
    send(flight, parts: parts.indices, withClaim: true)
  }

  /// Each part in a group of its own: they belong to different slots.
  private func sendApart(_ flight: Flight, _ now: Int64) {
    writeClaim(flight.visit)
    send(flight, parts: 0..<0, withClaim: true)
    for index in flight.parts.indices {
      write(&flight.parts[index], of: flight.visit, now)
      send(flight, parts: index..<index + 1, withClaim: false)
    }
  }

  /// What Redis has of the event's entities is not all: it is decided without, and appended after the others.
  private func putOff(
    _ visit: consuming Visit, _ nonce: UInt32, _ finish: @escaping (consuming Visit) -> Void
  ) {
    if settings.tracksKeys && !visit.event.dryRun {
      written.insert(keys.identity(visit.idBytes))
      for append in visit.appends where !append.record.isEmpty { written.insert(logKey(visit, append)) }
    }
    let flight = Flight(visit, [], deadline: 0, nonce: nonce, finish: finish)
    flight.fail(Self.earlierEventsWait)
    flight.mustAppendLater = true
    clock.schedule(after: 0) { self.complete(flight) }
  }

  static let earlierEventsWait = StoreFailure(
    code: .unavailable, message: "earlier events of this entity still wait to be appended")

  /// Whether an entity of the event, or the event itself, waits to be appended: what Redis has is not all.
  func isWaiting(_ visit: borrowing Visit) -> Bool {
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

  private func writeClaim(_ visit: borrowing Visit) {
    keys.identity(visit.idBytes, into: &identity.key)
    if visit.event.dryRun { return commands.read(identity.key) }
    if settings.tracksKeys { written.insert(identity.key) }
    IdentityValue.write(visit.event.digest, into: &identity.value)
    commands.claim(identity.key, identity.value, milliseconds: visit.plan.idRetentionMilliseconds)
  }

  private func part(_ append: LogAppend, of visit: borrowing Visit) -> Flight.Part {
    let layout = visit.plan.layouts[append.entity]
    let log = cache.log(visit.bytes.rawBytes.extracting(append.key), layout: layout, keys: keys)
    // Of a log that is being read a byte is enough to tell when that may go on.
    let asked = log.reading?.isLong == true ? 1 : settings.sliceBytes(parts: visit.appends.count)
    return Flight.Part(
      log: log, layout: layout, append: append, appends: !append.record.isEmpty && !visit.event.dryRun,
      from: log.readFrom, asked: asked, known: log.bytes.count, version: log.version, renewal: .none)
  }

  private func write(_ part: inout Flight.Part, of visit: borrowing Visit, _ now: Int64) {
    if part.appends {
      if settings.tracksKeys { written.insert(part.log.key) }
      commands.append(part.log.key, visit.bytes.rawBytes.extracting(part.append.record))
    }
    commands.range(part.log.key, from: part.from, count: part.asked)
    guard part.appends && part.log.renewAt <= now else { return }
    part.renewal = part.known == 0 ? .begin : .prolong
    commands.renew(part.log.key, part.renewal, milliseconds: part.layout.expiry)
  }

  /// Sends what is written, and takes the replies of the claim and of some parts.
  private func send(_ flight: Flight, parts: Range<Int>, withClaim: Bool) {
    let waits = settings.waitsForReplica && !flight.visit.event.dryRun
    if waits { commands.waitForReplica(milliseconds: replicaPatience) }
    let count = commands.count
    statistics.commands += count
    flight.open += 1
    transport.send(commands, deadline: flight.deadline) { [self] result in
      switch result {
      case .success(let replies):
        var place = replies.first
        lookAhead()
        // First: what no replica has is taken in otherwise.
        let isConfirmed = waits && receiveWait(flight, replies, replies.place(ofReply: count - 1))
        if withClaim { receiveClaim(flight, replies, &place) }
        for index in parts {
          flight.parts[index].isConfirmed = isConfirmed
          receive(flight.parts[index], of: flight, replies, &place)
        }
      case .failure(let failure): receive(failure, flight)
      }
      close(flight)
    }
    commands.removeAll()
  }

  /// Four visits before its turn a visit's memory is asked for, one step after another: at its turn it would be waited
  /// for at each step.
  private func lookAhead() {
    forgetLanded()
    let count = underWay.count
    if count > 4 { Windows.prefetch(underWay[offset: 4]) }
    if count > 3 { underWay[offset: 3].prefetchLogs() }
    if count > 2 { underWay[offset: 2].prefetchFolds() }
    if count > 1 { underWay[offset: 1].prefetchEntries() }
  }

  private func forgetLanded() {
    while let first = underWay.first, first.isLanded { underWay.removeFirst() }
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
          StoreFailure(code: .damaged, message: "the key of the event's id holds what is no claim of ours")
            .naming(keys.identity(flight.visit.idBytes)))
      }
    default: receiveError(flight, replies, place, key: keys.identity(flight.visit.idBytes))
    }
    if flight.claim == .attempted { flight.visit.prior = .attempted }
  }

  /// Whether a replica has all that the commands before wrote and read.
  func receiveWait(_ flight: Flight, _ replies: Replies, _ place: Int) -> Bool {
    guard replies.kind(place) == .integer else {
      receiveError(flight, replies, place)
      return false
    }
    if replies.integer(place) >= 1 { return true }
    flight.fail(
      StoreFailure(
        code: .unavailable, message: "no replica has acknowledged the records", hint: Self.replicaHint))
    flight.mustAppendLater = true
    return false
  }

  /// The way out where nobody acknowledges.
  static let replicaHint =
    "see that a replica follows the primary; `?durability=primary` in the URL does without for a run"

  /// Takes a reply that is not the one that was hoped for; `key` is that of the command.
  func receiveError(_ flight: Flight, _ replies: Replies, _ place: Int, key: [UInt8]? = nil) {
    guard replies.kind(place) == .error else {
      flight.mustAppendLater = true
      return flight.fail(
        StoreFailure(code: .unavailable, message: "redis answered a command with a reply of another kind"))
    }
    let failure = StoreFailure(ErrorReply(replies.text(place)), key: key)
    flight.fail(failure)
    if failure.code != .damaged { flight.mustAppendLater = true }
  }
}

extension Visit {
  /// Writes the nonce into all records.
  mutating func stamp(_ nonce: UInt32) {
    for append in appends where !append.record.isEmpty {
      let place = append.record.lowerBound + RecordFormat.nonceOffset
      unsafe bytes.withUnsafeMutableBytes {
        unsafe $0.storeBytes(of: nonce.littleEndian, toByteOffset: place, as: UInt32.self)
      }
    }
  }

  /// The bytes of the event's id.
  var idBytes: RawSpan {
    @_lifetime(borrow self)
    get { event.frame.arena.rawBytes.extracting(event.id.range) }
  }
}

extension StoreFailure {
  /// What a decision is told of a failure of the transport.
  init(_ failure: RedisFailure) {
    self.init(
      code: failure.code == .late ? .late : .unavailable, message: failure.message, hint: failure.hint)
  }

  /// What an error reply means for a decision, which may show no more of it than its first word, and the key.
  init(_ error: ErrorReply, key: [UInt8]? = nil) {
    let failure = error.failure(key: key)
    self.init(
      code: error.word == "WRONGTYPE" ? .damaged : .unavailable, message: failure.message, hint: failure.hint)
  }

  /// The same with the key whose bytes are at fault; behind a colon, where whoever counts reasons cuts it off.
  func naming(_ key: [UInt8]) -> StoreFailure {
    guard code == .damaged else { return self }
    return StoreFailure(code: code, message: "\(message): \(key.quotedKey)", hint: hint ?? Self.foreignHint)
  }

  /// The way out where a key of ours holds what is not ours.
  static let foreignHint = "another program writes there, or another version: choose another namespace"
}
