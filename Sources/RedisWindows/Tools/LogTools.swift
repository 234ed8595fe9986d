internal import CEL
internal import Events
internal import NIOCore
package import Windows

/// What tools ask of the store beside visits.
extension RedisWindows: LogArchive {
  /// Reads a log with `GETRANGE` and `PTTL`.
  package func read(
    _ entity: [UInt8], done: @escaping @Sendable (Result<StoredLog?, ArchiveFailure>) -> Void
  ) {
    _ = withCore { core in core.read(entity, done: done) }
  }

  /// Replaces a log by the record that says so, in one command that hands back what it replaced: nothing that is
  /// appended meanwhile is erased unseen.
  package func forget(
    _ entity: [UInt8], at time: Int64,
    done: @escaping @Sendable (Result<StoredLog?, ArchiveFailure>) -> Void
  ) {
    _ = withCore { core in core.forget(entity, at: time, done: done) }
  }

  /// A recorder of one history.
  package func makeRecorder() -> any LogRecorder { RedisRecorder(self) }

  /// Sees whether the server answers, lets this client in, is recent enough and, for a client that writes, no replica;
  /// nil when it is fit. Changes nothing there, unlike `report`, which tries what it can do.
  package func greet(toWrite isWriter: Bool) async -> ArchiveFailure? {
    await withCheckedContinuation { continuation in
      _ = withCore { core in core.greet(toWrite: isWriter) { continuation.resume(returning: $0) } }
    }
  }
}

extension RedisCore {
  /// The least that a tool waits for a log. Nanoseconds.
  private static let toolPatience: Int64 = 1_000_000_000

  /// Reads the log of an entity.
  func read(_ entity: [UInt8], done: @escaping (Result<StoredLog?, ArchiveFailure>) -> Void) {
    let key = keys.log(entity.rawBytes)
    var commands = CommandBuffer()
    // A longer reply would be taken for a mistake and end the connection, with all that others wait for on it.
    let most = settings.replyBytesMax / 2
    commands.range(key, from: 0, count: most + 1)
    commands.lifetime(key)
    transport.send(commands, deadline: clock.now + max(settings.timeout, Self.toolPatience)) {
      [server] result in
      done(
        result.answer.flatMap { replies in
          let place = replies.first
          if replies.kind(place) == .bytes && replies.byteCount(place) > most {
            return .failure(.tooLong(most))
          }
          return replies.storedLog(at: place, lifetimeAt: place + 1, of: server, under: key)
        })
    }
  }

  /// Puts a record that says so in the place of an entity's log.
  func forget(
    _ entity: [UInt8], at time: Int64, done: @escaping (Result<StoredLog?, ArchiveFailure>) -> Void
  ) {
    let key = keys.log(entity.rawBytes)
    let record = RecordFormat.forgottenRecord(time: time, nonce: nextNonce())
    var commands = CommandBuffer()
    commands.replace(key, record.rawBytes)
    let waits = settings.waitsForReplica
    if waits { commands.waitForReplica(milliseconds: replicaPatience) }
    transport.send(commands, deadline: clock.now + settings.timeout) { [server] result in
      done(
        result.answer.flatMap { replies in
          let found = replies.storedLog(at: replies.first, of: server, under: key)
          // Where there was no log nothing was written.
          guard waits, case .success(.some) = found else { return found }
          return replies.acknowledgement(at: replies.first + 1, of: server).flatMap { found }
        })
    }
  }

  /// How long a command may wait for a replica: less than its deadline, so that the answer comes before that and tells
  /// why. Milliseconds.
  var replicaPatience: Int64 { max(settings.timeout / 4 * 3 / 1_000_000, 1) }

  /// Where the server is, for messages.
  var server: RedisAddress { (transport as? any RedisNode)?.address ?? .unixSocket("its primary") }

