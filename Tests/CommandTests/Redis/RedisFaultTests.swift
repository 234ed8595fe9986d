import Foundation
import RedisTestSupport
import Testing

/// What a server can have against a command: each is told with the place, the cause and the way out.
@Suite(.enabled(if: RedisServer.isInstalled)) struct RedisFaultTests {
  private static let commands = [
    "assay replay \(RedisCases.wallet) \(RedisCases.events) --redis \"$REDIS\"",
    "assay test \(RedisCases.wallet) --redis \"$REDIS\"",
    "assay state \(RedisCases.wallet) --redis \"$REDIS\" --entity user.id=u1",
    "assay backfill \(RedisCases.wallet) \(RedisCases.events) --redis \"$REDIS\"",
    "assay forget \(RedisCases.wallet) --redis \"$REDIS\" --entity user.id=u1 --yes",
  ]

  private func expect(_ expected: String, from redis: RedisShell, password: String? = nil) throws {
    let environment = password.map { ["ASSAY_REDIS_PASSWORD": $0] } ?? [:]
    for command in Self.commands {
      let found = try redis.run(command, environment: environment)
      #expect(found.exitCode == 3, "\(command)")
      #expect(found.errors == expected, "\(command)")
      #expect(found.output == "", "\(command)")
    }
  }

  @Test func aPasswordThatIsMissingOrWrongIsTold() async throws {
    let redis = try await RedisShell.start(RedisServer.Options { $0.password = "right" })
    defer { redis.server.stop() }
    try expect(
      """
      error: `--redis`: redis at `$SOCKET` asks for a password
      hint: name a file with `password_file`, or set the environment's `ASSAY_REDIS_PASSWORD`

      """, from: redis)
    try expect(
      """
      error: `--redis`: redis at `$SOCKET` does not accept the user and password
      hint: see `ACL LIST` of the server for its users

      """, from: redis, password: "wrong")
    let found = try redis.run(Self.commands[0], environment: ["ASSAY_REDIS_PASSWORD": "right"])
    #expect(found.exitCode == 0, "\(found)")
  }

  @Test func aUserWithoutTheRightToTheKeysIsTold() async throws {
    let redis = try await RedisShell.start(
      RedisServer.Options { $0.users = ["user default on nopass ~other:* +@all"] })
    defer { redis.server.stop() }
    try expect(
      """
      error: `--redis`: redis at `$SOCKET` does not allow the user a command or key
      hint: see `ACL GETUSER` of the server for the user's rights

      """, from: redis)
  }

  /// A replica will do for looking, and for nothing else.
  @Test func aReplicaIsTold() async throws {
    let primary = try await RedisServer.start(RedisServer.Options { $0.tcp = true })
    defer { primary.stop() }
    let redis = try await RedisShell.start()
    defer { redis.server.stop() }
    try redis.server.run("REPLICAOF", "127.0.0.1", "\(primary.port ?? 0)")
    for _ in 0..<200 where try !redis.server.run("INFO", "replication").contains("master_link_status:up") {
      try await Task.sleep(for: .milliseconds(20))
    }
    let found = try redis.run(Self.commands[3])
    #expect(found.exitCode == 3)
    #expect(
      found.errors == """
        error: `--redis`: redis at `$SOCKET`: the server is a replica and takes no writes
        hint: name its primary, or use Sentinel or a cluster

        """, "\(found.errors)")
    let state = try redis.run(Self.commands[2])
    #expect(state.errors.hasPrefix("error: `user.id=u1` has no log\n"), "\(state.errors)")
  }

  @Test func aServerThatIsTooOldIsTold() throws {
    let peer = try AnsweringPeer(["+OK\r\n", "$0\r\n\r\n", "$23\r\nredis_version:6.0.16\r\n#\r\n"])
    try check(
      peer,
      "redis at `$SOCKET`: version 6.0.16 lacks `SET` with `NX` and `GET`\nhint: use version 7.0 or later\n")
  }

  @Test func aPeerThatIsNoRedisIsTold() throws {
    let peer = try AnsweringPeer(["HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n"])
    try check(peer, "redis at `$SOCKET`")
  }

  @Test func aPeerThatNeverAnswersIsTold() throws {
    let peer = try AnsweringPeer([])
    try check(peer, "redis at `$SOCKET`", options: " --redis-timeout 200")
  }

  private func check(_ peer: AnsweringPeer, _ expected: String, options: String = "") throws {
    for command in Self.commands {
      let found = try Shell.run(command + options, environment: ["REDIS": "unix://\(peer.path)"])
      #expect(found.exitCode == 3)
      let errors = found.errors.replacing(peer.path, with: "$SOCKET")
      #expect(errors.hasPrefix("error: `--redis`: \(expected)"), "\(errors)")
      #expect(errors.contains("\nhint: "), "\(errors)")
    }
  }

  @Test func aServerWithoutTLSIsTold() async throws {
    let server = try await RedisServer.start(RedisServer.Options { $0.tcp = true })
    defer { server.stop() }
    let port = try #require(server.port)
    for command in Self.commands {
      let found = try Shell.run(
        command + " --redis-timeout 800", environment: ["REDIS": "rediss://127.0.0.1:\(port)"])
      #expect(found.exitCode == 3)
      #expect(
        found.errors == """
          error: `--redis`: redis at `127.0.0.1:\(port)` took the connection, but began no encryption in time
          hint: does it speak TLS on this port? without, the URL begins with `redis` or `redis+…`

          """, "\(found)")
    }
  }

  /// A full server refuses what is appended: whoever replays or tests is told so, and what to do about it.
  @Test func aServerWithoutMemoryIsTold() async throws {
    let redis = try await RedisShell.start()
    defer { redis.server.stop() }
    try redis.server.run("CONFIG", "SET", "maxmemory", "1")
    let hint = "hint: raise `maxmemory`, or let keys expire earlier; then "
    for (command, exact) in zip(
      Self.commands, [hint + "run the command again", hint + "run the tests again"])
    {
      let found = try redis.run(command + " --redis-timeout 500")
      #expect(found.exitCode == 3)
      #expect(found.errors.contains("redis has reached `maxmemory`"), "\(found)")
      #expect(found.errors.contains(exact), "\(found)")
    }
  }

  /// The name of the key in a decision is the one to paste.
  @Test func aKeyOfAnotherTypeIsNamedInDecisions() async throws {
    let redis = try await RedisShell.start()
    defer { redis.server.stop() }
    let key = #""shared:1:{user.id\x00\x05\x02\x00u1}""#
    #expect(try redis.type("LPUSH \(key) x") == "1\n")
    let found = try redis.run("\(Self.commands[0]) --namespace shared --quiet")
    #expect(found.exitCode == 3)
    #expect(
      found.errors.contains(
        "the first because redis has a value of another type under a key: \(key)\nhint: another program"),
      "\(found)")
    #expect(found.output.contains(#"{user.id\\x00\\x05\\x02\\x00u1}"#))
    #expect(try redis.type("TYPE \(key)") == "list\n")
  }

  /// Without the option the URL's timeout counts, which is shorter than what is usual.
  @Test func theTimeoutOfTheURLCounts() throws {
    let peer = try AnsweringPeer([])
    let clock = ContinuousClock()
    let start = clock.now
    let found = try Shell.run(Self.commands[0], environment: ["REDIS": "unix://\(peer.path)?timeout=200ms"])
    #expect(found.exitCode == 3)
    #expect(start.duration(to: clock.now) < .seconds(4), "\(found)")
  }

  /// A server that stops while its windows are needed: degraded decisions, an end, and nothing that hangs.
  @Test func aServerThatGoesAwayInTheMiddleEndsTheCommand() async throws {
    let redis = try await RedisShell.start()
    defer { redis.server.stop() }
    let id = try #require(redis.server.processID)
    let found = try redis.run(
      """
      mkfifo "$WORK/events"
      assay replay \(RedisCases.wallet) "$WORK/events" --redis "$REDIS" --redis-timeout 200 > "$WORK/decisions" &
      { head -n 5 \(RedisCases.events); sleep 0.5; kill -STOP \(id); tail -n +6 \(RedisCases.events); } > "$WORK/events"
      wait $!
      echo "exit $?"
      grep -c '"degraded":false' "$WORK/decisions"
      grep -c '"degraded":true' "$WORK/decisions"
      kill -CONT \(id)
      """)
    #expect(found.output == "exit 3\n5\n5\n", "\(found)")
    #expect(
      found.errors.contains("error: `--redis`: Redis has not taken all that was written: "), "\(found.errors)"
    )
  }

  /// Events that were put off while the server was away have keys as well.
  @Test func theKeysOfEventsThatWaitedAreRemoved() async throws {
    let redis = try await RedisShell.start()
    defer { redis.server.stop() }
    let id = try #require(redis.server.processID)
    let found = try redis.run(
      """
      mkfifo "$WORK/events"
      assay replay \(RedisCases.wallet) "$WORK/events" --redis "$REDIS" --redis-timeout 300 > "$WORK/decisions" &
      { head -n 2 \(RedisCases.events); sleep 0.5; kill -STOP \(id); tail -n +3 \(RedisCases.events); sleep 1
        kill -CONT \(id); sleep 1; } > "$WORK/events"
      wait $!
      echo "exit $?"
      grep -c 'still wait to be appended' "$WORK/decisions"
      """)
    #expect(found.output.hasPrefix("exit 3\n"), "\(found)")
    #expect(!found.output.hasSuffix("\n0\n"), "\(found)")
    #expect(
      found.errors.contains(" decisions were made without all of their windows; the first because "),
      "\(found)")
    #expect(try redis.keyCount() == 0)
  }
}

