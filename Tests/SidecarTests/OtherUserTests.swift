import Foundation
import Glibc
import RedisTestSupport
import Sidecar
import Testing

/// Processes of another user, in earnest: only root can start one.
@Suite(.enabled(if: AnotherUser.isPossible, "the tests run as no root, or there is no setpriv or curl"))
struct OtherUserTests {
  /// The user `nobody`, and its group.
  private static let nobody: UInt32 = 65_534

  /// The statuses that `count` requests of nobody's got; 0 is no answer.
  private static func ask(_ bench: SidecarBench, _ count: Int = 1) async throws -> [Int] {
    let path = bench.path
    return try await apart {
      let said = try ChildProcess.output(
        of: [
          "setpriv", "--reuid=\(nobody)", "--regid=\(nobody)", "--clear-groups", "curl", "--silent",
          "--max-time",
          "5", "--output", "/dev/null", "--write-out", "%{http_code}\n", "--unix-socket", path,
          "http://sidecar/livez?[1-\(count)]",
        ], folder: "/")
      return said.text.split(separator: "\n").map { Int($0) ?? -1 }
    }
  }

  @Test func theModeKeepsOthersOut() async throws {
    let bench = try await SidecarBench()
    #expect(try await Self.ask(bench) == [0])
    #expect(try await bench.get("/livez")?.status == 200)
    await bench.server.stop()
  }

  @Test func theGroupLetsThemIn() async throws {
    let bench = try await SidecarBench {
      $0.access.mode = 0o660
      $0.access.group = "\(Self.nobody)"
    }
    #expect(try await Self.ask(bench) == [200])
    await bench.server.stop()
  }

  /// Whoever reaches the socket is asked for the user by the kernel. Hundreds who are refused take nobody's place, and
  /// a client that is connected is answered all the while.
  @Test func theListKeepsOthersOut() async throws {
    let bench = try await SidecarBench {
      $0.access.mode = 0o666
      $0.access.users = [0]
      $0.limits.connectionsMax = 4
    }
    let connection = try bench.connect()
    async let refused = Self.ask(bench, 300)
    try await apart {
      for _ in 0..<200 {
        connection.send("GET /livez HTTP/1.1\r\nhost: s\r\n\r\n")
        #expect(connection.response()?.status == 200)
      }
    }
    #expect(try await refused == Array(repeating: 0, count: 300))
    let metrics = try #require(try await bench.get("/metrics")).text
    #expect(metrics.contains("assay_connections 2"), "\(metrics)")
    await bench.server.stop()
  }

  @Test func theListIsOfUsersAndNotOfRoot() async throws {
    let bench = try await SidecarBench {
      $0.access.mode = 0o666
      $0.access.users = [Self.nobody]
    }
    #expect(try await Self.ask(bench, 3) == [200, 200, 200])
    #expect(try await bench.get("/livez") == nil)
    await bench.server.stop()
  }
}

private enum AnotherUser {
  /// Whether this process can start one of another user's.
  static let isPossible: Bool = {
    let found = try? ChildProcess.output(
      of: ["sh", "-c", "command -v setpriv && command -v curl"], folder: "/")
    return getuid() == 0 && found?.status == 0
  }()
}
