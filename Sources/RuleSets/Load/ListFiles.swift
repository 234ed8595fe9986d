extension RuleSetLoader {
  /// The paths of the files that `lists.yaml` names, as it writes them: what must be read beside the YAML. Whatever is
  /// wrong with the file is found when the rule set is loaded.
  package static func listFiles(_ bytes: [UInt8]) -> [String] {
    let findings = Findings()
    var files = RuleSetFiles()
    let file = RuleSetFile(path: "lists.yaml", bytes: bytes)
    findings.keep(file)
    files.lists = file
    return Declarations(files, findings).lists.compactMap { list in
      if case .file(let path, _) = list.source { path.value } else { nil }
    }
  }
}
