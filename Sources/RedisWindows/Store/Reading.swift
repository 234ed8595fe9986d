internal import CEL
internal import Events
internal import Windows

/// What the replies about one entity's log mean.
extension RedisCore {
  /// Takes the replies to the commands of one part, and reads the entity's windows.
  func receive(_ index: Int, of flight: Flight, _ replies: Replies, _ place: inout Int) {
    let log = flight.parts[index].log
    let (appends, renewal) = (flight.parts[index].appends, flight.parts[index].renewal)
    var end: Int?
    var isRefused = false
    if appends {
      if replies.kind(place) == .integer && replies.integer(place) >= 0 {
        end = Int(clamping: replies.integer(place))
      } else {
        receiveError(flight, replies, place, key: log.key)
        isRefused = true
      }
      place = replies.tape.next(after: place)
    }
    let rangePlace = place
    place = replies.tape.next(after: place)
    if renewal != .none {
      receive(renewal, replies, place, of: log, flight.parts[index].layout)
      place = replies.tape.next(after: place)
    }
    guard !isRefused else { return }
    guard replies.kind(rangePlace) == .bytes else {
      return receiveError(flight, replies, rangePlace, key: log.key)
    }
    if let reading = log.reading { return wait(flight.parts[index], end, of: flight, for: reading) }
    let (from, asked) = (flight.parts[index].from, flight.parts[index].asked)
    // It was being read when this was asked for.
    if asked == 1 { return readOn(flight.parts[index], end, of: flight) }
    let record = appends ? flight.parts[index].append.record : 0..<0
    let (bytes, version) = (flight.visit.bytes, flight.parts[index].version)
    let count = replies.byteCount(rangePlace)
    let absorbed = replies.withBytes(rangePlace) { chunk in
      Result { () throws(StoreFailure) in
        try log.absorb(
          chunk, from: from, version: version, isFull: count >= asked, end: end,
          record: bytes.rawBytes.extracting(record))
      }
    }
    switch absorbed {
    case .success(.own(let own)):
      if flight.parts[index].isConfirmed { log.confirm(through: own.upperBound) }
      let known = flight.parts[index].known
      if known > 0 {
        statistics.knownReads += 1
        if from + count == known + own.count { statistics.ownReads += 1 }
      }
      read(index, log, of: flight, own: own)
    case .success(.more):
      replies.withBytes(rangePlace) { readOn(flight.parts[index], end, of: flight, after: $0) }
    case .success(.mismatch): readAnew(flight.parts[index], end, of: flight)
    case .failure(let failure):
      cache.settle(log)
      flight.fail(failure.naming(log.key))
    }
  }

  /// Reads the windows of one part's entity.
  private func read(_ index: Int, _ log: CachedLog, of flight: Flight, own: Range<Int>) {
    if read(log, flight.parts[index].layout, flight.parts[index].append, of: flight, own: own) {
      flight.doubtful.append(flight.parts[index])
    }
  }

  /// The same for a part that had to wait.
  func read(_ part: Flight.Part, of flight: Flight, own: Range<Int>) {
    if read(part.log, part.layout, part.append, of: flight, own: own) { flight.doubtful.append(part) }
  }

  /// Folds up to the event's own record and reads its windows. A log that was cut around the event's time may have held
  /// it, which makes the part doubtful: that matters once its id, or another of its logs, says that it was taken in
  /// before.
  private func read(
    _ log: CachedLog, _ layout: FoldLayout, _ append: LogAppend, of flight: Flight, own: Range<Int>
  ) -> Bool {
    defer { cache.settle(log) }
    if flight.isOfNoUse { return false }
    do throws(StoreFailure) {
      if log.fold.planIdentity != layout.identity { log.beginFold(layout) }
      let isKnown = flight.visit.prior == .attempted
      let repeats =
        flight.visit.event.dryRun
        ? try rehearse(append, of: flight, log, layout)
        : try fold(append, of: flight, log, own, layout)
      if repeats { flight.repeated.append(log) }
      let isDoubtful = !repeats && !isKnown && flight.visit.event.time <= log.fold.pushedOutTime
      let isDue = log.bytes.count >= log.trimAt && log.reading == nil
      if isDue && !flight.visit.event.dryRun { trim(log, layout) }
      return isDoubtful
    } catch {
      flight.fail(error.naming(log.key))
      return false
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
