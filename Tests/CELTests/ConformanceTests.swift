import CEL
import Foundation
import TestSupport
import Testing

/// The conformance suite of the Common Expression Language.
@Suite(.enabled(if: ConformanceCase.suite != nil, "the shared data is not here"))
struct ConformanceTests {
  /// Passing cases of each file, and what it has; a change that lowers one is a regression.
  static let floors: [(file: String, passing: Int, total: Int)] = [
    ("basic", 43, 43), ("bindings_ext", 8, 8), ("block_ext", 25, 37), ("comparisons", 334, 406),
    ("conversions", 109, 109), ("dynamic", 0, 226), ("encoders_ext", 4, 4), ("enums", 0, 85),
    ("fields", 60, 60), ("fp_math", 30, 30), ("integer_math", 64, 64), ("lists", 39, 39), ("logic", 30, 30),
    ("macros", 44, 44), ("macros2", 46, 46), ("math_ext", 199, 199), ("namespace", 14, 14),
    ("network_ext", 69, 69), ("optionals", 59, 70), ("parse", 193, 219), ("plumbing", 5, 5),
    ("proto2", 0, 118), ("proto2_ext", 0, 18), ("proto3", 0, 85), ("string", 51, 51),
    ("string_ext", 213, 216), ("timestamps", 78, 78), ("type_deduction", 21, 47), ("wrappers", 0, 36),
  ]

  @Test func claimedCasesPass() throws {
    let unclaimed = try ConformanceUnclaimed()
    let cases = try ConformanceCase.all()
    #expect(cases.count == 2_456)
    #expect(cases.count { $0.isPlain } == 976)
    var passing: [String: Int] = [:]
    var totals: [String: Int] = [:]
    for test in cases {
      totals[test.file, default: 0] += 1
      if let reason = unclaimed.reasons[test.path] {
        // What is not there at all errs also, for a reason that is not the case's.
        if !test.wantsError { #expect(test.problem() != nil, "\(test.path) passes by now") }
        #expect(ConformanceUnclaimed.holds(reason, for: test), "\(test.path): \(reason)")
      } else if let problem = test.problem() {
        Issue.record("\(test.path): `\(test.source)`: \(problem)")
      } else {
        passing[test.file, default: 0] += 1
      }
    }
    for floor in ConformanceTests.floors {
      print("conformance \(floor.file): \(passing[floor.file] ?? 0) of \(totals[floor.file] ?? 0)")
      #expect(passing[floor.file] ?? 0 >= floor.passing, "\(floor.file)")
      #expect(totals[floor.file] == floor.total, "\(floor.file)")
    }
    print("conformance, all: \(passing.values.reduce(0, +)) of \(cases.count)")
    #expect(Set(totals.keys) == Set(ConformanceTests.floors.map(\.file)))
    let known = Set(cases.map(\.path))
    for path in unclaimed.reasons.keys { #expect(known.contains(path), "there is no case \(path)") }
    #expect(cases.allSatisfy { !$0.isPlain || unclaimed.reasons[$0.path] == nil })
  }

  /// The page of the documentation says what `claimedCasesPass` counts; `ASSAY_RECORD=1` writes it anew.
  @Test func pageTellsTheTable() throws {
    let unclaimed = try ConformanceUnclaimed()
    let page = ConformancePage.text(try ConformanceCase.all(), unclaimed)
    let url = SharedData.projectRoot.appending(path: "Sources/CEL/CEL.docc/Conformance.md")
    if ProcessInfo.processInfo.environment["ASSAY_RECORD"] == "1" {
      try page.write(to: url, atomically: true, encoding: .utf8)
    }
    #expect(try String(contentsOf: url, encoding: .utf8) == page, "ASSAY_RECORD=1 writes the page anew")
  }
}
