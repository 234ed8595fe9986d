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
}
