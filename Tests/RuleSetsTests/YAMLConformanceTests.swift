import Foundation
import RuleSets
import TestSupport
import Testing

/// The yaml-test-suite: what is accepted has the value that the suite says; all else is refused with a diagnostic.
struct YAMLConformanceTests {
  private struct Suite: Decodable {
    struct Case: Decodable {
      let id: String
      let yaml: String
      let json: String?
      let error: Bool
    }
    let cases: [Case]
  }

  private struct Counts {
    var accepted = 0
    var refused = 0
    var errors = 0
    var wrong: [String] = []
    var slowest = Duration.zero
  }

  #if DEBUG
    private static let caseTimeMax = Duration.milliseconds(50)
  #else
    private static let caseTimeMax = Duration.milliseconds(10)
  #endif

  @Test(
    "every case is refused or has the suite's value",
    .enabled(if: SharedData.url("data/conformance/yaml.json") != nil))
  func suite() throws {
    let url = try #require(SharedData.url("data/conformance/yaml.json"))
    let cases = try JSONDecoder().decode(Suite.self, from: Data(contentsOf: url)).cases
    #expect(cases.count == 402)
    var counts = Counts()
    for sample in cases { try run(sample, &counts) }
    print(
      "yaml-test-suite: \(counts.accepted) accepted, \(counts.refused) valid but refused by the subset,",
      "\(counts.errors) errors refused; slowest case \(counts.slowest)")
    #expect(counts.wrong == [])
    #expect(counts.slowest < Self.caseTimeMax)
    #expect(counts.accepted >= 163)
    #expect(counts.errors == 94)
  }

  private func run(_ sample: Suite.Case, _ counts: inout Counts) throws {
    let source = SourceText(Array(sample.yaml.utf8))
    let (node, diagnostics) = read(source)
    // The best of three: other tests run beside this one.
    let times = (0..<3).map { _ in ContinuousClock().measure { _ = read(source) } }
    counts.slowest = max(counts.slowest, times.min() ?? .zero)
    #expect((node == nil) == diagnostics.hasErrors, "\(sample.id)")

    guard let node else {
      if sample.error { counts.errors += 1 } else { counts.refused += 1 }
      return
    }
    counts.accepted += 1
    let isEqual = try !sample.error && sample.json.map { try equals(node, json: $0) } ?? false
    if !isEqual { counts.wrong.append(sample.id) }
  }

  private func read(_ source: SourceText) -> (node: YAMLNode?, diagnostics: DiagnosticList) {
    var diagnostics = DiagnosticCollector()
    let node = YAMLReader.read(source, file: "case.yaml", into: &diagnostics)
    return (node, diagnostics.list())
  }

  /// An empty stream has no JSON at all; it reads as null.
  private func equals(_ node: YAMLNode, json: String) throws -> Bool {
    let text = json.trimmingCharacters(in: .whitespacesAndNewlines)
    if text.isEmpty { return node.scalar?.resolved == .null }
    return matches(node, try JSONSerialization.jsonObject(with: Data(text.utf8), options: .fragmentsAllowed))
  }

  private func matches(_ node: YAMLNode, _ expected: Any) -> Bool {
    switch node.content {
    case .sequence(let elements):
      guard let array = expected as? [Any], array.count == elements.count else { return false }
      return zip(elements, array).allSatisfy { matches($0, $1) }
    case .mapping(let entries):
      guard let object = expected as? [String: Any], object.count == entries.count else { return false }
      return entries.allSatisfy { entry in object[entry.name].map { matches(entry.value, $0) } ?? false }
    case .scalar(let scalar): return matches(scalar.resolved, expected)
    }
  }

  private func matches(_ value: ResolvedScalar, _ expected: Any) -> Bool {
    switch value {
    case .null: return expected is NSNull
    case .string(let text): return expected as? String == text
    case .bool(let flag): return isBool(expected) && expected as? Bool == flag
    case .int(let number): return !isBool(expected) && expected as? Int64 == number
    case .double(let number): return !isBool(expected) && expected as? Double == number
    case .outOfRange: return false
    }
  }

  private func isBool(_ value: Any) -> Bool {
    guard let number = value as? NSNumber else { return false }
    return number === NSNumber(value: true) || number === NSNumber(value: false)
      || String(cString: number.objCType) == "c"
  }
}
