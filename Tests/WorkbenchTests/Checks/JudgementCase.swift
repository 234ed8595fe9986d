import Foundation
import RuleSets
import TestSupport
import Testing
import Workbench

/// One folder of `Fixtures/judgement`, laid over `_rest`, a rule set that leaves no doubt. Its name is the code that it is
/// about; behind `--` stands which variant it is. What stands in `base` is what the rule set was before, files that
/// `without.txt` names are left out.
struct JudgementCase: CustomTestStringConvertible, Sendable {
  static let root = SharedData.projectRoot.appending(path: "Fixtures/judgement")
  static let isRecording = ProcessInfo.processInfo.environment["ASSAY_RECORD"] == "1"

  let name: String
  var testDescription: String { name }
  var code: String { name.components(separatedBy: "--").first ?? name }
  var expected: URL { folder.appending(path: "expected.txt") }
  private var folder: URL { Self.root.appending(path: name) }

  static let all: [JudgementCase] = {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: root.path)) ?? []
    return names.sorted().filter { $0 != "_rest" && !$0.hasPrefix(".") }.map(JudgementCase.init)
  }()

  /// What is found of the case's own code.
  func text() throws -> String {
    let loaded = try load(Self.files(of: folder).filter { !$0.key.hasPrefix("base/") })
    let base = Self.files(of: folder.appending(path: "base"))
    let earlier = base.isEmpty ? nil : try load(base).ruleSet
    let report = CheckReport(loaded).judged(against: earlier)
    try #require(report.loaded.ruleSet != nil, "\(report.loaded.rendered())")
    let found = report.loaded.diagnostics.filter { $0.code == code }
    let text = DiagnosticRenderer(sources: loaded.sources).text(DiagnosticList(all: found))
    return text.isEmpty ? "no findings\n" : text
  }

  private func load(_ files: [String: String]) throws -> LoadedRuleSet {
    var all = Self.files(of: Self.root.appending(path: "_rest")).merging(files) { $1 }
    for path in (files["without.txt"] ?? "").split(separator: "\n") { all[String(path)] = nil }
    for path in ["without.txt", "expected.txt"] { all[path] = nil }
    let folder = try RuleSetFolder(all)
    return try RuleFolder.load(folder.url.path)
  }

  private static func files(of folder: URL) -> [String: String] {
    var files: [String: String] = [:]
    for case let path as String in FileManager.default.enumerator(atPath: folder.path) ?? .init() {
      files[path] = try? String(contentsOf: folder.appending(path: path), encoding: .utf8)
    }
    return files
  }
}
