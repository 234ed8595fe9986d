import Foundation
import RuleSets
import TestSupport
import Testing
import Workbench

struct MendingTests {
  /// Whatever is mended, less is wrong then, nothing beside the edits has changed, and there is nothing left to mend.
  @Test(arguments: DiagnosticCase.all) func mendingHelpsAndEnds(_ test: DiagnosticCase) throws {
    let folder = try test.written()
    let first = RuleSetLoader.load(folder: folder.url.path)
    let mending = Mending(folder.url.path, first)
    func weight(_ loaded: LoadedRuleSet) -> Int {
      loaded.diagnostics.reduce(0) {
        $0 + ($1.code.hasPrefix("yaml-") ? 1_000_000 : $1.severity == .error ? 1_000 : 1)
      }
    }
    guard !mending.changes.isEmpty else {
      #expect(mending.editCount == 0)
      return
    }
    #expect(weight(mending.loaded) < weight(first))
    for change in mending.changes {
      let before = try #require(change.before)
      #expect(comments(before) == comments(change.after))
      #expect(before.count { $0 == 0x0A } == change.after.count { $0 == 0x0A }, "lines stay lines")
      try change.write(below: folder.url.path)
    }
    let second = RuleSetLoader.load(folder: folder.url.path)
    #expect(second.rendered() == mending.loaded.rendered())
    #expect(Mending(folder.url.path, second).changes.isEmpty)
  }

  /// Without the quotes that mend an expression that YAML cut at a `#`.
  private func comments(_ bytes: [UInt8]) -> [String] {
    String(decoding: bytes, as: UTF8.self).split(separator: "\n").compactMap { line in
      line.firstIndex(of: "#").map { line[$0...].filter { $0 != "'" } }
    }
  }

  @Test func enoughCasesHaveSomethingToMend() {
    let mended = DiagnosticCase.all.filter { !Mending(DiagnosticCase.rest, $0.load()).changes.isEmpty }
    #expect(mended.count >= 10, "\(mended)")
  }

  /// What stands around an expression decides how its mending is written.
  @Test func editsKeepToTheQuotesAroundThem() throws {
    func mended(_ condition: String) throws -> String {
      let text = """
        rules:
          - id: a  # keep me
            title: A
            family: velocity
            on: payout.requested
            when: \(condition)
            on_missing: skip
            score: 40
        """
      let files = ["rules/rules.yaml": Array(text.utf8)]
      let loaded = RuleSetLoader.load(folder: DiagnosticCase.rest, replacing: files)
      let edits = loaded.diagnostics.flatMap(\.edits)
      let edit = try #require(edits.first, "\(loaded.rendered())")
      #expect(edits.count == 1)
      let span = try #require(edit.place.span)
      return String(decoding: Array(text.utf8)[..<span.lowerBound].suffix(12), as: UTF8.self) + "|"
        + edit.replacement + "|"
        + String(decoding: Array(text.utf8)[span.upperBound...].prefix(3), as: UTF8.self)
    }
    #expect(try mended(#"device.os == "iOS""#) == #"evice.os == |"ios"|"# + "\n  ")
    #expect(try mended(#"'device.os == "iOS"'"#) == #"evice.os == |"ios"|'"# + "\n ")
    #expect(try mended(#"'device.os == ''iOS'''"#) == "evice.os == |''ios''|'\n ")
    #expect(try mended(#""device.os == \"iOS\"""#) == #"evice.os == |\"ios\"|""# + "\n ")
    #expect(try mended("payouts_24h > 3 and device.os == 'ios'") == "uts_24h > 3 |&&| de")
    #expect(try mended("payout_24h > 3") == "d\n    when: |payouts_24h| > ")
    #expect(try mended("payouts_24h ≥ 3") == "payouts_24h |>=| 3\n")
  }

  /// A mistake that hides behind another at the same place is mended with it.
  @Test func whatComesToLightIsMendedToo() throws {
    let text = """
      rules:
        - {id: a, title: A, family: velocity, on: payout.requested, wehn: 'payout_24h > 3 and device.os == "iOS"', on_missing: skip, score: 1}
      """
    let folder = try DiagnosticCase(name: "deep", files: ["rules/rules.yaml": Array(text.utf8)]).written()
    let mending = Mending(folder.url.path, RuleSetLoader.load(folder: folder.url.path))
    #expect(mending.loaded.ruleSet?.rules.first?.source == #"payouts_24h > 3 && device.os == "ios""#)
  }

  /// Edits of a name at many places are all made.
  @Test func aNameIsMendedEverywhere() throws {
    let rules = (1...5).map { number in
      "  - {id: r\(number), title: R, family: velocity, on: payout.requested, when: payout_24h > \(number), score: 1}\n"
    }
    let files = ["rules/rules.yaml": Array(("rules:\n" + rules.joined()).utf8)]
    let folder = try DiagnosticCase(name: "many", files: files).written()
    let mending = Mending(folder.url.path, RuleSetLoader.load(folder: folder.url.path))
    #expect(mending.loaded.ruleSet?.rules.count == 5)
    #expect(mending.editCount == 5)
  }

  /// A file that somebody else changed meanwhile is theirs.
  @Test func aFileThatChangedMeanwhileIsLeft() throws {
    let folder = try DiagnosticCase(
      name: "one", files: ["ruleset.yaml": Array("ruleset: example\ndecison: {review: 40, block: 80}\n".utf8)]
    ).written()
    let mending = Mending(folder.url.path, RuleSetLoader.load(folder: folder.url.path))
    let change = try #require(mending.changes.first)
    let file = folder.url.appending(path: "ruleset.yaml")
    try Data("ruleset: other\n".utf8).write(to: file)
    #expect(throws: OutputError.self) { try change.write(below: folder.url.path) }
    #expect(try String(contentsOf: file, encoding: .utf8) == "ruleset: other\n")
  }
}

extension DiagnosticCase {
  /// The case as a folder of its own.
  func written() throws -> RuleSetFolder {
    var texts: [String: String] = [:]
    let rest = URL(filePath: Self.rest)
    for case let path as String in FileManager.default.enumerator(atPath: Self.rest) ?? .init()
    where path.hasSuffix(".yaml") {
      texts[path] = try String(contentsOf: rest.appending(path: path), encoding: .utf8)
    }
    for (path, bytes) in files { texts[path] = String(decoding: bytes, as: UTF8.self) }
    return try RuleSetFolder(texts)
  }
}
