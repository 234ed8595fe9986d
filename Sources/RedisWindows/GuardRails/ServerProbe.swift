/// The commands of a visit, on keys that nobody else has and that are gone after ten seconds.
struct ServerProbe {
  private static let lifetimeMilliseconds = 10_000
  /// Tags tried until one belongs to the wanted server; a server with a thousandth of the slots is found.
  private static let tagsMax = 16_384

  let commands: CommandBuffer
  private let record: [UInt8]

  /// A probe for any server, or for the one that serves the slots for which `slots` says so.
  init(_ settings: ServerInspection.Settings, slots: ((Int) -> Bool)?) {
    func key(_ number: UInt64, _ kind: String) -> [UInt8] {
      Array("\(settings.namespace):probe:{\(String(settings.nonce &+ number, radix: 16))}\(kind)".utf8)
    }
    let wanted = (0..<UInt64(Self.tagsMax)).first { slots?(KeySlot.of(key($0, "")[...])) ?? true } ?? 0
    let (identity, log) = (key(wanted, ":id"), key(wanted, ":log"))
    let record = Array("assay probe \(String(settings.nonce, radix: 16))".utf8)
    var commands = CommandBuffer()
    commands.begin(7)
    commands.argument("SET")
    unsafe commands.key(identity.span.bytes)
    unsafe commands.argument(record.span.bytes)
    for word: StaticString in ["NX", "GET", "PX"] { commands.argument(word) }
    commands.argument(Self.lifetimeMilliseconds)
    commands.begin(3)
    commands.argument("APPEND")
    unsafe commands.key(log.span.bytes)
    unsafe commands.argument(record.span.bytes)
    commands.begin(4)
    commands.argument("PEXPIRE")
    unsafe commands.key(log.span.bytes)
    commands.argument(Self.lifetimeMilliseconds)
    commands.argument("NX")
    commands.begin(4)
    commands.argument("GETRANGE")
    unsafe commands.key(log.span.bytes)
    commands.argument(0)
    commands.argument(-1)
    self.commands = commands
    self.record = record
  }

  /// What is wrong with the replies.
  func finding(_ replies: Replies, _ server: String) -> RedisReport.Finding? {
    for (index, name) in ["SET", "APPEND", "PEXPIRE", "GETRANGE"].enumerated() {
      let place = replies.first + index
      guard replies.kind(place) == .error else { continue }
      let failure = ErrorReply(replies.text(place)).failure(at: .unixSocket(server))
      return RedisReport.Finding(
        .probe, .error, server: server, "a probe with `\(name)` failed: \(failure.message)",
        hint: failure.hint)
    }
    let isRead = replies.withBytes(replies.first + 3) { bytes in
      unsafe bytes.withUnsafeBytes { unsafe $0.elementsEqual(record) }
    }
    if isRead && replies.integer(replies.first + 1) == Int64(record.count) { return nil }
    return RedisReport.Finding(
      .probe, .error, server: server, "a probe did not read what it had appended",
      hint: "is a proxy between, or a server that is not Redis?")
  }
}

extension ClusterTransport {
  /// Whether `address` serves `slot`, as far as is known.
  func serves(_ slot: Int, at address: RedisAddress) -> Bool {
    map.owner(of: slot).map { map.primaries[$0] == address } ?? false
  }
}
