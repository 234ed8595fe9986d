internal import Glibc
package import RuleSets

/// Why there are no rules to look at: the folder itself, not what stands in its files.
package struct RuleFolderError: Error, Hashable, Sendable, CustomStringConvertible {
  /// As the caller named it.
  package let path: String
  /// Lower case, no final period.
  package let message: String
  /// What to do about it.
  package let hint: String

  /// The path and what is wrong.
  package var description: String { "`\(path)`: \(message)" }
}

/// A folder that may hold a rule set.
package enum RuleFolder {
  /// Reads and checks the rule set; fails only when there is nothing that could be checked.
  package static func load(_ path: String) throws(RuleFolderError) -> LoadedRuleSet {
    try inspect(path)
    return RuleSetLoader.load(folder: path)
  }

  /// Whether the folder has the file that every rule set begins with.
  package static func hasHeader(_ path: String) -> Bool {
    unsafe access(path + "/ruleset.yaml", F_OK) == 0
  }

  /// Whether a path looks like a file of events or labels: the arguments may have changed places.
  private static func isData(_ path: String) -> Bool {
    [".ndjson", ".jsonl", ".json", ".csv", ".gz"].contains { path.hasSuffix($0) }
  }

  /// Looks whether `path` is a folder with something in it.
  private static func inspect(_ path: String) throws(RuleFolderError) {
    var status = stat()
    guard unsafe stat(path, &status) == 0 else {
      throw RuleFolderError(
        path: path, message: systemMessage(errno),
        hint: "name the folder that has the rule set's `ruleset.yaml`")
    }
    guard status.st_mode & S_IFMT == S_IFDIR else {
      throw RuleFolderError(
        path: path, message: "not a folder",
        hint: "name the folder that has the rule set's `ruleset.yaml`"
          + (isData(path) ? ", and files of events behind it" : ""))
    }
    guard let folder = unsafe opendir(path) else {
      throw RuleFolderError(path: path, message: systemMessage(errno), hint: "see who may read it")
    }
    defer { unsafe closedir(folder) }
    while let entry = unsafe readdir(folder) {
      // The first byte of the name: `.` and `..` and hidden files are no rules.
      if unsafe entry.pointee.d_name.0 != CChar(bitPattern: UInt8(ascii: ".")) { return }
    }
    throw RuleFolderError(
      path: path, message: "the folder is empty",
      hint: "a rule set begins with `ruleset.yaml` and `schema.yaml`")
  }
}
