public import Foundation
public import RuleSets

/// A rule set in a temporary folder that goes away with this object.
public final class RuleSetFolder: Sendable {
  /// The folder.
  public let url: URL

  /// Writes `files`, by relative path, into a new folder.
  public init(_ files: [String: String]) throws {
    url = FileManager.default.temporaryDirectory.appending(path: "assay-rules-\(UUID().uuidString)")
    for (path, text) in files {
      let file = url.appending(path: path)
      try FileManager.default.createDirectory(
        at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data(text.utf8).write(to: file)
    }
  }

  deinit { try? FileManager.default.removeItem(at: url) }

  /// The rule set in the folder; throws its diagnostics.
  public func load() throws -> RuleSet { try RuleSet(contentsOf: url.path) }
}

extension RuleSet {
  /// A rule set from the text of its files, by relative path.
  public static func fromFiles(_ files: [String: String]) throws -> RuleSet {
    try RuleSetFolder(files).load()
  }

  /// A small rule set of events with `id`, `type` and `time`, which reviews from 40 and blocks from 80.
  ///
  /// `fields`, `features` and `rules` are the lines below these words in their files, indented.
  public static func small(
    types: String, fields: String, features: String, rules: String
  ) throws -> RuleSet {
    try fromFiles([
      "ruleset.yaml": "ruleset: small\ndecision: {review: 40, block: 80}\n",
      "schema.yaml": "event: {id: id, type: type, time: time}\ntypes: [\(types)]\nfields:\n" + fields,
      "features.yaml": "features:\n" + features,
      "rules/rules.yaml": "rules:\n" + rules,
    ])
  }
}
