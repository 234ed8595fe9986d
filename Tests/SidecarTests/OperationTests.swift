import Foundation
import Glibc
import RedisTestSupport
import RedisWindows
import RuleSets
import Sidecar
import Synchronization
import TestSupport
import Testing

/// What happens to a running sidecar.
@Suite struct OperationTests {
  /// A rule set of one rule that adds `score`.
  private static func files(score: Int) -> [String: String] {
    [
      "ruleset.yaml": """
      ruleset: small
      decision: {review: 1000, block: 2000}
      """,
      "schema.yaml": """
      event: {id: id, type: type, time: time}
      types: [e]
      fields:
        n: {type: int}
      """,
      "rules/all.yaml": """
      rules:
        - id: all
          title: Everything
          family: velocity
          on: e
          when: n >= 0
          score: \(score)
          reason: "{n}"
      """,
    ]
  }

  private static func event(_ id: String) -> String {
    #"{"id":"\#(id)","type":"e","time":"2026-03-01T00:00:00Z","n":1}"#
  }

  /// How often a server is stopped under load.
  private static let stops =
    ProcessInfo.processInfo.environment["ASSAY_SIDECAR_STOPS"].flatMap { Int($0) } ?? 20

  /// A key that others do not have, or that could be guessed, hashes no sensitive value that is kept in Redis.
  @Test(.enabled(if: RedisServer.isInstalled)) func sensitiveValuesInRedisNeedAKey() async throws {
    let server = try await RedisServer.start()
    var redis = RedisConfiguration(namespace: "keys")
    redis.addresses = [server.address]
    let folder = try RuleSetFolder(Self.files(score: 1))
    let bench = try await SidecarBench(folder.url.path) { [redis] in $0.redis = redis }
    let schema = folder.url.appending(path: "schema.yaml")
    let plain = try String(contentsOf: schema, encoding: .utf8)
    try (plain + "\n  mail: {type: string, sensitive: true}\n")
      .write(to: schema, atomically: true, encoding: .utf8)
    let refused = try #require(try await bench.get("/v1/ruleset/reload", method: "POST"))
    #expect(refused.status == 422 && refused.text.contains("--hashing-key-file"), "\(refused)")
    await bench.server.stop()
    await #expect {
      try await SidecarBench(folder.url.path) { [redis] in ($0.redis, $0.hashingKey) = (redis, []) }
    } throws: {
      ($0 as? SidecarError)?.message.contains("0 bytes: it could be guessed") == true
    }
    server.stop()
  }

  @Test func brokenRulesChangeNothing() async throws {
    let folder = try RuleSetFolder(Self.files(score: 1))
    let bench = try await SidecarBench(folder.url.path)
    let before = try #require(try await bench.get("/v1/ruleset"))
    let rules = folder.url.appending(path: "rules/all.yaml")
    let good = try String(contentsOf: rules, encoding: .utf8)
    try good.replacing("n >= 0", with: "m >= 0").write(to: rules, atomically: true, encoding: .utf8)
    let refused = try #require(try await bench.get("/v1/ruleset/reload", method: "POST"))
    #expect(refused.status == 422 && refused.text.contains("rules/all.yaml:"), "\(refused)")
    #expect(try await bench.get("/v1/ruleset")?.text == before.text)
    #expect(bench.log.all.contains { $0.contains("the rules were not reloaded") })
    try good.replacing("score: 1", with: "score: 2").write(to: rules, atomically: true, encoding: .utf8)
    let live = try #require(try await bench.get("/v1/ruleset/reload", method: "POST"))
    #expect(live.status == 200, "\(live)")
    let after = try #require(try await bench.get("/v1/ruleset"))
    #expect(after.text != before.text)
    let metrics = try #require(try await bench.get("/metrics")).text
    #expect(metrics.contains(#"assay_reloads_total{result="live"} 1"#), "\(metrics)")
    #expect(metrics.contains(#"assay_reloads_total{result="refused"} 1"#), "\(metrics)")
    #expect(metrics.matches(of: /assay_ruleset_info\{/).count == 1, "\(metrics)")
    await bench.server.stop()
  }

  /// Under load each decision has the score of the rules that it names, and every event gets one.
  @Test func reloadsUnderLoadMixNothing() async throws {
    let folder = try RuleSetFolder(Self.files(score: 1))
    let bench = try await SidecarBench(folder.url.path)
    let versions = try (1...2).map { try RuleSet.fromFiles(Self.files(score: $0)).version }
    let isDone = Atomic(false)
    async let load: Set<String> = apart {
      var seen: Set<String> = []
      let connection = try bench.connect()
      var number = 0
      while !isDone.load(ordering: .relaxed) {
        number += 1
        connection.send(Self.event("e\(number)") + "\n")
        let line = try #require(connection.line())
        let index = try #require(versions.firstIndex { line.contains($0) })
        #expect(line.contains(#""score":\#(index + 1),"#), "\(line)")
        seen.insert(versions[index])
      }
      return seen
    }
    let rules = folder.url.appending(path: "rules/all.yaml")
    for round in 0..<200 {
      let text = try #require(Self.files(score: round % 2 + 1)["rules/all.yaml"])
      try text.write(to: rules, atomically: true, encoding: .utf8)
      await bench.server.reload()
    }
    isDone.store(true, ordering: .relaxed)
    #expect(try await load == Set(versions))
    #expect(bench.log.all.count == 200)
    await bench.server.stop()
  }

  /// What was sent before the end is answered, whichever way it came.
  @Test func whatIsUnderWayIsAnsweredBeforeTheEnd() async throws {
    let folder = try RuleSetFolder(Self.files(score: 1))
    for round in 0..<Self.stops {
      // What is asked is that nothing is lost, however slow the machine or what watches it.
      let bench = try await SidecarBench(folder.url.path) { $0.limits.drainMilliseconds = 60_000 }
      let lines = try bench.connect()
      let requests = try bench.connect()
      let late = try bench.connect()
      let count = 200
      for number in 0..<count {
        lines.send(Self.event("l\(number)") + "\n")
        requests.send(SidecarBench.request(Self.event("r\(number)")))
      }
      async let stopped: Void = bench.server.stop()
      late.send(SidecarBench.request(Self.event("late")))
      try await apart {
        for number in 0..<count {
          #expect(lines.line()?.contains(#""event":"l\#(number)""#) == true, "round \(round), line \(number)")
          #expect(requests.response()?.status == 200, "round \(round), request \(number)")
        }
        #expect(late.response()?.status == 200, "round \(round)")
        #expect(lines.readAll().isEmpty)
        #expect(requests.readAll().isEmpty)
      }
      await stopped
      #expect(!FileManager.default.fileExists(atPath: bench.path))
    }
  }
}

