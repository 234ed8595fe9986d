internal import CEL
internal import Events
internal import Windows

/// What the replies to the commands of a visit mean, save for those about its logs.
extension RedisCore {
  /// None will come.
  func receive(_ failure: RedisFailure, _ flight: Flight) {
    flight.fail(StoreFailure(failure))
    flight.mustAppendLater = true
  }

  /// One of the replies that a flight waits for has come.
  func close(_ flight: Flight) {
    flight.open -= 1
    if flight.open == 0 { complete(flight) }
  }

  func receiveClaim(_ flight: Flight, _ replies: Replies, _ place: inout Int) {
    defer { place = replies.tape.next(after: place) }
    switch replies.kind(place) {
    case .null:
      flight.claim = .first
      return
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

  /// Takes the reply to `WAIT`.
  func receiveWait(_ flight: Flight, _ replies: Replies, _ place: Int) {
    guard replies.kind(place) == .integer else { return receiveError(flight, replies, place) }
    if replies.hasReplica(at: place) { return }
    flight.fail(
      StoreFailure(
        code: .unavailable, message: "no replica has acknowledged the records", hint: Self.replicaHint))
    flight.mustAppendLater = true
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

extension Replies {
  /// Whether the reply to `WAIT` at `place` says that a replica has all that was written before it.
  func hasReplica(at place: Int) -> Bool { kind(place) == .integer && integer(place) >= 1 }
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
