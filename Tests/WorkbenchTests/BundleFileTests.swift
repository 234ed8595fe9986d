import Assay
import Foundation
import RuleSets
import TestSupport
import Testing
import Workbench

/// Files of bundles: what they hold beside the decisions, how long their lines may be, and what else is in their place.
@Suite struct BundleFileTests {
  /// A rule set with a list in a file, tests, and its files' texts.
  private final class Recorded {
    let folder: RuleSetFolder
    let rules: RuleSet
    let sources: SourceFiles
    let scratch: TemporaryFolder
    var path: String { scratch.url.appending(path: "bundles").path }

    init(_ reason: String = "{name}") throws {
      scratch = try TemporaryFolder()
      folder = try RuleSetFolder([
        "ruleset.yaml": "ruleset: kept\ndecision: {review: 40, block: 80}\n",
        "schema.yaml": """
        event: {id: id, type: type, time: time}
        types: [a]
        fields: {name: {type: string, required: true}}

        """,
        "features.yaml": "features: {n: {count: a, by: name, over: 1h}}\n",
        "lists.yaml": "lists: {odd: {file: odd.txt, type: string}}\n",
        "odd.txt": "one\nthree \u{2713}\n",
        "rules/r.yaml": """
        rules:
          - {id: often, title: Often, family: velocity, on: a, when: n > 1, score: 40, reason: "\(reason)"}
          - {id: odd, title: Odd, family: behaviour, on: a, when: name in odd, score: 5}

        """,
        "tests/t.yaml": """
        tests:
          - name: one event
            events: [{type: a, at: 0s, with: {name: x}, expect: {fired: []}}]

        """,
      ])
      let loaded = RuleSetLoader.load(folder: folder.url.path)
      rules = try #require(loaded.ruleSet)
      sources = loaded.sources
    }

    /// Decides and records events with these names, and gives back what the file lacks.
    @discardableResult func record(
      _ names: [String], lineBytesMax: Int = BundleFile.lineBytesMax, more: String = ""
    ) throws
      -> [String]
    {
      let filter = try BundleFilter([], rules: rules)
      let writer = try BundleWriter(
        creating: path, rules: rules, sources: sources, allFeatures: false, filter: filter,
        lineBytesMax: lineBytesMax)
      let engine = Engine(rules: rules, options: EngineOptions(clock: .replay))
      for (number, name) in names.enumerated() {
        let line = Array(
          (#"{"id":"e\#(number)","type":"a","time":"2026-01-05T10:00:0\#(number)Z","name":"#
            + JSONValue.string(name).encoded() + more + "}").utf8)
        try writer.write(engine.examine(line.span), line)
      }
      try writer.finish()
      return writer.warnings
    }
  }

  @Test func theRulesComeWithTheirBundles() throws {
    let recorded = try Recorded()
    #expect(try recorded.record(["one", "one", "three \u{2713}"]) == [])
    let rules = try #require(try BundleFile.find("e1", in: recorded.path).rules)
    let loaded = rules.load()
    #expect(loaded.findings.all.isEmpty && loaded.ruleSet?.tests.isEmpty == true)
    let again = try #require(loaded.ruleSet)
    #expect(again.version == recorded.rules.version && again.name == "kept")
    for id in ["e0", "e1", "e2"] {
      let bundle = try BundleFile.find(id, in: recorded.path).bundle
      let evaluation = try BundleEvaluation(bundle, rules: again)
      #expect(evaluation.differences == [] && evaluation.remark == nil)
      #expect(evaluation.examination.decision.hasFired("odd"))
    }
  }

  /// `jq .` and its like write lines anew; two files in one are still each other's neighbours.
  @Test func rewrittenAndJoinedFilesAreRead() throws {
    let (one, other) = try (Recorded(), Recorded("other {n}"))
    try one.record(["x"])
    try other.record(["x", "x"])
    let texts = try [one, other].map { try String(contentsOfFile: $0.path, encoding: .utf8) }
    let joined = try one.scratch.write("joined", texts.joined().replacing("\":", with: "\" : "))
    let first = try BundleFile.find("e0", in: joined)
    #expect(first.rules?.version == one.rules.version && first.bundle.ruleSet.version == one.rules.version)
    let second = try BundleFile.find("e1", in: joined)
    #expect(second.rules?.version == other.rules.version)
  }

