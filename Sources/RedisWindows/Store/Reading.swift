internal import CEL
internal import Events
internal import Windows

/// What the replies about one entity's log mean.
extension RedisCore {
  /// Takes the replies to the commands of one part, and reads the entity's windows.
  func receive(_ part: Flight.Part, of flight: Flight, _ replies: Replies, _ place: inout Int) {
    var end: Int?
    var isRefused = false
    if part.appends {
      if replies.kind(place) == .integer && replies.integer(place) >= 0 {
        end = Int(clamping: replies.integer(place))
      } else {
        receiveError(flight, replies, place, key: part.log.key)
        isRefused = true
      }
      place = replies.tape.next(after: place)
    }
    let rangePlace = place
    place = replies.tape.next(after: place)
    if part.renewal != .none {
      receive(part.renewal, replies, place, of: part.log, part.layout)
      place = replies.tape.next(after: place)
    }
    guard !isRefused else { return }
    guard replies.kind(rangePlace) == .bytes else {
      return receiveError(flight, replies, rangePlace, key: part.log.key)
    }
    if let reading = part.log.reading { return wait(part, end, of: flight, for: reading) }
    // It was being read when this was asked for.
    if part.asked == 1 { return readOn(part, end, of: flight) }
    let record = part.appends ? part.append.record : 0..<0
    let bytes = flight.visit.bytes
    let isFull = replies.byteCount(rangePlace) >= part.asked
    let absorbed = replies.withBytes(rangePlace) { chunk in
      Result { () throws(StoreFailure) in
        try part.log.absorb(
          chunk, from: part.from, version: part.version, isFull: isFull, end: end,
          record: bytes.rawBytes.extracting(record))
      }
    }
    switch absorbed {
    case .success(.own(let own)):
      if part.isConfirmed { part.log.confirm(through: own.upperBound) }
      if part.known > 0 {
        statistics.knownReads += 1
        if part.from + replies.byteCount(rangePlace) == part.known + own.count { statistics.ownReads += 1 }
      }
      read(part, of: flight, own: own)
    case .success(.more): replies.withBytes(rangePlace) { readOn(part, end, of: flight, after: $0) }
    case .success(.mismatch): readAnew(part, end, of: flight)
    case .failure(let failure):
      cache.settle(part.log)
      flight.fail(failure.naming(part.log.key))
    }
  }

  /// Folds up to the event's own record and reads its windows. A log that was cut around the event's time may have held
  /// it: that matters once its id, or another of its logs, says that it was taken in before.
  func read(_ part: Flight.Part, of flight: Flight, own: Range<Int>) {
    if flight.isOfNoUse { return cache.settle(part.log) }
    let (log, layout) = (part.log, part.layout)
    do throws(StoreFailure) {
      if log.fold.planIdentity != layout.identity { log.fold = log.emptyFold(layout) }
      let isKnown = flight.visit.prior == .attempted
      let repeats =
        flight.visit.event.dryRun
        ? try rehearse(part.append, of: flight, log, layout)
        : try fold(part.append, of: flight, log, own, layout)
      if repeats {
        flight.repeated.append(log)
      } else if !isKnown && flight.visit.event.time <= log.fold.pushedOutTime {
        flight.doubtful.append(part)
      }
      cache.settle(log)
      let isDue = log.bytes.count >= log.trimAt && log.reading == nil
      if isDue && !flight.visit.event.dryRun { trim(log, layout) }
    } catch {
      cache.settle(log)
      flight.fail(error.naming(log.key))
    }
  }

  /// Reads the windows of one entity once more, now that the event is known to have been taken in before.
  func readAgain(_ part: Flight.Part, of flight: Flight) {
    let end = part.log.bytes.count
    guard part.appends else { return read(part, of: flight, own: end..<end) }
    guard let own = part.log.find(flight.visit.bytes.rawBytes.extracting(part.append.record)) else {
      return flight.fail(
        StoreFailure(code: .unavailable, message: "where the event first stood in a log is no longer known"))
    }
    read(part, of: flight, own: own)
  }

  private func fold(
    _ append: LogAppend, of flight: Flight, _ log: CachedLog, _ own: Range<Int>, _ layout: FoldLayout
  ) throws(StoreFailure) -> Bool {
    let bytes = log.bytes
    let own = append.record.isEmpty ? own.upperBound..<own.upperBound : own
    if own.lowerBound < log.fold.foldedTo - log.fold.base {
      // Another visit's reply came first, though it stands later in the log.
      var fold = log.emptyFold(layout)
      return try fold.visit(bytes.rawBytes, own: own, of: &flight.visit, layout: layout, scratch: &scratch)
    }
    return try log.fold.visit(
      bytes.rawBytes, own: own, of: &flight.visit, layout: layout, scratch: &scratch)
  }

  /// A dry run: as if the record stood at the end.
  private func rehearse(
    _ append: LogAppend, of flight: Flight, _ log: CachedLog, _ layout: FoldLayout
  ) throws(StoreFailure) -> Bool {
    var bytes = log.bytes
    let start = bytes.count
    try log.fold.catchUp(bytes.rawBytes, to: start, layout: layout, scratch: &scratch)
    bytes.append(contentsOf: flight.visit.bytes[append.record])
    return try log.fold.rehearse(
      bytes.rawBytes, own: start..<bytes.count, of: &flight.visit, layout: layout, scratch: &scratch)
  }

  /// Says in the log itself that it lacks records, so that every process knows.
  func report(lost time: Int64, _ log: CachedLog, _ layout: FoldLayout) {
    statistics.lostLogs += 1
    log.lose(before: time)
    let write = LogWrite(
      key: log.key, record: RecordFormat.gapRecord(time: time, nonce: nextNonce()),
      expiry: layout.expiry)
    append([write], deadline: clock.now + settings.timeout) { [self] failure in
      if failure != nil { appendLater(BacklogItem(writes: [write])) }
    }
  }

  /// Writes the log anew where that saves enough. Not awaited by any decision; requests that are under way are told
  /// by the log's version how their offsets have moved.
  func trim(_ log: CachedLog, _ layout: FoldLayout) {
    let bytes = log.bytes
    log.trimAt = max(settings.trimBytesMin, bytes.count + bytes.count / 2)
    let (count, proof) = (bytes.count, log.lastRecord)
    do throws(StoreFailure) {
      try log.fold.catchUp(bytes.rawBytes, to: count, layout: layout, scratch: &scratch)
      guard
        let compacted = try log.fold.compact(
          bytes.rawBytes, keeping: settings.recordsKept, nonce: nextNonce(), layout: layout, scratch: &scratch
        )
      else { return }
      if compacted.count > settings.trimBytesMax { return }
      try log.trim(to: compacted, layout: layout)
      log.trimAt = max(settings.trimBytesMin, compacted.count + compacted.count / 2)
      var commands = CommandBuffer()
      commands.trim(log.key, count: count, proof: proof, compacted: compacted)
      statistics.trims += 1
      // Where it does not come to that, the next read shows that the log does not continue what is known here: it is
      // read as a whole, and what it lacks is noticed.
      sendAside(commands)
    } catch {
      log.reset(layout)
    }
  }
}

extension Flight {
  /// Whether reading windows would be in vain.
  var isOfNoUse: Bool {
    switch claim {
    case .decided, .conflict: true
    default: failure != nil
    }
  }
}
