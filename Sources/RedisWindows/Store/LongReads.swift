internal import CEL
internal import Windows

/// Reading logs in more than one step: because what is known does not continue, or because there is too much for one
/// reply. All visits to such a log wait for the same reading, each no longer than its deadline; the reading goes on
/// without them, so that a log of any length is known in the end.
extension RedisCore {
  /// How long a slice may take. Nanoseconds.
  private static let slicePatience: Int64 = 1_000_000_000
  /// Between two steps of folding, so that the replies to others are read. Nanoseconds.
  private static let breath: Int64 = 50_000
  private static let restartsMax = 3

  private static let stillBeingRead = StoreFailure(
    code: .late, message: "the log of an entity is still being read")

  /// Reads a log from the front: what is known of it here does not go on as it should.
  func readAnew(_ part: Flight.Part, _ end: Int?, of flight: Flight) {
    statistics.rereads += 1
    ask(begin(part, end, of: flight, anew: true))
  }

  /// Reads what follows on what is known, and on `slice`, which was asked for from there.
  func readOn(_ part: Flight.Part, _ end: Int?, of flight: Flight, after slice: RawSpan) {
    let reading = begin(part, end, of: flight, anew: false)
    if part.from == reading.lastStart && part.version == part.log.version {
      take(slice, isFull: true, for: reading)
    } else {
      ask(reading)
    }
  }

  /// Reads what follows on what is known.
  func readOn(_ part: Flight.Part, _ end: Int?, of flight: Flight) {
    ask(begin(part, end, of: flight, anew: false))
  }

  private func begin(_ part: Flight.Part, _ end: Int?, of flight: Flight, anew: Bool) -> StepwiseReading {
    let reading = StepwiseReading(
      part.log, part.layout, anew: anew, sliceBytes: settings.sliceBytes(parts: 1))
    part.log.reading = reading
    wait(part, end, of: flight, for: reading)
    return reading
  }

  /// Has a visit go on when the log is here, or without it when its time is over.
  func wait(_ part: Flight.Part, _ end: Int?, of flight: Flight, for reading: StepwiseReading) {
    if part.appends { reading.mayHaveBegun = true }
    if flight.isOfNoUse { return }
    let waiter = StepwiseReading.Waiter(part, end, of: flight)
    flight.open += 1
    reading.waiters.append(waiter)
    clock.schedule(after: flight.deadline - clock.now) { [self] in
      finish(waiter) { $0.fail(Self.stillBeingRead) }
    }
  }

  /// Once for each waiter.
  private func finish(_ waiter: StepwiseReading.Waiter, _ body: (Flight) -> Void) {
    if waiter.isDone { return }
    waiter.isDone = true
    body(waiter.flight)
    close(waiter.flight)
  }

  /// The event's own record may have begun a log anew: then it has no expiry yet.
  private func ask(_ reading: StepwiseReading) {
    let log = reading.log
    var commands = CommandBuffer()
    commands.range(log.key, from: reading.lastStart, count: reading.sliceBytes)
    let renewal: Flight.Renewal = reading.isAnew && reading.isAtFront && reading.mayHaveBegun ? .begin : .none
    commands.renew(log.key, renewal, milliseconds: reading.layout.expiry)
    // A primary that has lost its place without knowing it shows a log in which records are missing.
    let waits = settings.waitsForReplica && reading.isAnew && log.confirmedEnd > 0
    if waits { commands.waitForReplica(milliseconds: replicaPatience) }
    let count = commands.count
    statistics.commands += count
    statistics.readSteps += 1
    reading.ask()
    let deadline = clock.now + max(settings.timeout, Self.slicePatience)
    transport.send(commands, deadline: deadline) { [self] result in
      switch result {
      case .failure(let failure): fail(reading) { receive(failure, $0) }
      case .success(let replies):
        let place = replies.first
        guard replies.kind(place) == .bytes else {
          return fail(reading) { receiveError($0, replies, place, key: log.key) }
        }
        if renewal == .begin {
          receive(renewal, replies, replies.tape.next(after: place), of: log, reading.layout)
        }
        let last = replies.place(ofReply: count - 1)
        if waits && !replies.hasReplica(at: last) {
          return fail(reading) { receiveWait($0, replies, last) }
        }
        let isFull = replies.byteCount(place) >= reading.sliceBytes
        replies.withBytes(place) { take($0, isFull: isFull, for: reading) }
      }
    }
  }

  private func take(_ slice: RawSpan, isFull: Bool, for reading: StepwiseReading) {
    let wasLong = reading.isLong
    let taken = reading.take(slice, isFull: isFull)
    if reading.isLong && !wasLong { statistics.slicedReads += 1 }
    switch taken {
    case .more: ask(reading)
    case .stuck where reading.widen(to: settings.replyBytesMax / 2): ask(reading)
    case .stuck, .damaged: fail(reading) { $0.fail(.foreignBytes.naming(reading.log.key)) }
    case .broken where reading.restarts < Self.restartsMax:
      statistics.rereads += 1
      reading.restart()
      ask(reading)
    case .broken:
      fail(reading) {
        $0.fail(
          StoreFailure(code: .unavailable, message: "the log of an entity changes while it is being read"))
      }
    case .end: arrive(reading)
    }
  }

