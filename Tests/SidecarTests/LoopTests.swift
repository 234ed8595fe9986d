import Foundation
import Sidecar
import Synchronization
import TestSupport
import Testing
import Windows

/// Several event loops over the same windows.
@Suite struct LoopTests {
  private static let files = [
    "ruleset.yaml": "ruleset: counted\ndecision: {review: 40, block: 80}\n",
    "schema.yaml":
      "event: {id: id, type: type, time: time}\ntypes: [payout]\nfields:\n  user: {type: string, required: true}\n",
    "features.yaml": "features:\n  payouts: {count: payout, by: user, over: 1h}\n",
    "rules/rules.yaml": """
    rules:
      - id: always
        title: Fires for every payout
        family: velocity
        on: payout
        when: payouts >= 1
        score: 1
        reason: "{payouts} payouts"
    """,
  ]

  /// One user's events come over connections of every loop while rules are read again and pages are asked for: each sees
  /// all before it and none after, so that together they count to their number.
  @Test func clientsOfAllLoopsCountTogether() async throws {
    let folder = try RuleSetFolder(Self.files)
    let bench = try await SidecarBench(folder.url.path) { $0.loopCount = 3 }
    let (clients, events) = (6, 100)
    let counts = Guarded<[Int]>([])
    let isOver = Atomic(false)
    async let loads: Void = withThrowingTaskGroup(of: Void.self) { group in
      for client in 0..<clients {
        group.addTask {
          try await apart {
            let connection = try bench.connect()
            for number in 0..<events {
              let event =
                #"{"id":"c\#(client)-\#(number)","type":"payout","time":"2026-01-05T12:00:00Z","user":"u"}"#
              connection.send(client % 2 == 0 ? event + "\n" : SidecarBench.request(event))
              let text = client % 2 == 0 ? connection.line() : connection.response()?.text
              let count = text?.firstMatch(of: /"([0-9]+) payouts"/).flatMap { Int($0.1) }
              counts.withLock { $0.append(count ?? 0) }
            }
          }
        }
      }
      try await group.waitForAll()
    }
    async let pages: Int = {
      var asked = 0
      while !isOver.load(ordering: .relaxed) {
        for page in ["/metrics", "/readyz", "/v1/entities/user/u", "/openapi.json"] {
          let status = try await bench.get(page)?.status
          #expect(status == 200, "\(page)")
        }
        await bench.server.reload()
        asked += 1
      }
      return asked
    }()
    try await loads
    isOver.store(true, ordering: .relaxed)
    #expect(try await pages > 0)
    #expect(counts.withLock { $0.sorted() } == Array(1...clients * events))
    await bench.server.stop()
    withExtendedLifetime(folder) {}
  }
}
