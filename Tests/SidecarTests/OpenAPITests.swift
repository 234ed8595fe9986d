import Foundation
import Sidecar
import TestSupport
import Testing

/// `/openapi.json`.
@Suite struct OpenAPITests {
  /// The description of a sidecar for the rules in `folder`.
  private func description(_ folder: String) async throws -> [String: Any] {
    let bench = try await SidecarBench(folder)
    let answer = try #require(try await bench.get("/openapi.json"))
    await bench.server.stop()
    #expect(answer.status == 200 && answer.header("content-type") == "application/json", "\(answer.head)")
    #expect(!answer.text.contains("\"$E") && !answer.text.contains("$VERSION"))
    return try #require(try JSONSerialization.jsonObject(with: Data(answer.body)) as? [String: Any])
  }

  private func member(_ path: String, of value: Any?) -> Any? {
    path.split(separator: "/").reduce(value) { ($0 as? [String: Any])?[String($1)] }
  }

  @Test func eventsAreDescribedByTheSchema() async throws {
    let event = member(
      "components/schemas/Event", of: try await description("Fixtures/commands/rules/wallet"))
    let properties = "properties"
    #expect(member("required", of: event) as? [String] == ["id", "type", "time", "user"])
    #expect(
      member("\(properties)/type/enum", of: event) as? [String]
        == ["reward.granted", "payout.requested", "payout.reversed"])
    #expect(member("\(properties)/time/format", of: event) as? String == "date-time")
    #expect(member("\(properties)/user/required", of: event) as? [String] == ["id"])
    #expect(member("\(properties)/user/type", of: event) as? String == "object")
    #expect(member("\(properties)/device/type", of: event) as? [String] == ["object", "null"])
    #expect(member("\(properties)/account/type", of: event) as? [String] == ["integer", "null"])
    let currency = member("\(properties)/payout/properties/currency/pattern", of: event)
    #expect(currency as? String == "^[A-Z]{3}$")
    #expect((member("\(properties)/payout/allOf", of: event) as? [Any])?.count == 1)
  }

  /// Every page that is described answers, and every entity of the rule set has one.
  @Test func everyOperationIsThere() async throws {
    let found = try await description("Rules/rewards")
    let paths = try #require(found["paths"] as? [String: [String: Any]])
    let entities = paths.keys.filter { $0.hasPrefix("/v1/entities/") }
    #expect(entities.count == 13, "\(entities)")
    let bench = try await SidecarBench()
    for (path, operations) in paths where !path.contains("{") {
      for method in operations.keys where method == "get" {
        #expect(try await bench.get(path)?.status == 200, "\(path)")
      }
    }
    #expect(
      Set(paths.keys.filter { !$0.contains("{") }) == [
        "/v1/decisions", "/v1/ruleset", "/v1/ruleset/reload", "/livez", "/readyz", "/metrics", "/version",
        "/openapi.json",
      ])
    await bench.server.stop()
  }

  /// What a batch answers is declared: a line for each item, whatever the status.
  @Test func theLinesOfABatchAreDescribed() async throws {
    let found = try await description("Rules/rewards")
    let path = try #require((found["paths"] as? [String: Any])?["/v1/ingest/{source}"] as? [String: Any])
    for method in ["get", "post"] {
      let responses = try #require(member("\(method)/responses", of: path) as? [String: [String: Any]])
      let withLines = responses.filter { _, response in
        let reference = (response["$ref"] as? String).map { String($0.dropFirst(2)) }
        let resolved = reference.map { member($0, of: found) } ?? response
        let content = member("content", of: resolved) as? [String: Any]
        return member("schema/$ref", of: content?["application/x-ndjson"]) as? String
          == "#/components/schemas/Lines"
      }
      #expect(
        withLines.keys.sorted() == ["200", "207", "400", "409", "413", "422", "500", "503"], "\(method)")
    }
  }

  /// What a description names elsewhere in itself is there.
  @Test func noReferenceLeadsNowhere() async throws {
    let found = try await description("Rules/rewards")
    let text = String(decoding: try JSONSerialization.data(withJSONObject: found), as: UTF8.self)
    let references = Set(text.matches(of: /"\$ref":"#\\?\/([^"]*)"/).map { $0.1.replacing("\\/", with: "/") })
    #expect(references.count > 20)
    for reference in references { #expect(member(String(reference), of: found) != nil, "\(reference)") }
  }

  @Test func aRuleSetWithoutWindowsIsDescribedToo() async throws {
    let folder = try RuleSetFolder([
      "ruleset.yaml": "ruleset: \"with \\\"quotes\\\"\"\ndecision: {review: 10, block: 20}\n",
      "schema.yaml": "event: {id: id, type: type, time: time}\ntypes: [e]\nfields: {n: {type: int}}\n",
    ])
    guard let found = try? await description(folder.url.path) else { return }
    #expect((found["paths"] as? [String: Any])?.keys.contains { $0.contains("entities") } == false)
  }
}