  /// The rules of another file beside a bundle are not its rules.
  @Test func rulesOfOthersAreNotTaken() throws {
    let (one, other) = try (Recorded(), Recorded("other {n}"))
    try one.record(["x"])
    try other.record(["x"])
    let lines = try [one, other].map {
      try String(contentsOfFile: $0.path, encoding: .utf8).split(separator: "\n").map(String.init)
    }
    let mixed = try one.scratch.write("mixed", lines[0][0] + "\n" + lines[1][1] + "\n")
    #expect(try BundleFile.find(nil, in: mixed).rules == nil)
    let bare = try one.scratch.write("bare", lines[0][1])
    #expect(try BundleFile.find(nil, in: bare).rules == nil)
    let broken = try one.scratch.write(
      "broken", lines[0][0].replacing("\"files\":[", with: "\"files\":[3,") + "\n" + lines[0][1])
    #expect(try BundleFile.find(nil, in: broken).rules == nil)
    let without = try one.scratch.write("without", lines[0][0] + "\n")
    let problem = #expect(throws: ExplainProblem.self) { try BundleFile.find(nil, in: without) }
    #expect(problem?.message.hasSuffix("has no bundles") == true)
  }

  /// Rules that someone has changed in the file are loaded, and the decision tells.
  @Test func changedRulesInTheFileAreSaid() throws {
    let recorded = try Recorded()
    try recorded.record(["x", "x"])
    let text = try String(contentsOfFile: recorded.path, encoding: .utf8)
    let changed = try recorded.scratch.write("changed", text.replacing("n > 1", with: "n > 7"))
    let found = try BundleFile.find("e1", in: changed)
    let rules = try #require(found.rules?.load().ruleSet)
    let evaluation = try BundleEvaluation(found.bundle, rules: rules)
    #expect(evaluation.remark?.contains("the rules have changed since") == true)
    #expect(evaluation.differences.contains { $0.hasPrefix("score") })
    let broken = try recorded.scratch.write("broken", text.replacing("n > 1", with: "n >"))
    #expect(try BundleFile.find("e1", in: broken).rules?.load().ruleSet == nil)
  }

  /// An event of the greatest size comes back, escaped as it is.
  @Test func theLongestEventsAreReadAgain() throws {
    let recorded = try Recorded()
    let long = String(repeating: "\\\"", count: 400_000) + String(repeating: "x", count: 200_000)
    #expect(try recorded.record(["one", "one"], more: #","more":"\#(long)""#) == [])
    let found = try BundleFile.find("e1", in: recorded.path)
    #expect(found.bundle.input.utf8.count > 1_000_000)
    let size = try Data(contentsOf: URL(filePath: recorded.path)).count
    #expect(size > 2 * LineReader.lineBytesMax)
    let evaluation = try BundleEvaluation(found.bundle, rules: recorded.rules)
    #expect(evaluation.differences == [])
  }

  @Test func whatIsLongerThanALineIsSaidAndLeftOut() throws {
    let recorded = try Recorded()
    let long = String(repeating: "x", count: 5_000)
    let warnings = try recorded.record(["one", long, "one", long], lineBytesMax: 4_000)
    #expect(warnings == ["2 bundles are not recorded, of more than 4000 bytes"])
    #expect(try BundleFile.find("e2", in: recorded.path).bundle.event == "e2")
    #expect(throws: ExplainProblem.self) { try BundleFile.find("e1", in: recorded.path) }
    let without = try recorded.record(["one"], lineBytesMax: 500)
    #expect(
      without == [
        "the rules are not recorded: their files are no text, or more than 500 bytes",
        "1 bundle is not recorded, of more than 500 bytes",
      ])
  }
}
