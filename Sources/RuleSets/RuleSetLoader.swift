internal import CEL
internal import CELRegex
internal import Windows

/// Reads a rule set's folder, checks it whole, and compiles it.
public enum RuleSetLoader {
  /// Never fails: what is wrong with the folder is among the findings, and then there is no rule set.
  public static func load(folder: String) -> LoadedRuleSet { load(folder: folder, replacing: [:]) }

  /// The same with other contents of some files, by their paths in the folder: what it would be if they were written.
  package static func load(folder: String, replacing: [String: [UInt8]]) -> LoadedRuleSet {
    let findings = Findings()
    let ruleSet = load(folder, replacing, findings)
    return LoadedRuleSet(
      ruleSet: findings.hasErrors ? nil : ruleSet, findings: findings.list(),
      sources: findings.sources)
  }

  /// The same for a rule set that has no folder, from the contents of its files by their paths.
  package static func load(files: [String: [UInt8]]) -> LoadedRuleSet {
    load(folder: FolderReader.nowhere, replacing: files)
  }

  private static func load(
    _ path: String, _ replacing: [String: [UInt8]], _ findings: Findings
  ) -> RuleSet? {
    guard var folder = FolderReader(path, replacing: replacing, findings) else { return nil }
    let files = folder.read()
    let declarations = Declarations(files, findings)
    var deciding = [files.header, files.schema, files.features, files.lists].compactMap { $0 } + files.rules
    var lists: [CompiledList] = []
    for declaration in declarations.lists {
      let (list, file) = ListCompiler(findings).compile(declaration, &folder)
      lists.append(list)
      if let file, !deciding.contains(where: { $0.path == file.path }) { deciding.append(file) }
    }
    guard let schemaDeclaration = declarations.schema else { return nil }
    let schema = SchemaCompiler(schemaDeclaration, findings).compile()
    checkNames(schemaDeclaration, declarations, findings)
    let compiler = RuleSetCompiler(
      schema: schema, lists: lists, declarations: declarations, findings: findings)
    let tests = Dictionary(grouping: declarations.rules.filter { $0.testsSpan != nil }) { $0.place.file }
    let version = Version.of(deciding, without: tests.mapValues { $0.compactMap(\.testsSpan) })
    return compiler.compile(tests: files.tests, version: version)
  }

  /// Fields, features and lists share one space of names.
  private static func checkNames(
    _ schema: SchemaDeclaration, _ declarations: Declarations, _ findings: Findings
  ) {
    var taken: [String: (what: String, place: Diagnostic.Place)] = [:]
    for field in schema.fields {
      let segments = field.path.value.split(separator: ".")
      if let first = segments.first.map(String.init), segments.count > 1, taken[first] == nil {
        taken[first] = ("the beginning of the field `\(field.path.value)`", field.path.place)
      }
      taken[field.path.value] = ("a field", field.path.place)
    }
    let others =
      declarations.features.map { ("a feature", $0.name) } + declarations.lists.map { ("a list", $0.name) }
    for (what, name) in others {
      if let other = taken[name.value] {
        findings.error(
          .nameClash, at: name.place, "`\(name.value)` is already \(other.what)",
          hint: "fields, features and lists share one space of names: rename one",
          notes: [Diagnostic.Note("it is here", at: other.place)])
      } else {
        taken[name.value] = (what, name.place)
      }
    }
  }
}
