import Assay
import CAllocationCount
import Events
import Foundation
import RuleSets
import TestSupport
import Windows

/// The handbook's card transactions: decoding only, and whole decisions from bytes to bytes with twelve windows.
enum HandbookBenchmark {
  static func run() throws {
    guard let lines = try HandbookLines.load() else {
      return print("handbook: skipped, the shared data is absent")
    }
    let rules = try RuleSet(contentsOf: SharedData.projectRoot.appending(path: "Rules/handbook").path)
    let decoding = try decodingOnly(lines, rules)
    print(
      "handbook, decoding only: \(decimal(decoding.bestNanoseconds, places: 0)) ns an event, "
        + "\(grouped(decoding.perSecond)) a second")
    for allFeatures in [false, true] {
      let (whole, allocations) = try wholeDecisions(lines, rules, allFeatures: allFeatures)
      print(
        "handbook, bytes to bytes\(allFeatures ? ", all features written" : ""): "
          + "\(decimal(whole.bestNanoseconds, places: 0)) ns a decision, \(grouped(whole.perSecond)) a second "
          + "(\(decimal(whole.bestNanoseconds / decoding.bestNanoseconds))x decoding), "
          + "\(decimal(allocations)) allocations a decision")
    }
  }

  private static func decodingOnly(_ lines: [[UInt8]], _ rules: RuleSet) throws -> Timing {
    let decoder = EventDecoder(schema: rules.schema, slotCount: rules.slotCount)
    var checksum: UInt64 = 0
    let timing = try Timing.of(operations: lines.count) {
      for line in lines { checksum &+= try decoder.decode(line.span).digest.low }
    }
    keep(checksum)
    return timing
  }

  private static func wholeDecisions(
    _ lines: [[UInt8]], _ rules: RuleSet, allFeatures: Bool
  ) throws -> (Timing, allocationsPerDecision: Double) {
    var best: Timing?
    var allocations = 0.0
    for _ in 0..<3 {
      let engine = Engine(rules: rules, options: EngineOptions(clock: .replay, allFeatures: allFeatures))
      var output: [UInt8] = []
      output.reserveCapacity(1 << 16)
      let before = allocation_count()
      let timing = try Timing.once(operations: lines.count) {
        for line in lines {
          output.removeAll(keepingCapacity: true)
          try engine.decide(line.span).write(to: &output)
        }
      }
      allocations = Double(allocation_count() - before) / Double(lines.count)
      keep(output.count)
      if timing.bestNanoseconds < best?.bestNanoseconds ?? .infinity { best = timing }
    }
    return (best ?? Timing(bestNanoseconds: .nan, medianNanoseconds: .nan), allocations)
  }
}
