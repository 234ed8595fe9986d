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
  @safe @exclusivity(unchecked) var backlog: Backlog
  /// Why the first of the degraded visits is: others are for having waited behind it.
  var firstDegradation: StoreFailure?
  @safe @exclusivity(unchecked) var commands = CommandBuffer()
  /// Visits that were sent, oldest first, so that the memory of the next to be answered can be asked for.
  @safe @exclusivity(unchecked) private var underWay = CircularBuffer<Flight>(initialCapacity: 64)
  /// Flights that have landed, to set out again.
  @safe @exclusivity(unchecked) private var spare: [Flight] = []
  /// Where the logs of a visit most likely are; room used again by each visit.
  @safe @exclusivity(unchecked) private var hints: [LogCache.Hint] = []
  private var nonce: UInt32
  /// What was sent and is awaited by nobody, and who waits for all of it.
  @safe @exclusivity(unchecked) var asideCount = 0
  @safe @exclusivity(unchecked) var drains: [() -> Void] = []
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

  /// Claims the event's id, appends its records and reads its windows; `finish` is called once, later.
  package func exchange(_ visit: consuming Visit, finish: @escaping (consuming Visit) -> Void) {
    if isAbandoned { return }
    statistics.visits += 1
    let now = clock.now
    let nonce = nextNonce()
    visit.stamp(nonce)
    if !backlog.isEmpty && isWaiting(visit) { return putOff(visit, nonce, finish) }
    commands.removeAll()
    if settings.isSharded {
      var parts: [Flight.Part] = []
      for append in visit.appends { parts.append(part(append, of: visit, hint(append, of: visit))) }
      let flight = Flight(visit, parts, deadline: now + settings.timeout, nonce: nonce, finish: finish)
      return sendApart(flight, now)
    }
    let used = spare.popLast()
    var parts: [Flight.Part] = []
    if let used { swap(&parts, &used.parts) }
    parts.reserveCapacity(visit.appends.count)
    // All from the visit itself, not from within a flight: nothing is counted up and down then.
    for (index, append) in visit.appends.enumerated() {
      let hint = hint(append, of: visit)
      if index < hints.count { hints[index] = hint } else { hints.append(hint) }
    }
    writeClaim(visit)
    for (index, append) in visit.appends.enumerated() {
      var part = part(append, of: visit, hints[index])
      write(&part, of: visit, now)
      parts.append(consume part)
    }
    let deadline = now + settings.timeout
    let identityHash = EntityFold.identityHash(visit.idBytes)
    let flight: Flight
    if let used {
      flight = used
      used.setOut(visit, parts, deadline: deadline, nonce: nonce, finish: finish)
    } else {
      flight = Flight(visit, parts, deadline: deadline, nonce: nonce, finish: finish)
    }
    flight.identityHash = identityHash
    // Replies see to it otherwise.
    if underWay.count >= Self.underWayMax { forgetLanded() }
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
    if visit.event.dryRun { return commands.read(visit.idBytes, keys: keys) }
    if settings.tracksKeys { written.insert(keys.identity(visit.idBytes)) }
    commands.claim(
      visit.idBytes, .claimed(visit.event.digest), milliseconds: visit.plan.idRetentionMilliseconds,
      keys: keys)
  }

  private func hint(_ append: LogAppend, of visit: borrowing Visit) -> LogCache.Hint {
    cache.seek(visit.bytes.rawBytes.extracting(append.key))
  }

  private func part(_ append: LogAppend, of visit: borrowing Visit, _ hint: LogCache.Hint) -> Flight.Part {
    let layout = visit.plan.layouts[append.entity]
    let log = cache.log(visit.bytes.rawBytes.extracting(append.key), hint, layout: layout, keys: keys)
    // Of a log that is being read a byte is enough to tell when that may go on.
    let asked = log.reading?.isLong == true ? 1 : settings.sliceBytes(parts: visit.appends.count)
    return Flight.Part(
      log, layout, append, appends: !append.record.isEmpty && !visit.event.dryRun, asked: asked)
  }

  private func write(_ part: inout Flight.Part, of visit: borrowing Visit, _ now: Int64) {
    let log = part.log
    let key = log.key
    if part.appends {
      if settings.tracksKeys { written.insert(key) }
      commands.append(key, visit.bytes.rawBytes.extracting(part.append.record))
    }
    commands.range(key, from: part.from, count: part.asked)
    guard part.appends && log.renewAt <= now else { return }
    part.renewal = part.known == 0 ? .begin : .prolong
    commands.renew(key, part.renewal, milliseconds: part.layout.expiry)
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
        let isConfirmed = waits && replies.hasReplica(at: replies.place(ofReply: count - 1))
        if withClaim { receiveClaim(flight, replies, &place) }
        for index in parts {
          flight.parts[index].isConfirmed = isConfirmed && flight.parts[index].appends
          receive(index, of: flight, replies, &place)
        }
        // Last: a repeat is found all the same, and a server's own reason says more.
        if waits { receiveWait(flight, replies, place) }
      case .failure(let failure): receive(failure, flight)
      }
      close(flight)
    }
    commands.removeAll()
  }

  /// Five visits before its turn a visit's memory is asked for, one step after another: at its turn it would be waited
  /// for at each step.
  private func lookAhead() {
    forgetLanded()
    let count = underWay.count
    if count > 5 { MemoryAddress(of: underWay[offset: 5]).prefetch(lines: 7) }
    if count > 4 { underWay[offset: 4].prefetchLogs() }
    if count > 3 { underWay[offset: 3].prefetchFolds() }
    if count > 2 { underWay[offset: 2].prefetchArrays() }
    if count > 1 { underWay[offset: 1].prefetchEnds() }
  }

  /// As many flights are kept to set out again.
  private static let spareMax = 256
  /// More are looked through for those that were handed back, which failures leave there.
  private static let underWayMax = 1_024

  private func forgetLanded() {
    while !underWay.isEmpty && underWay[underWay.startIndex].isLanded {
      var landed = underWay.removeFirst()
      guard spare.count < Self.spareMax, isKnownUniquelyReferenced(&landed) else { continue }
      landed.clear()
      spare.append(landed)
    }
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
