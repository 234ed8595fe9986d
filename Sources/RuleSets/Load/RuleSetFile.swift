/// One file of a rule set, as it was read.
struct RuleSetFile: Sendable {
  /// Relative to the rule set's folder, with `/` between its parts.
  let path: String
  let bytes: [UInt8]
}

/// The files of a rule set by what they are for.
struct RuleSetFiles: Sendable {
  var header: RuleSetFile?
  var schema: RuleSetFile?
  var features: RuleSetFile?
  var lists: RuleSetFile?
  /// In the order of their names.
  var rules: [RuleSetFile] = []
  var tests: [RuleSetFile] = []
  /// False when a file of rules could not be read, which was said.
  var hasEveryRuleFile = true
}
