/// Everything that the files of a rule set say, before anything is looked up.
struct Declarations {
  var header: HeaderDeclaration?
  var schema: SchemaDeclaration?
  var features: [FeatureDeclaration] = []
  var lists: [ListDeclaration] = []
  var rules: [RuleDeclaration] = []
  /// False when a file that gives names could not be read: then no name can be called unknown.
  var isComplete = true
  /// False when the id of a rule could not be read: then no rule can be called unknown.
  var hasEveryRule = true

  init(_ files: RuleSetFiles, _ findings: Findings) {
    if let file = files.header, let root = findings.tree(of: file) {
      header = HeaderDeclaration(root, findings)
    }
    if let file = files.schema, let root = findings.tree(of: file) {
      schema = SchemaDeclaration(root, findings)
    }
    if schema == nil { isComplete = false }
    readFeatures(files.features, findings)
    readLists(files.lists, findings)
    hasEveryRule = files.hasEveryRuleFile
    for file in files.rules { readRules(file, findings) }
    if rules.isEmpty, !findings.hasErrors, let file = files.rules.first {
      findings.error(
        .noRules, at: Diagnostic.Place(file: file.path, span: nil), "there are no rules",
        hint: "a rule set without rules would allow everything")
    }
  }

  private mutating func readFeatures(_ file: RuleSetFile?, _ findings: Findings) {
    guard let file else { return }
    guard let entries = entries(of: file, "features", "`features.yaml`", "features", findings) else { return }
    var kept = entries
    if entries.count > RuleSetLimits.featuresMax {
      findings.error(
        .tooMany, at: entries[RuleSetLimits.featuresMax].name.place,
        "\(entries.count) features, at most \(RuleSetLimits.featuresMax.grouped) are allowed")
      kept.removeSubrange(RuleSetLimits.featuresMax...)
    }
    for entry in kept where NameCheck.check(entry.name, as: .variable, "a feature", findings) {
      features.append(FeatureDeclaration(entry.name, entry.value, findings))
    }
  }

  private mutating func readLists(_ file: RuleSetFile?, _ findings: Findings) {
    guard let file else { return }
    guard let entries = entries(of: file, "lists", "`lists.yaml`", "lists", findings) else { return }
    if entries.count > RuleSetLimits.listsMax {
      findings.error(
        .tooMany, at: entries[RuleSetLimits.listsMax].name.place,
        "\(entries.count) lists, at most \(RuleSetLimits.listsMax.grouped) are allowed")
    }
    for entry in entries.prefix(RuleSetLimits.listsMax)
    where NameCheck.check(entry.name, as: .variable, "a list", findings) {
      lists.append(ListDeclaration(entry.name, entry.value, findings))
    }
  }

  private mutating func entries(
    of file: RuleSetFile, _ key: String, _ what: String, _ plural: String, _ findings: Findings
  ) -> [(name: Located<String>, value: SourceNode)]? {
    guard let root = findings.tree(of: file), var reader = MappingReader(root, what, findings) else {
      isComplete = false
      return nil
    }
    let node = reader.require(key)
    reader.finish()
    if node == nil { isComplete = false }
    guard let node else { return nil }
    if node.node.scalar?.resolved == .null { return [] }
    return node.namedEntries(findings, of: plural)
  }

  private mutating func readRules(_ file: RuleSetFile, _ findings: Findings) {
    guard let root = findings.tree(of: file),
      var reader = MappingReader(root, "a file of rules", findings)
    else {
      hasEveryRule = false
      return
    }
    let nodes = reader.require("rules", hint: "begin the file with `rules:` and a list")?
      .elements(findings, of: "rules")
    reader.finish()
    if nodes == nil { hasEveryRule = false }
    for node in nodes ?? [] {
      guard rules.count < RuleSetLimits.rulesMax else {
        findings.error(
          .tooMany, at: node.place, "more than \(RuleSetLimits.rulesMax.grouped) rules in one rule set")
        hasEveryRule = false
        return
      }
      let rule = RuleDeclaration(node, findings)
      if rule?.id == nil { hasEveryRule = false }
      if let rule { rules.append(rule) }
    }
  }
}
