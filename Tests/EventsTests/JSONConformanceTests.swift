import Events
import Foundation
import TestSupport
import Testing

@Suite("JSONTestSuite, each case as the value of a field that nobody declares")
struct JSONConformanceTests {
  private struct Suite: Decodable {
    struct Case: Decodable {
      let name: String
      let expect: String
      let base64: Data
    }
    let cases: [Case]
  }

  static let url = SharedData.url("data/conformance/json.json")

  @Test("318 cases", .enabled(if: url != nil, "data/conformance/json.json is not there"))
  func cases() throws {
    let suite = try JSONDecoder().decode(Suite.self, from: Data(contentsOf: #require(Self.url)))
    #expect(suite.cases.count == 318)
    for test in suite.cases {
      let head = RewardsSchema.json().utf8.dropLast() + Array(#","x":"#.utf8)
      let refused = RewardsSchema.refusal(Array(head) + Array(test.base64) + [UInt8(ascii: "}")])
      switch test.expect {
      case "accept": #expect(refused == nil, "\(test.name)")
      case "reject": #expect(refused != nil, "\(test.name)")
      default: #expect(test.expect == "either")
      }
    }
  }
}
