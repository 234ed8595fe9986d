import Foundation
import RedisTestSupport
import RedisWindows
import Testing

/// The tests' own servers are real, and nothing is left of them.
@Suite(.enabled(if: RedisServer.isInstalled)) struct ServerTests {
  @Test func aServerAnswersAndIsGoneAfterwards() async throws {
    var server: RedisServer? = try await RedisServer.start()
    let folder = try #require(server?.folder.path)
    let id = try #require(server?.processID)
    #expect(try server?.run("SET", "k", "v") == "OK")
    #expect(try server?.run("GET", "k") == "v")
    #expect(try server?.run(["SET", "b"], input: [0, 255, 10]) == "OK")
    #expect(try server?.run("STRLEN", "b") == "3")
    server = nil
    #expect(kill(id, 0) != 0)
    #expect(!FileManager.default.fileExists(atPath: folder))
  }

  @Test func aServerComesBackOnTheSamePlace() async throws {
    let server = try await RedisServer.start(.init { $0.tcp = true })
    let port = try #require(server.port)
    try server.run("SET", "k", "v")
    server.kill()
    #expect(throws: ServerError.self) { try server.run("PING") }
    try await server.restart()
    #expect(server.port == port)
    #expect(try server.run("DBSIZE") == "0")
    let durable = try await RedisServer.start(.init { $0.persistence = .appendOnly })
    try durable.run("SET", "k", "v")
    durable.kill()
    try await durable.restart()
    #expect(try durable.run("GET", "k") == "v")
  }

  @Test func aPausedServerStandsStill() async throws {
    let server = try await RedisServer.start()
    server.pause()
    let connection = try RedisWire(path: server.path)
    try connection.send(Array("PING\r\n".utf8))
    server.resume()
    #expect(try connection.reply() == .status("PONG"))
    server.pause()
    server.stop()
    #expect(server.processID == nil)
  }

  @Test func passwordsUsersAndBoundsAreInForce() async throws {
    let locked = try await RedisServer.start(.init { $0.password = "secret" })
    #expect(try RedisWire(path: locked.path).call("PING") == .error("NOAUTH Authentication required."))
    #expect(try locked.run("PING") == "PONG")
    let shared = try await RedisServer.start(
      .init {
        $0.users = ["user default off", "user app on >apples ~app:* +@all"]
        $0.memoryBytesMax = 4 << 20
        $0.memoryPolicy = "volatile-lru"
      })
    let connection = try RedisWire(path: shared.path)
    #expect(try connection.call("AUTH", "app", "apples") == .status("OK"))
    #expect(try connection.call("SET", "app:1", "1") == .status("OK"))
    #expect(try shared.run("CONFIG", "GET", "maxmemory-policy") == "maxmemory-policy\nvolatile-lru")
  }

  @Test(.enabled(if: RedisServer.canMakeCertificates)) func certificatesAreMadeOnTheSpot() async throws {
    let server = try await RedisServer.start(.init { $0.tls = .knownClients })
    let port = try #require(server.tlsPort)
    let files = try #require(server.certificates)
    let ping = ["redis-cli", "-p", "\(port)", "--tls", "--cacert", files.authority]
    let proof = ["--cert", files.client, "--key", files.clientKey]
    #expect(try ChildProcess.output(of: ping + proof + ["PING"], folder: "/").text == "PONG\n")
    #expect(try !ChildProcess.output(of: ping + ["PING"], folder: "/").text.contains("PONG"))
  }

  /// A process that ends by a signal cannot clean up; its guardian does.
  @Test func whatACrashLeavesBehindIsEnded() throws {
    let folder = "/tmp/assay-redis-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    let crash = "(echo $FOLDER; cd $FOLDER; sleep 60 >/dev/null 2>&1 & echo $! >&2) | sh -c \"$SCRIPT\""
    let left = try ChildProcess.output(
      of: ["sh", "-c", crash], folder: "/", environment: ["SCRIPT": Guardian.script, "FOLDER": folder])
    let id = try #require(Int32(left.text.trimmingCharacters(in: .whitespacesAndNewlines)))
    #expect(!FileManager.default.fileExists(atPath: folder))
    // Dead, though perhaps nobody has waited for it yet.
    let state = try? String(contentsOfFile: "/proc/\(id)/stat", encoding: .utf8)
    #expect(state?.contains("(sleep) Z") != false)
  }
}
