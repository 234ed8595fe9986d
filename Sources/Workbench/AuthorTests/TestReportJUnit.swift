extension TestReport {
  /// The report in the XML that build servers read: a suite for each file of tests, a case for each test. Without
  /// durations, so that the same tests give the same text.
  package func junit() -> String {
    var suites: [JUnitReport.Suite] = []
    for result in results {
      if let index = suites.firstIndex(where: { $0.name == result.file }) {
        suites[index].cases.append(result.junit)
      } else {
        suites.append(.init(name: result.file, cases: [result.junit]))
      }
    }
    return JUnitReport(suites).xml()
  }
}

extension TestResult {
  fileprivate var junit: JUnitReport.Case {
    JUnitReport.Case(name: name, group: file, file: file, line: line, outcome: outcome)
  }

  private var outcome: JUnitReport.Outcome {
    guard let first = mismatches.first else { return .passed }
    let details = mismatches.map { mismatch in
      let event = mismatch.event.map { ", event \($0)" } ?? ""
      return "\(file):\(mismatch.line)\(event), \(mismatch.subject)\n  expected  \(mismatch.expected)\n"
        + "  found     \(mismatch.found)\n" + mismatch.notes.map { "  \($0)\n" }.joined()
    }
    return .failed(
      "\(first.subject): expected \(first.expected), found \(first.found)", details: details.joined())
  }
}