/// A peer that gives one answer for each piece that it receives, then none.
final class AnsweringPeer: Sendable {
  let path: String
  private let listener: Int32

  init(_ answers: [String]) throws {
    path = "/tmp/assay-peer-\(UUID().uuidString.prefix(8))"
    let listener = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
    self.listener = listener
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
    let size = socklen_t(MemoryLayout<sockaddr_un>.size)
    let bound = withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(listener, $0, size) }
    }
    guard bound == 0, listen(listener, 8) == 0 else { throw CocoaError(.fileWriteUnknown) }
    Thread.detachNewThread {
      while true {
        let connection = accept(listener, nil, nil)
        if connection < 0 { return }
        Thread.detachNewThread { Self.serve(connection, answers) }
      }
    }
  }

  deinit {
    shutdown(listener, Int32(SHUT_RDWR))
    close(listener)
    unlink(path)
  }

  private static func serve(_ connection: Int32, _ answers: [String]) {
    var left = answers[...]
    var buffer = [UInt8](repeating: 0, count: 4_096)
    while recv(connection, &buffer, buffer.count, 0) > 0 {
      guard let answer = left.popFirst() else { continue }
      let bytes = Array(answer.utf8)
      _ = send(connection, bytes, bytes.count, Int32(truncatingIfNeeded: MSG_NOSIGNAL))
    }
    close(connection)
  }
}