  /// Gives a reading up. What it has of a log that it continues is kept: the next one goes on from there.
  private func fail(_ reading: StepwiseReading, _ body: (Flight) -> Void) {
    let log = reading.log
    log.reading = nil
    if !reading.isAnew { log.adopt(reading.bytes, lastStart: reading.lastStart) }
    cache.settle(log)
    for waiter in reading.waiters { finish(waiter, body) }
  }

  /// The whole log is here.
  private func arrive(_ reading: StepwiseReading) {
    let log = reading.log
    reading.arrive()
    do throws(StoreFailure) {
      if reading.isAnew {
        let bytes = reading.bytes
        let end = settings.waitsForReplica ? log.confirmedEnd : log.bytes.count
        let lost = try log.lostTime(bytes.rawBytes, upTo: end, now: clock.now)
        log.reset(reading.layout)
        if let lost { report(lost: lost, log, reading.layout) }
      }
      log.adopt(reading.bytes, lastStart: reading.lastStart)
    } catch {
      return fail(reading) { $0.fail(error.naming(log.key)) }
    }
    // Not now, when many logs may be read that a process which was started anew does not know.
    if reading.isLong { log.trimAt = max(log.trimAt, log.bytes.count + log.bytes.count / 8) }
    fold(reading)
  }

  /// Folds up to the first record that is waited for, a slice at a time.
  private func fold(_ reading: StepwiseReading) {
    let (log, layout) = (reading.log, reading.layout)
    if log.fold.planIdentity != layout.identity { log.beginFold(layout) }
    let folded = log.fold.foldedTo - log.fold.base
    let wanted = reading.waiters.filter { !$0.isDone && $0.part.appends }
    let first = wanted.compactMap { place(of: $0)?.lowerBound }.min() ?? log.bytes.count
    guard let step = reading.steps.first(where: { $0 > folded }), step <= first else {
      return serve(reading)
    }
    let bytes = log.bytes
    do throws(StoreFailure) {
      try log.fold.catchUp(bytes.rawBytes, to: step, layout: layout, scratch: &scratch)
    } catch {
      return fail(reading) { $0.fail(error.naming(log.key)) }
    }
    clock.schedule(after: Self.breath) { [self] in fold(reading) }
  }

  /// Where a waiter's record stands in the log, or the end for one that left none; nil where it is not.
  private func place(of waiter: StepwiseReading.Waiter) -> Range<Int>? {
    let log = waiter.part.log
    guard waiter.part.appends else { return log.bytes.count..<log.bytes.count }
    let bytes = log.bytes
    let visited = waiter.flight.visit.bytes
    let record = visited.rawBytes.extracting(waiter.part.append.record)
    if let end = waiter.end, end >= record.byteCount, end <= bytes.count,
      bytes.rawBytes.equal(end - record.byteCount..<end, record)
    {
      return end - record.byteCount..<end
    }
    return log.find(record)
  }

  /// Lets the visits go on, in the order of their records: the fold goes forward only.
  private func serve(_ reading: StepwiseReading) {
    let log = reading.log
    var late: [StepwiseReading.Waiter] = []
    let order = reading.waiters.enumerated().sorted {
      ($0.element.end ?? .max, $0.offset) < ($1.element.end ?? .max, $1.offset)
    }
    for (index, waiter) in order where !waiter.isDone {
      let mayBeOld = reading.mayPrecede(index, isOrdered: !settings.isSharded)
      if let own = mayBeOld && !waiter.part.appends ? nil : place(of: waiter) {
        // What stands before the own record was written before it, though it was read later.
        if waiter.part.isConfirmed { log.confirm(through: own.upperBound) }
        finish(waiter) { read(waiter.part, of: $0, own: own) }
      } else if mayBeOld {
        late.append(waiter)
      } else {
        finish(waiter) {
          $0.mustAppendLater = true
          $0.fail(
            StoreFailure(code: .unavailable, message: "the event's record was gone before it could be read"))
        }
      }
    }
    // Not before all have read: who comes first would cut away what stands before the others.
    log.reading = nil
    cache.settle(log)
    guard let first = late.first else { return trimIfDue(log, after: reading) }
    let next = StepwiseReading(
      log, first.part.layout, anew: false, sliceBytes: settings.sliceBytes(parts: 1))
    next.waiters = late
    next.mayHaveBegun = late.contains { $0.part.appends }
    log.reading = next
    ask(next)
  }
}

extension RedisCore {
  /// Trims by the rule set that has folded the log last: visits of two may have waited.
  private func trimIfDue(_ log: CachedLog, after reading: StepwiseReading) {
    guard log.bytes.count >= log.trimAt else { return }
    let parts = reading.waiters.map(\.part)
    if let part = parts.last(where: { $0.appends && $0.layout.identity == log.fold.planIdentity }) {
      trim(log, part.layout)
    }
  }
}

extension StoreFailure {
  /// A log holds bytes that are no records.
  static var foreignBytes: StoreFailure {
    StoreFailure(code: .damaged, message: "the log of an entity holds bytes that are no records")
  }
}
