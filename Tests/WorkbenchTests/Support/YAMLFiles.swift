import Foundation
import RuleSets
import TestSupport
import Workbench

/// YAML files of this repository, as the tests of editors' tools read them.
enum YAMLFiles {
  /// A file of a rule set.
  struct File: CustomStringConvertible, Sendable {
    /// From the top of the repository.
    let path: String
    let bytes: [UInt8]
    var description: String { path }

    /// Which kind of file it is in its rule set; nil for anything else.
    var kind: RuleFileSchema? {
      let parts = path.split(separator: "/").map(String.init)
      guard let name = parts.last, name.hasSuffix(".yaml") else { return nil }
      if parts.dropLast().last == "rules" { return .rules }
      if parts.dropLast().last == "tests" { return .tests }
      return RuleFileSchema.allCases.first { $0.files == name }
    }
  }

  /// Every YAML file below `folder`, in the order of their paths.
  static func all(below folder: String) -> [File] {
    let root = SharedData.projectRoot.appending(path: folder)
    let names = FileManager.default.enumerator(atPath: root.path)?.compactMap { $0 as? String } ?? []
    return names.sorted().filter { $0.hasSuffix(".yaml") }.compactMap { name in
      (try? Data(contentsOf: root.appending(path: name))).map {
        File(path: "\(folder)/\(name)", bytes: Array($0))
      }
    }
  }

  /// The README's examples.
  static func readme() throws -> [File] {
    let text = try String(contentsOf: SharedData.projectRoot.appending(path: "README.md"), encoding: .utf8)
    return text.components(separatedBy: "```yaml\n").dropFirst().map { part in
      let block = part.components(separatedBy: "```")[0]
      return File(path: "README/" + block.prefix { $0 != "\n" }.dropFirst(2), bytes: Array(block.utf8))
    }
  }

  /// What a file holds; nil where it is no YAML of ours.
  static func tree(_ bytes: [UInt8]) -> YAMLNode? {
    var collector = DiagnosticCollector()
    return YAMLReader.read(SourceText(bytes), file: "file.yaml", into: &collector)
  }

  /// The same as JSON, as an editor's language server sees it.
  static func json(_ node: YAMLNode) -> JSONValue {
    switch node.content {
    case .sequence(let elements): return .array(elements.map(json))
    case .mapping(let entries): return .object(entries.map { .init($0.name, json($0.value)) })
    case .scalar(let scalar):
      switch scalar.resolved {
      case .null: return .null
      case .bool(let flag): return .bool(flag)
      case .int(let number): return .number(String(number))
      case .double(let number): return number.isFinite ? .number(String(number)) : .string(scalar.text)
      case .string(let text): return .string(text)
      case .outOfRange: return .number(scalar.text)
      }
    }
  }
}

/// The cases of `Fixtures/diagnostics` that are files laid over a rule set that is fine.
struct DiagnosticCase: CustomStringConvertible, Sendable {
  static let root = SharedData.projectRoot.appending(path: "Fixtures/diagnostics")
  static let rest = root.appending(path: "_rest").path

  let name: String
  /// By path in the rule set.
  let files: [String: [UInt8]]
  var description: String { name }

  static let all: [DiagnosticCase] = {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: root.path)) ?? []
    return names.sorted().filter { $0 != "_rest" }.map { name in
      let folder = root.appending(path: name)
      var files: [String: [UInt8]] = [:]
      for case let path as String in FileManager.default.enumerator(atPath: folder.path) ?? .init()
      where path.hasSuffix(".yaml") {
        if let data = try? Data(contentsOf: folder.appending(path: path)) { files[path] = Array(data) }
      }
      return DiagnosticCase(name: name, files: files)
    }.filter { !$0.files.isEmpty }
  }()

  /// What loading the case finds.
  func load() -> LoadedRuleSet { RuleSetLoader.load(folder: Self.rest, replacing: files) }
}
