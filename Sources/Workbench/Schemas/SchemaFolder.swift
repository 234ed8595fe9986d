internal import Foundation

/// Schemas as files, where an editor finds them.
package enum SchemaFolder {
  /// What the folder is called in a rule set; hidden, so that it counts as no part of it.
  package static let name = ".schemas"

  /// The first of the files that would be replaced and that is none of ours, by its path; nil where there is none.
  package static func foreignFile(among kinds: [RuleFileSchema], in folder: String) -> String? {
    kinds.map { folder + "/" + $0.fileName }.first { path in
      guard FileManager.default.fileExists(atPath: path) else { return false }
      guard let bytes = FileManager.default.contents(atPath: path),
        let text = String(bytes: bytes, encoding: .utf8), let value = try? JSONValue(parsing: text),
        case .string(let title)? = value["title"]
      else { return true }
      return !title.hasPrefix(RuleFileSchema.titlePrefix)
    }
  }

  /// Writes the schemas into `folder`, which is made where it is not there; older ones are replaced.
  package static func write(_ kinds: [RuleFileSchema], into folder: String) throws(OutputError) {
    do {
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    } catch {
      throw OutputError(path: folder, isClosed: false, message: FileChange.reason(of: error))
    }
    for kind in kinds {
      var file = try BufferedOutput(creating: folder + "/" + kind.fileName)
      try file.write { $0 += kind.text.utf8 }
      try file.flush()
    }
  }

  /// The line at the head of a file by which editors find its schema; `depth` folders below the rule set's own.
  package static func line(_ kind: RuleFileSchema, depth: Int) -> String {
    "# yaml-language-server: $schema=" + String(repeating: "../", count: depth) + "\(name)/\(kind.fileName)\n"
  }
}
