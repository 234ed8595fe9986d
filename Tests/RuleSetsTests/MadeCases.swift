import CEL
import Foundation
import RuleSets

/// Cases whose files are too large, or not files at all, and so are made on the spot.
enum MadeCase {
  static let all: [String: @Sendable (URL) throws -> Void] = [
    "folder-missing": { try FileManager.default.removeItem(at: $0) },
    "folder-not-a-folder": { folder in
      try FileManager.default.removeItem(at: folder)
      try write("ruleset: example\n", folder)
    },
    "rules-not-a-folder": { folder in
      try FileManager.default.removeItem(at: folder.appendingPathComponent("rules"))
      try write("rules: []\n", folder.appendingPathComponent("rules"))
    },
    "link-outside": { folder in
      let schema = folder.appendingPathComponent("schema.yaml")
      let outside = folder.deletingLastPathComponent().appendingPathComponent("schema.yaml")
      try FileManager.default.moveItem(at: schema, to: outside)
      try FileManager.default.createSymbolicLink(at: schema, withDestinationURL: outside)
    },
    "file-too-large": { folder in
      try write(
        "lists:\n  models: {file: models.txt, type: string}\n", folder.appendingPathComponent("lists.yaml"))
      let size = RuleSetLimits.listFileBytesMax + 1
      try Data(count: size).write(to: folder.appendingPathComponent("models.txt"))
    },
    "too-many-files": { folder in
      for number in 0..<RuleSetLimits.filesMax {
        let name = String(repeating: "0", count: 4 - String(number).count) + String(number)
        try write("rules: []\n", folder.appendingPathComponent("rules/r\(name).yaml"))
      }
    },
    "too-many-features": { folder in
      let features = (0...RuleSetLimits.featuresMax).map { number in
        "  payouts_\(number): {count: any, by: user.id, over: 1h, export: true}\n"
      }
      let text =
        "features:\n  payouts_24h: {count: any, by: user.id, over: 24h, export: true}\n" + features.joined()
      try write(text, folder.appendingPathComponent("features.yaml"))
    },
    "too-many-levels": { folder in
      let path = (0...RuleSetLimits.pathSegmentsMax).map { "a\($0)" }.joined(separator: ".")
      let schema = folder.appendingPathComponent("schema.yaml")
      try write(try String(contentsOf: schema, encoding: .utf8) + "  \(path): {type: string}\n", schema)
    },
    "yaml-too-deep": { folder in
      let text = "features: " + String(repeating: "[", count: 70) + String(repeating: "]", count: 70) + "\n"
      try write(text, folder.appendingPathComponent("features.yaml"))
    },
    "cel-source-too-long": { try condition(String(repeating: "(1 > 0) && ", count: 6_500) + "true", $0) },
    "cel-too-deep": { folder in
      let depth = Limits().depthMax + 50
      try condition(
        String(repeating: "(", count: depth) + "1" + String(repeating: ")", count: depth) + " > 0", folder)
    },
  ]

  private static func condition(_ text: String, _ folder: URL) throws {
    let rule = """
      rules:
        - id: example
          title: An example
          family: velocity
          on: payout.requested
          when: '\(text)'
          score: 40

      """
    try write(rule, folder.appendingPathComponent("rules/rules.yaml"))
  }

  private static func write(_ text: String, _ place: URL) throws { try Data(text.utf8).write(to: place) }
}
