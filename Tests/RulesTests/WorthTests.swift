import Foundation
import RewardsSimulator
import RewardsWorth
import RuleSets
import TestSupport
import Testing

/// What the rules that ship are worth, as the README of the rule set says.
///
/// The published table takes minutes and is compared where `ASSAY_WORTH=1` says so; a small one always is, and so is that
/// the published one was made of these rules and this simulator. `ASSAY_RECORD=1` writes them anew.
@Suite struct WorthTests {
  private static let folder = SharedData.projectRoot.appending(path: "Rules/rewards")
  private static let readme = folder.appending(path: "README.md")
  private static let small = SharedData.projectRoot.appending(path: "Fixtures/rewards/worth.md")
  private static let isAsked = ProcessInfo.processInfo.environment["ASSAY_WORTH"] == "1"

  /// A part of the README that a program writes.
  private struct Part {
    let begin: String
    let end: String

    static let table = Part(
      begin: "<!-- table: make worth SEEDS=held-aside ARGS=\"--format markdown\" -->\n",
      end: "<!-- end of table -->\n")
    static let idle = Part(
      begin: "<!-- idle rules: make worth ARGS=\"--format markdown\" -->\n",
      end: "<!-- end of idle rules -->\n")

    func range(in text: String) throws -> Range<String.Index> {
      let head = try #require(text.range(of: begin), "no line \(begin)")
      let tail = try #require(text.range(of: end), "no line \(end)")
      return try #require(head.upperBound <= tail.lowerBound ? head.upperBound..<tail.lowerBound : nil)
    }
  }

  private static func rules() throws -> RuleSet { try RuleSet(contentsOf: folder.path) }

  @Test func theSmallTableIsWhatTheProgramPrints() throws {
    let plan = WorthPlan(seeds: [2_001], players: 40, days: 20, strength: 0.2)
    let text = WorthMeasure.report(try Self.rules(), plan).markdown
    if FixtureTests.isRecording { try text.write(to: Self.small, atomically: true, encoding: .utf8) }
    let stored = try String(contentsOf: Self.small, encoding: .utf8)
    #expect(stored == text, "ASSAY_RECORD=1 writes \(Self.small.lastPathComponent) anew")
  }

  @Test(.enabled(if: isAsked)) func thePublishedTableIsWhatTheProgramPrints() throws {
    let rules = try Self.rules()
    let held = WorthMeasure.report(rules, WorthPlan(seeds: Array(WorthPlan.heldAside)))
    let training = WorthMeasure.report(rules, WorthPlan())
    for (part, own) in [(Part.table, held.markdown), (.idle, training.idleNames + "\n")] {
      let text = try String(contentsOf: Self.readme, encoding: .utf8)
      let range = try part.range(in: text)
      if FixtureTests.isRecording {
        try text.replacingCharacters(in: range, with: "\n\(own)\n")
          .write(to: Self.readme, atomically: true, encoding: .utf8)
      } else {
        #expect(text[range] == "\n\(own)\n", "ASSAY_WORTH=1 ASSAY_RECORD=1 writes it anew")
      }
    }
  }

  /// A table of other rules, another simulator or other seeds says nothing of these.
  @Test func thePublishedTableIsOfTheseRulesAndThisSimulator() throws {
    let text = try String(contentsOf: Self.readme, encoding: .utf8)
    let table = text[try Part.table.range(in: text)]
    let version = try Self.rules().version
    let hint = "ASSAY_WORTH=1 ASSAY_RECORD=1 writes the table anew"
    #expect(table.contains("version `\(version)`"), "the rules have changed since; \(hint)")
    #expect(
      table.contains("streams of the simulator `\(Simulation.fingerprint)`"),
      "the simulator has changed since; \(hint)")
    let seeds = WorthPlan.heldAside.map(String.init).joined(separator: ", ")
    #expect(table.contains("- seeds \(seeds), of each"), "other seeds are held aside by now; \(hint)")
  }

  /// Each rule that catches nothing more on the training seeds is said to stay for a reason.
  @Test func everyIdleRuleIsJustified() throws {
    let text = try String(contentsOf: Self.readme, encoding: .utf8)
    let idle = try Part.idle.range(in: text)
    let rest = text[idle.upperBound...]
    let section = rest[..<(rest.range(of: "\n## ")?.lowerBound ?? rest.endIndex)]
    let names = text[idle].split(separator: "`").filter {
      $0.allSatisfy { $0.isLetter || $0 == "-" || $0.isNumber }
    }
    #expect(names.count > 10)
    for name in names { #expect(section.contains("`\(name)`"), "why does `\(name)` stay?") }
  }

  /// The seeds of the published figures are none of those on which thresholds are chosen, and are asked for by name.
  @Test func seedsAreHeldAside() throws {
    #expect(!WorthPlan.training.overlaps(WorthPlan.heldAside))
    #expect(WorthPlan().seeds == Array(WorthPlan.training))
    #expect(
      WorthPlan().isForTraining && !WorthPlan(seeds: [1, WorthPlan.heldAside.lowerBound]).isForTraining)
    let makefile = try String(
      contentsOf: SharedData.projectRoot.appending(path: "Makefile"), encoding: .utf8)
    #expect(makefile.contains("--seeds $(or $(SEEDS),training)"))
  }

  /// What rules catch beside others is told of training seeds only: whoever drops rules by it has looked.
  @Test func idleRulesAreNotToldOfSeedsHeldAside() throws {
    let rules = try Self.rules()
    func text(_ seed: UInt64) -> String {
      let plan = WorthPlan(seeds: [seed], players: 5, days: 5, frauds: [.metronome], strength: 0)
      return WorthMeasure.report(rules, plan).text
    }
    #expect(text(1).contains("rules that catch nothing more"))
    #expect(!text(WorthPlan.heldAside.lowerBound).contains("rules that catch nothing more"))
  }
}
