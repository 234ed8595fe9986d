import Foundation
import RedisTestSupport
import Testing

/// A sidecar's pages of entities and `assay state` look at the same windows.
@Suite(
  .enabled(if: RedisServer.isInstalled && FileManager.default.isExecutableFile(atPath: "/usr/bin/curl")))
struct ServedStateTests {
  private static let entities = [
    ("user.id/u1", "user.id=u1"), ("user.id,device.id/u1,d1", "user.id=u1,device.id=d1"),
    ("payout.receiver/ann%40example.com", "payout.receiver=ann@example.com"), ("account/7", "account=7"),
  ]

  @Test func bothTellTheSame() async throws {
    let redis = try await RedisShell.start()
    defer { redis.server.stop() }
    let pages = Self.entities.map { page, entity in
      """
      curl -s --unix-socket "$WORK/s" "http://assay/v1/entities/\(page)"
      assay state \(RedisCases.wallet) --redis "$REDIS" --hashing-key-file "$WORK/key" --format json --entity '\(entity)'
      """
    }
    let found = try redis.run(
      """
      head -c 32 /dev/urandom > "$WORK/key"
      assay serve \(RedisCases.wallet) --redis "$REDIS" --hashing-key-file "$WORK/key" --socket "$WORK/s" \
        --redis-timeout 2000 2> "$WORK/log" &
      pid=$!
      for i in $(seq 200); do [ -S "$WORK/s" ] && break; sleep 0.05; done
      now=$(date -u +%Y-%m-%d)
      sed "s/2026-01-05T[0-9]*/$now""T00/" \(RedisCases.events) | curl -s --unix-socket "$WORK/s" \
        http://assay/v1/decisions -H 'content-type: application/x-ndjson' --data-binary @- > "$WORK/decisions"
      \(pages.joined(separator: "\n"))
      curl -s --unix-socket "$WORK/s" http://assay/v1/entities/user.id/nobody
      kill -TERM $pid
      wait $pid
      """)
    let lines = found.output.split(separator: "\n").map(String.init)
    try #require(lines.count == Self.entities.count * 2 + 1, "\(found)")
    for (index, entity) in Self.entities.enumerated() {
      let page = try Self.told(lines[index * 2])
      let state = try Self.told(lines[index * 2 + 1])
      #expect(page == state, "\(entity): \(lines[index * 2]) and \(lines[index * 2 + 1])")
      #expect(page.recordCount > 0, "\(entity)")
    }
    #expect(lines.last?.contains(#""record_count":0"#) == true, "\(found)")
    #expect(!lines.contains { $0.contains("ann@example.com") }, "\(found)")
  }

  private struct Told: Equatable {
    let features: String
    let recordCount: Int
    let bytes: Int
  }

  /// What does not change from one moment to the next.
  private static func told(_ line: String) throws -> Told {
    let page = try #require(
      try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any], "\(line)")
    let features = try #require(page["features"] as? [[String: Any]]).filter {
      ($0["name"] as? String)?.hasPrefix("since") != true
    }
    let data = try JSONSerialization.data(withJSONObject: features, options: .sortedKeys)
    return Told(
      features: String(decoding: data, as: UTF8.self), recordCount: page["record_count"] as? Int ?? -1,
      bytes: page["bytes"] as? Int ?? -1)
  }
}
