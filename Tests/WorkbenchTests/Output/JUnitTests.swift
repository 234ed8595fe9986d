import Testing
import Workbench

struct JUnitTests {
  @Test func everyOutcomeIsWritten() {
    let report = JUnitReport([
      .init(
        name: "tests/velocity.yaml",
        cases: [
          .init(name: "passes", group: "payout-burst", file: "tests/velocity.yaml", line: 3, seconds: 0.0125),
          .init(
            name: "fails", group: "payout-burst", file: "tests/velocity.yaml", line: 9, seconds: 0.5,
            outcome: .failed("expected block, found allow", details: "event 2\n  expected block"),
            remarks: "a remark"),
          .init(name: "breaks", group: "payout-burst", outcome: .errored("no server", details: "see why")),
          .init(name: "waits", group: "payout-burst", outcome: .skipped("left out")),
        ]),
      .init(name: "empty", cases: []),
    ])
    #expect(
      report.xml() == """
        <?xml version="1.0" encoding="UTF-8"?>
        <testsuites tests="4" failures="1" errors="1" skipped="1" time="0.513">
          <testsuite name="tests/velocity.yaml" tests="4" failures="1" errors="1" skipped="1" time="0.513">
            <testcase classname="payout-burst" name="passes" file="tests/velocity.yaml" line="3" time="0.013"/>
            <testcase classname="payout-burst" name="fails" file="tests/velocity.yaml" line="9" time="0.500">
              <failure message="expected block, found allow" type="failure">event 2
          expected block</failure>
              <system-out>a remark</system-out>
            </testcase>
            <testcase classname="payout-burst" name="breaks">
              <error message="no server" type="error">see why</error>
            </testcase>
            <testcase classname="payout-burst" name="waits">
              <skipped message="left out"/>
            </testcase>
          </testsuite>
          <testsuite name="empty" tests="0" failures="0" errors="0" skipped="0">
          </testsuite>
        </testsuites>

        """)
  }

  @Test func whateverStandsInATextTheDocumentStaysOne() {
    let text = "a<b>&\"'\r\n\t]]>\u{0}\u{1B}[1m\u{FFFE}é"
    let report = JUnitReport([
      .init(name: text, cases: [.init(name: "n", group: "g", outcome: .failed(text, details: text))])
    ])
    #expect(
      report.xml().contains(
        #"<testsuite name="a&lt;b&gt;&amp;&quot;'&#13;&#10;&#9;]]&gt;\u{0}\u{1b}[1m\u{fffe}é""#))
    #expect(report.xml().contains("\"'&#13;\n\t]]&gt;\\u{0}\\u{1b}[1m\\u{fffe}é</failure>"))
  }

  /// No time makes a number that is none.
  @Test(arguments: [Double.nan, .infinity, -1, 1e300]) func oddTimesAreNumbers(_ seconds: Double) {
    let report = JUnitReport([.init(name: "s", cases: [.init(name: "n", group: "g", seconds: seconds)])])
    #expect(report.xml().contains(#/<testcase classname="g" name="n" time="\d+\.\d{3}"/>/#))
  }
}
