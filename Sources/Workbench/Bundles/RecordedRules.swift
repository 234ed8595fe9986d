internal import Assay
package import RuleSets

/// The rules that bundles were recorded under: the text of every file that decides anything. A file of bundles has them
/// in a line of their own before the bundles, so that a decision can be made again when the rules are long gone.
package struct RecordedRules: Sendable {
  /// The rule set's name and version when it was recorded.
  package let name: String
  package let version: String
  /// By path in the rule set's folder.
  private let files: [String: [UInt8]]

  /// The form that this version writes and reads.
  private static let form = "1"
  private static let beginning = "{\"rules\":\(form),\"ruleset\":"

  /// The rules of a rule set whose files are `sources`. Tests decide nothing and are left out.
  package init(_ rules: RuleSet, _ sources: SourceFiles) {
    (name, version) = (rules.name, rules.version)
    var files: [String: [UInt8]] = [:]
    for path in sources.paths where !path.hasPrefix("tests/") { files[path] = sources[path]?.bytes }
    self.files = files
  }

  /// The rules as a line of JSON, its end included; nil where a file is no text or the line has more than `bytesMax`.
  func line(bytesMax: Int) -> [UInt8]? {
    var line = Array(Self.beginning.utf8)
    line.append(json: "{\"name\":")
    line.append(jsonString: name)
    line.append(json: ",\"version\":")
    line.append(jsonString: version)
    line.append(json: "},\"files\":[")
    for (index, file) in files.sorted(by: { $0.key < $1.key }).enumerated() {
      guard let text = String(validating: file.value, as: UTF8.self) else { return nil }
      line.append(json: index == 0 ? "{\"path\":" : ",{\"path\":")
      line.append(jsonString: file.key)
      line.append(json: ",\"text\":")
      line.append(jsonString: text)
      line.append(json: "}")
    }
    line.append(json: "]}\n")
    return line.count > bytesMax ? nil : line
  }

  /// Whether a line that was written here is rules and no bundle.
  static func isRules(_ line: [UInt8]) -> Bool { line.starts(with: beginning.utf8) }

  /// Reads a line that `line` has made, or one that says the same; nil where it is none.
  init?(reading line: [UInt8]) {
    guard let json = try? JSONValue(parsing: String(decoding: line, as: UTF8.self)),
      case .number(Self.form)? = json["rules"], let name = json["ruleset"]?["name"]?.text,
      let version = json["ruleset"]?["version"]?.text, let files = json["files"]?.array
    else { return nil }
    var read: [String: [UInt8]] = [:]
    for file in files {
      guard let path = file["path"]?.text, let text = file["text"]?.text else { return nil }
      read[path] = Array(text.utf8)
    }
    (self.name, self.version, self.files) = (name, version, read)
  }

  /// Checks and compiles the rules, as if their files stood in a folder.
  package func load() -> LoadedRuleSet { RuleSetLoader.load(files: files) }
}