  /// Looks for what would make every visit fail.
  func greet(toWrite isWriter: Bool, done: @escaping (ArchiveFailure?) -> Void) {
    let nobody: [UInt8] = Array("nobody".utf8)
    var commands = CommandBuffer()
    let key = keys.log(nobody.rawBytes)
    commands.range(key, from: 0)
    transport.send(commands, deadline: clock.now + settings.timeout) { [self] result in
      switch result.answer.flatMap({ $0.storedLog(at: $0.first, of: server, under: key) }) {
      case .failure(let failure): done(failure)
      case .success: askFacts(toWrite: isWriter, done)
      }
    }
  }

  private func askFacts(toWrite isWriter: Bool, _ done: @escaping (ArchiveFailure?) -> Void) {
    var commands = CommandBuffer()
    commands.begin(1)
    commands.argument("INFO")
    let waits = settings.waitsForReplica
    transport.send(commands, deadline: clock.now + settings.timeout) { [server] result in
      // A server that keeps its facts to itself may be as good as any.
      guard case .success(let replies) = result, replies.kind(replies.first) == .bytes else {
        return done(nil)
      }
      let facts = ServerFacts(replies.text(replies.first))
      let finding =
        ServerChecks.version(facts, server.description)
        ?? (isWriter ? ServerChecks.role(facts, server.description) : nil)
        ?? (isWriter ? ServerChecks.replication(facts, server.description, waits) : nil)
      done(
        finding.map { ArchiveFailure(message: "redis at `\($0.server)`: \($0.message)", hint: $0.hint) })
    }
  }
}

extension Result<Replies, RedisFailure> {
  /// The replies, or why there are none as tools are told.
  var answer: Result<Replies, ArchiveFailure> {
    mapError { ArchiveFailure(message: $0.message, hint: $0.hint) }
  }
}

extension ArchiveFailure {
  fileprivate static func tooLong(_ bytes: Int) -> ArchiveFailure {
    ArchiveFailure(
      message: "the log has more than \(bytes) bytes: too many to be read at once here",
      hint: "`assay state` reads logs of any length")
  }
}

extension Replies {
  /// A log as a reply of bytes shows it; an empty one is none.
  fileprivate func storedLog(
    at place: Int, lifetimeAt lifetime: Int? = nil, of server: RedisAddress, under key: [UInt8]
  ) -> Result<StoredLog?, ArchiveFailure> {
    switch kind(place) {
    case .null: return .success(nil)
    case .bytes:
      if byteCount(place) == 0 { return .success(nil) }
      let bytes = withBytes(place) { bytes in unsafe bytes.withUnsafeBytes { unsafe Array($0) } }
      let expiresIn = lifetime.flatMap { kind($0) == .integer && integer($0) >= 0 ? integer($0) : nil }
      return .success(StoredLog(bytes: bytes, expiresIn: expiresIn, name: key.quotedKey))
    default: return .failure(failure(at: place, of: server, under: key))
    }
  }

  /// Whether a replica has the record that erased a log.
  fileprivate func acknowledgement(at place: Int, of server: RedisAddress) -> Result<Void, ArchiveFailure> {
    guard kind(place) == .integer else { return .failure(failure(at: place, of: server)) }
    if integer(place) >= 1 { return .success(()) }
    return .failure(
      ArchiveFailure(
        message: "the log was erased, but no replica has acknowledged it",
        hint: "see that a replica follows the primary; after a fail-over run the command again"))
  }

  /// Whether a key of another type was in the way.
  func isWrongType(_ place: Int) -> Bool {
    kind(place) == .error && ErrorReply(text(place)).word == "WRONGTYPE"
  }

  /// What an error reply, or one that no command of ours has, means.
  func failure(at place: Int, of server: RedisAddress, under key: [UInt8]? = nil) -> ArchiveFailure {
    guard kind(place) == .error else {
      return ArchiveFailure(
        message: "redis answered with what is no answer to the command",
        hint: "is a proxy between, or a server that is not Redis?")
    }
    let failure = ErrorReply(text(place)).failure(at: server, key: key)
    return ArchiveFailure(message: failure.message, hint: failure.hint)
  }
}
