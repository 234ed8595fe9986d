/// A report in the XML that JUnit began and that continuous integration reads.
package struct JUnitReport: Sendable {
  /// The suites, in the order in which they are written.
  package var suites: [Suite]

  /// A group of cases, such as one file of tests.
  package struct Suite: Sendable {
    package var name: String
    package var cases: [Case]

    /// A suite; empty ones are fine.
    package init(name: String, cases: [Case]) {
      self.name = name
      self.cases = cases
    }
  }

  /// One thing that was looked at.
  package struct Case: Sendable {
    package var name: String
    /// What readers group by, such as the rule or the file that the case is about.
    package var group: String
    package var file: String?
    /// From 1.
    package var line: Int?
    package var seconds: Double?
    package var outcome: Outcome
    /// What else there is to say about it, such as warnings.
    package var remarks: String?

    /// A case and how it went.
    package init(
      name: String, group: String, file: String? = nil, line: Int? = nil, seconds: Double? = nil,
      outcome: Outcome = .passed, remarks: String? = nil
    ) {
      (self.name, self.group, self.file, self.line) = (name, group, file, line)
      (self.seconds, self.outcome, self.remarks) = (seconds, outcome, remarks)
    }
  }

  /// How a case went.
  package enum Outcome: Sendable, Hashable {
    case passed
    /// What was expected did not come true: one line, and the whole of it.
    case failed(String, details: String)
    /// It could not be looked at.
    case errored(String, details: String)
    case skipped(String)
  }

  /// A report of `suites`.
  package init(_ suites: [Suite]) { self.suites = suites }

  /// The report as one XML document.
  package func xml() -> String {
    var xml = XMLText()
    xml.open("testsuites", Counts(suites.flatMap(\.cases)).attributes)
    for suite in suites { Self.write(suite, to: &xml) }
    xml.close("testsuites")
    return xml.text
  }

  private static func write(_ suite: Suite, to xml: inout XMLText) {
    xml.open("testsuite", [("name", suite.name)] + Counts(suite.cases).attributes)
    for item in suite.cases { write(item, to: &xml) }
    xml.close("testsuite")
  }

  private static func write(_ item: Case, to xml: inout XMLText) {
    let attributes: [XMLText.Attribute] = [
      ("classname", item.group), ("name", item.name), ("file", item.file),
      ("line", item.line.map(String.init)),
      ("time", item.seconds.map(seconds)),
    ]
    guard item.outcome != .passed || item.remarks != nil else { return xml.empty("testcase", attributes) }
    xml.open("testcase", attributes)
    switch item.outcome {
    case .passed: break
    case .failed(let message, let details):
      xml.element("failure", [("message", message), ("type", "failure")], details)
    case .errored(let message, let details):
      xml.element("error", [("message", message), ("type", "error")], details)
    case .skipped(let message): xml.empty("skipped", [("message", message)])
    }
    if let remarks = item.remarks { xml.element("system-out", [], remarks) }
    xml.close("testcase")
  }

  /// With three decimal places, whatever the number.
  private static func seconds(_ value: Double) -> String {
    let thousandths = value.isFinite ? Int(min(max(value, 0), 1e9) * 1_000 + 0.5) : 0
    let digits = String(thousandths % 1_000)
    return "\(thousandths / 1_000)." + String(repeating: "0", count: 3 - digits.count) + digits
  }

  /// What a suite's head says about its cases.
  private struct Counts {
    var attributes: [XMLText.Attribute]

    init(_ cases: [Case]) {
      var (failures, errors, skipped) = (0, 0, 0)
      for item in cases {
        switch item.outcome {
        case .passed: break
        case .failed: failures += 1
        case .errored: errors += 1
        case .skipped: skipped += 1
        }
      }
      let times = cases.compactMap(\.seconds)
      attributes = [
        ("tests", String(cases.count)), ("failures", String(failures)), ("errors", String(errors)),
        ("skipped", String(skipped)),
        ("time", times.isEmpty ? nil : JUnitReport.seconds(times.reduce(0, +))),
      ]
    }
  }
}