extension OperationTests {
  /// Clients come all the while: whoever can still connect is answered, also who is not let in before the end begins.
  @Test func whoGetsInIsAnswered() async throws {
    let folder = try RuleSetFolder(Self.files(score: 1))
    var sum = 0
    for round in 0..<Self.stops {
      let bench = try await SidecarBench(folder.url.path)
      async let answered = withThrowingTaskGroup(of: Int.self, returning: Int.self) { group in
        for client in 0..<4 {
          group.addTask { try await apart { try Self.come(to: bench, as: client, round) } }
        }
        return try await group.reduce(0, +)
      }
      try await Task.sleep(for: .milliseconds(30))
      await bench.server.stop()
      sum += try await answered
    }
    #expect(sum > 0)
  }

  /// Comes back with a new connection until nobody listens; how often there was an answer.
  private static func come(to bench: SidecarBench, as client: Int, _ round: Int) throws -> Int {
    var count = 0
    while let connection = try? bench.connect() {
      connection.send(SidecarBench.request(event("c\(client)-\(count)")))
      guard connection.response()?.status == 200 else {
        Issue.record("round \(round), client \(client): no answer to request \(count)")
        break
      }
      count += 1
    }
    return count
  }
}

/// The socket's file.
@Suite struct SocketTests {
  @Test func itIsForItsUserOnly() async throws {
    let bench = try await SidecarBench()
    var status = stat()
    #expect(lstat(bench.path, &status) == 0)
    #expect(status.st_mode & 0o777 == 0o600)
    await bench.server.stop()
    let open = try await SidecarBench { $0.access.mode = 0o660 }
    #expect(lstat(open.path, &status) == 0)
    #expect(status.st_mode & 0o777 == 0o660)
    await open.server.stop()
  }

  @Test func aSocketThatNobodyListensAtIsReplaced() async throws {
    let first = try await SidecarBench()
    // A second one may not take the place of one that serves.
    await #expect { try await SidecarBench { $0.addresses = [.unixSocket(first.path)] } } throws: {
      ($0 as? SidecarError)?.message.contains("another process listens") == true
    }
    #expect(try await first.get("/livez")?.status == 200)
    await first.server.stop()
    let left = socket(AF_UNIX, CInt(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: Array(first.path.utf8)) }
    _ = withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(left, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
      }
    }
    close(left)
    #expect(FileManager.default.fileExists(atPath: first.path))
    let path = first.path
    let second = try await SidecarBench { $0.addresses = [.unixSocket(path)] }
    #expect(try await first.get("/livez")?.status == 200)
    await second.server.stop()
  }

  @Test func whatIsNoSocketIsLeftAlone() async throws {
    let file = FileManager.default.temporaryDirectory.appending(path: "assay-file-\(UUID().uuidString)").path
    try Data("precious".utf8).write(to: URL(filePath: file))
    defer { try? FileManager.default.removeItem(atPath: file) }
    await #expect { try await SidecarBench { $0.addresses = [.unixSocket(file)] } } throws: {
      ($0 as? SidecarError)?.message.contains("is no socket") == true
    }
    #expect(try String(contentsOfFile: file, encoding: .utf8) == "precious")
  }

  @Test func aPathThatIsTooLongIsTold() async throws {
    let long = "/tmp/" + String(repeating: "x", count: 110)
    await #expect { try await SidecarBench { $0.addresses = [.unixSocket(long)] } } throws: {
      ($0 as? SidecarError)?.message.contains("115 bytes, at most 107") == true
    }
  }

  @Test func otherUsersAreNotServed() async throws {
    let bench = try await SidecarBench { $0.access.users = [getuid()] }
    #expect(try await bench.get("/livez")?.status == 200)
    await bench.server.stop()
    let closed = try await SidecarBench { $0.access.users = [getuid() + 1] }
    #expect(try await closed.get("/livez") == nil)
    await closed.server.stop()
  }

  @Test func thereIsRoomForSoManyOnly() async throws {
    let bench = try await SidecarBench { $0.limits.connectionsMax = 3 }
    let held = try (0..<3).map { _ in try bench.connect() }
    for connection in held {
      connection.send("GET /livez HTTP/1.1\r\nhost: s\r\n\r\n")
      #expect(connection.response()?.status == 200)
    }
    #expect(try await bench.get("/livez") == nil)
    held[0].send("GET /livez HTTP/1.1\r\nhost: s\r\n\r\n")
    #expect(held[0].response()?.status == 200)
    await bench.server.stop()
  }
}
