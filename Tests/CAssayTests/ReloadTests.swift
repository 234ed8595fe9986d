import CAssay
import CAssayInterface
import Foundation
import Synchronization
import TestSupport
import Testing
import Windows

/// Rules change under an engine; decisions and other threads do not mind.
@Suite struct ReloadTests {
  private func write(_ text: String, _ folder: RuleSetFolder) throws {
    try Data(text.utf8).write(to: folder.url.appending(path: "rules/rules.yaml"), options: .atomic)
  }

  @Test func brokenRulesChangeNothing() throws {
    let folder = try RuleSetFolder(TwoRules.files(score: 10))
    let engine = try CEngine(folder.url.path)
    let before = engine.ruleset()
    try write(TwoRules.rules(score: 10).replacing("payouts >=", with: "payoutz >="), folder)
    let refused = engine.reload()
    #expect(refused.status == ASSAY_BROKEN_RULES && refused.isProblem("rules-broken"), "\(refused)")
    let problem = try #require(
      try JSONSerialization.jsonObject(with: Data((refused.text ?? "").utf8)) as? [String: Any])
    let findings = try #require(problem["findings"] as? [[String: Any]])
    #expect(findings.first?["file"] as? String == "rules/rules.yaml")
    #expect((problem["detail"] as? String)?.contains("payoutz") == true)
    #expect(engine.ruleset() == before)
    #expect(engine.decide(TwoRules.event(1)).text?.contains("scored 10, 1 payouts") == true)

    try write(TwoRules.rules(score: 20), folder)
    let reloaded = engine.reload()
    #expect(reloaded.status == ASSAY_OK && reloaded != before && reloaded == engine.ruleset())
    // The windows are those of before.
    #expect(engine.decide(TwoRules.event(2)).text?.contains("scored 20, 2 payouts") == true)
  }

  /// Eight threads decide while rules change: every decision is of one version, and none is lost.
  @Test func eightThreadsDecideWhileRulesChange() throws {
    let folder = try RuleSetFolder(TwoRules.files(score: 10))
    let engine = try CEngine(folder.url.path)
    let seen = Guarded<[Substring: Set<Substring>]>([:])
    let failures = Guarded<[CAnswer]>([])
    let running = Atomic(8)
    let threads = (0..<8).map { user in
      Thread {
        for number in 1...2_000 {
          let answer = engine.decide(TwoRules.event(number, user: user))
          guard answer.status == ASSAY_OK, let text = answer.text,
            text.contains(", \(number) payouts"),
            let match = text.firstMatch(of: /"score":([0-9]+),.*"version":"([^"]*)"/)
          else {
            failures.withLock { $0.append(answer) }
            continue
          }
          _ = seen.withLock { $0[match.1, default: []].insert(match.2) }
        }
        running.subtract(1, ordering: .relaxed)
      }
    }
    for thread in threads { thread.start() }
    var reloads = 0
    while running.load(ordering: .relaxed) > 0 {
      try write(TwoRules.rules(score: reloads % 2 == 0 ? 20 : 10), folder)
      #expect(engine.reload().status == ASSAY_OK)
      reloads += 1
    }
    #expect(failures.withLock { $0.first } == nil)
    // One score, one version.
    let versions = seen.withLock { $0 }
    #expect(reloads > 10 && versions.keys.sorted() == ["10", "20"], "\(reloads) reloads: \(versions)")
    #expect(versions.values.allSatisfy { $0.count == 1 }, "\(versions)")
  }

  /// An engine is destroyed under those who use it: each call is answered whole or told that there is none.
  @Test func destroyWaitsForCalls() throws {
    for _ in 0..<20 {
      let folder = try RuleSetFolder(TwoRules.files(score: 10))
      let engine = try CEngine(folder.url.path)
      let statuses = Guarded<Set<UInt32>>([])
      let running = Atomic(4)
      for user in 0..<4 {
        Thread.detachNewThread {
          var number = 0
          while true {
            number += 1
            let status = engine.decide(TwoRules.event(number, user: user)).status
            _ = statuses.withLock { $0.insert(status.rawValue) }
            if status != ASSAY_OK { break }
          }
          running.subtract(1, ordering: .relaxed)
        }
      }
      usleep(2_000)
      #expect(assay_destroy(engine.handle) == ASSAY_OK)
      while running.load(ordering: .relaxed) > 0 { usleep(100) }
      #expect(statuses.withLock { $0 }.isSubset(of: [ASSAY_OK.rawValue, ASSAY_NO_ENGINE.rawValue]))
    }
  }

  @Test func optionsDoWhatTheySay() throws {
    let folder = try RuleSetFolder(TwoRules.files(score: 10))
    let dry = try CEngine(folder.url.path) { $0.flags = UInt32(ASSAY_DRY_RUN) }
    for _ in 0..<2 {
      let text = dry.decide(TwoRules.event(1)).text ?? ""
      #expect(text.contains(#""dry_run":true"#) && text.contains(#""repeated":false"#), "\(text)")
    }
    let future = TwoRules.event(1).replacing("2026", with: "2096")
    let live = try CEngine(folder.url.path)
    #expect(live.decide(future).isProblem("too-far-ahead"))
    let recorded = try CEngine(folder.url.path) {
      $0.flags = UInt32(ASSAY_RECORDED_EVENTS | ASSAY_ALL_FEATURES)
    }
    #expect(recorded.decide(future).text?.contains(#""features":{"payouts":1}"#) == true)
    #expect(live.decide(TwoRules.event(1)).text?.contains(#""repeated":false"#) == true)
    #expect(live.decide(TwoRules.event(1)).text?.contains(#""repeated":true"#) == true)
  }
}
