/// What each kind of finding means and what to do about it, in general: readers of reports look it up by its code.
package enum DiagnosticHelp {
  /// What is wrong, in one line; a code without a text of its own tells its words.
  package static func title(of code: String) -> String {
    entry(of: code)?.title ?? code.split(separator: "-").joined(separator: " ")
  }

  /// What is wrong, and the way out.
  package static func text(of code: String) -> String {
    entry(of: code).map { "\($0.title); \($0.remedy)" } ?? title(of: code)
  }

  /// Whether there is a text for `code`.
  package static func knows(_ code: String) -> Bool { entry(of: code) != nil }

  private static func entry(of code: String) -> (title: String, remedy: String)? {
    ofRuleSets[code] ?? ofExpressions[code] ?? ofYAML[code] ?? Judgement.help(of: code)
  }
}
