import Assay
import CAssayInterface
import Foundation
import RuleSets
import TestSupport
import Testing

/// What a call through C costs beside a call of the engine; run by `make cost-c`, as other tests would disturb it.
@Suite(.enabled(if: ProcessInfo.processInfo.environment["ASSAY_MEASURE"] != nil))
struct CostTests {
  private static let count = 20_000

  @Test func aDecisionThroughC() throws {
    let files = TwoRules.files(score: 10)
    let small = try RuleSetFolder(files)
    let shipped = try SameBytesTests.shipped()
    let payouts = (0..<Self.count).map { TwoRules.event($0, user: $0 % 1_000) }
    for (name, folder, events) in [
      ("one rule, one window", small.url.path, payouts), ("Rules/rewards", CEngine.rewards, shipped),
    ] {
      var direct: [Double] = []
      var throughC: [Double] = []
      for _ in 0..<7 {
        direct.append(try Self.direct(folder, events))
        throughC.append(try Self.throughC(folder, events))
      }
      let (left, right) = (direct.min() ?? 0, throughC.min() ?? 0)
      print(
        "\(name): \(Int(left)) ns to decide and write JSON in Swift, \(Int(right)) ns through C,",
        "\(Int(right - left)) ns more")
      #expect(right < left * 1.5 + 500)
    }
  }

  /// Nanoseconds for one event, from bytes to bytes.
  private static func direct(_ folder: String, _ events: [String]) throws -> Double {
    let engine = Engine(rules: try RuleSet(contentsOf: folder))
    let events = events.map { Array($0.utf8) }
    var bytes = 0
    let start = processorNanoseconds()
    for event in events { bytes += try engine.decide(event.span).json.count }
    #expect(bytes > 0)
    return (processorNanoseconds() - start) / Double(events.count)
  }

  private static func throughC(_ folder: String, _ events: [String]) throws -> Double {
    let engine = try CEngine(folder)
    let events = events.map { $0.utf8.map { CChar(bitPattern: $0) } }
    var bytes = 0
    let start = processorNanoseconds()
    for event in events {
      var answer: UnsafeMutablePointer<CChar>?
      var length = 0
      event.withUnsafeBufferPointer {
        _ = assay_decide(engine.handle, $0.baseAddress, $0.count, &answer, &length)
      }
      bytes += length
      assay_free(answer)
    }
    #expect(bytes > 0)
    return (processorNanoseconds() - start) / Double(events.count)
  }

  private static func processorNanoseconds() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return Double(time.tv_sec) * 1e9 + Double(time.tv_nsec)
  }
}
