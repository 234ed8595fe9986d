import Foundation
import RuleSets
import TestSupport

/// `Rules/rewards` with a few edits at random, as authors make them.
struct EditedRules {
  /// What was edited, for messages.
  private(set) var edits: [String] = []
  private var files: [String: String]

  /// The files that decide anything, without the tests.
  static let original: [String: String] = {
    let root = SharedData.projectRoot.appending(path: "Rules/rewards")
    let names = FileManager.default.enumerator(atPath: root.path)?.compactMap { $0 as? String } ?? []
    var files: [String: String] = [:]
    for name in names where !name.hasPrefix("tests") {
      files[name] = try? String(contentsOf: root.appending(path: name), encoding: .utf8)
    }
    return files
  }()

  /// A few edits of `Rules/rewards`; the rules may have errors then.
  init(_ generator: inout SeededGenerator) {
    files = Self.original
    for _ in 0..<Int.random(in: 1...6, using: &generator) { edit(&generator) }
  }

  func load() -> RuleSet? { try? RuleSet.fromFiles(files) }

  private mutating func edit(_ generator: inout SeededGenerator) {
    let kinds: [(what: String, folder: String, pattern: String, values: [String])] = [
      ("score", "rules/", #"score: \d+"#, ["score: 10", "score: 40", "score: 60", "score: 90"]),
      ("status", "rules/", "status: shadow", ["status: live", "status: off"]),
      (
        "missing", "rules/", "on_missing: (skip|review)",
        ["on_missing: skip", "on_missing: review", "on_missing: block"]
      ),
      ("decide", "rules/", "decide: (block|review)", ["decide: review", "score: 50", "decide: block"]),
      ("comparison", "rules/", #">= \d+\b"#, [">= 2", ">= 3", ">= 5", "> 1"]),
      ("window", "features", "over: (1h|24h|7d)", ["over: 10m", "over: 2h", "over: 3d", "over: 14d"]),
      ("counting", "features", "by: user.id, over", ["by: user.id, counting: accepted, over"]),
      ("where", "features", #""hosting""#, [#""vpn""#, #""mobile""#]),
      ("thresholds", "ruleset", "review: 40", ["review: 20", "review: 60"]),
      ("thresholds", "ruleset", "block: 80", ["block: 60", "block: 120"]),
    ]
    guard let kind = kinds.randomElement(using: &generator),
      let regex = try? Regex(kind.pattern),
      let value = kind.values.randomElement(using: &generator)
    else { return }
    let names = files.keys.filter { $0.hasPrefix(kind.folder) }.sorted()
    guard let name = names.randomElement(using: &generator), var text = files[name] else { return }
    let places = text.ranges(of: regex)
    guard let place = places.randomElement(using: &generator) else { return }
    edits.append("\(name): \(text[place]) to \(value)")
    text.replaceSubrange(place, with: value)
    files[name] = text
  }
}
