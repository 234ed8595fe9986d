import Assay
import Events
import NIOCore
import NIOPosix
import RedisTestSupport
import RedisWindows
import RuleSets
import TestSupport
import Testing
import Windows

/// What a visit asks of Redis, counted where it is sent and where it is executed.
@Suite(.enabled(if: RedisServer.isInstalled)) struct RoundTripTests {
  /// One round trip; one command for the id, three for an entity that is new, two for one that is known, whoever else
  /// appends to it.
  @Test func aVisitIsOneRoundTripOfTwoCommandsForEachEntity() async throws {
    let server = try await RedisServer.start()
    defer { server.stop() }
    let engine = Engine(rules: try Self.rules(), options: EngineOptions(clock: .replay))
    let instances = [try await CountedCore(server.address), try await CountedCore(server.address)]
    for number in 0..<60 {
      let visit = try engine.preparedVisit(Self.event(number))
      let counts = await instances[number % 2].exchange(visit)
      #expect(counts.failure == nil)
      #expect(counts.groups == 1)
      // The first instance sets the expiry. The second learns that there is one, and prolongs it at its next visit.
      #expect(counts.commands == (number < 2 || number == 3 ? 1 + 3 * 4 : 1 + 2 * 4), "event \(number)")
    }
    let statistics = try server.run("INFO", "commandstats")
    for (command, calls) in [("set", 60), ("append", 240), ("getrange", 240), ("pexpire", 12)] {
      #expect(statistics.contains("cmdstat_\(command):calls=\(calls),"), "\(command): \(statistics)")
    }
    for instance in instances { await instance.close() }
  }

  private static func event(_ number: Int) -> [UInt8] {
    Array(
      """
      {"id": "e\(number)", "type": "payout", "ts": \(1_767_600_000_000 + number * 1_000), "user": "u", "device": "d", \
      "ip": "10.0.0.1", "receiver": "r", "amount": \(number)}
      """.utf8)
  }

  private static func rules() throws -> RuleSet {
    let features = ["user", "device", "ip", "receiver"].map { key in
      """
        \(key)_count: {count: payout, by: \(key), over: 1h}
        \(key)_sum: {sum: amount, of: payout, by: \(key), over: 24h}
        \(key)_mean: {mean: amount, of: payout, by: \(key), over: 7d}

      """
    }
    return try RuleSet.fromFiles([
      "ruleset.yaml": "ruleset: trips\ndecision: {review: 40, block: 80}\n",
      "schema.yaml": """
      event: {id: id, type: type, time: {field: ts, as: unix_ms}}
      types: [payout]
      fields:
        user: {type: string}
        device: {type: string}
        ip: {type: ip}
        receiver: {type: string}
        amount: {type: int}
      """,
      "features.yaml": "features:\n" + features.joined(),
      "rules/all.yaml": "rules:\n"
        + ["user", "device", "ip", "receiver"].map { key in
          "  - {id: \(key), title: T, family: velocity, on: payout, score: 1, "
            + "when: '\(key)_count > 3 && \(key)_sum > 9 && \(key)_mean > 2.0'}\n"
        }.joined(),
    ])
  }
}

/// The store's inside on a loop, over a transport that counts.
private struct CountedCore: Sendable {
  struct Counts: Sendable {
    var groups: Int
    var commands: Int
    var failure: StoreFailure?
  }

  private let loop: any EventLoop
  private let inside: NIOLoopBound<(core: RedisCore, transport: CountingTransport)>

  init(_ address: RedisAddress) async throws {
    var configuration = RedisConfiguration(namespace: "trips")
    configuration.addresses = [address]
    let connector = try RedisConnector(configuration)
    let loop = MultiThreadedEventLoopGroup.singleton.next()
    self.loop = loop
    inside = try await loop.submit {
      let transport = CountingTransport(
        RedisNodeTransport(address: address, connector: connector, loop: loop))
      var settings = StoreSettings(connector.configuration)
      settings.timeout = 10_000_000_000
      let core = RedisCore(transport: transport, clock: NIOLoopClock(loop), settings: settings)
      return NIOLoopBound((core, transport), eventLoop: loop)
    }.get()
  }

  /// What was sent for one visit.
  func exchange(_ visit: Visit) async -> Counts {
    await withCheckedContinuation { continuation in
      loop.execute {
        let (core, transport) = inside.value
        let (groups, commands) = (transport.groups, transport.commands)
        core.exchange(visit) { visit in
          let transport = inside.value.transport
          continuation.resume(
            returning: Counts(
              groups: transport.groups - groups, commands: transport.commands - commands,
              failure: visit.failure))
        }
      }
    }
  }

  func close() async {
    try? await loop.submit { inside.value.core.close() }.get()
  }
}

/// Counts what goes through it. A group that is sent once the replies to another came is one more round trip.
private final class CountingTransport: RedisTransport {
  private let transport: RedisNodeTransport
  private(set) var groups = 0
  private(set) var commands = 0

  init(_ transport: RedisNodeTransport) { self.transport = transport }

  var health: TransportHealth { transport.health }

  func send(_ commands: borrowing CommandBuffer, deadline: Int64, receive: @escaping ReplyHandler) {
    groups += 1
    self.commands += commands.count
    transport.send(commands, deadline: deadline, receive: receive)
  }

  func close() { transport.close() }
}
