extension Judgement {
  /// The documentation of all checks in Markdown; `example` gives the findings that a check's case shows.
  package static func page(example: (String) throws -> String) rethrows -> String {
    var text = """
      # Checks

      What `assay check` doubts in a rule set that loads.

      ## Overview

      Errors keep a rule set from loading. The findings here are warnings: what they name is allowed, and hardly meant. They \
      look at the rule set alone, without events, and prefer to miss something over naming what is right. Each has a code \
      that does not change; all formats of `assay check` show them. This page is made from the checks and their tests.

      """
    for check in checks {
      text += "\n### \(check.code)\n\n\(check.title.prefix(1).uppercased() + check.title.dropFirst()).\n\n"
      text += "\(check.explanation)\n\n```\n\(try example(check.code))```\n"
    }
    return text
  }
}
