import Foundation
import RedisTestSupport
import TestSupport
import Testing

/// The README's commands over Redis do what it says.
@Suite(.enabled(if: RedisServer.isInstalled)) struct RedisReadmeTests {
  @Test func everyCommandSucceeds() async throws {
    let readme = try String(
      contentsOf: SharedData.projectRoot.appending(path: "README.md"), encoding: .utf8)
    let block = readme.components(separatedBy: "```console\n")[1].components(separatedBy: "```")[0]
    let lines = block.split(separator: "\n")
    #expect(lines.first == "redis=unix:///run/redis/redis.sock")
    #expect(lines.count == 6)
    let redis = try await RedisShell.start()
    defer { redis.server.stop() }
    for line in lines.dropFirst() {
      let found = try redis.run("redis=\"$REDIS\"\n\(line)")
      #expect(found.exitCode == 0, "\(line)\n\(found.errors)")
      #expect(!(found.output + found.errors).isEmpty)
      if line.contains("assay test") || line.contains("assay replay") { #expect(try redis.keyCount() == 0) }
      if line.contains("assay state") { #expect(found.output.hasPrefix("user.id=u1003, ")) }
    }
  }
}
