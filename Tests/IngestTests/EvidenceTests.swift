import Foundation
import Ingest
import OrderedJSON
import TestSupport
import Testing

/// Verdicts about devices, which are fields of an event.
@Suite struct EvidenceTests {
  private let ingestion = Ingestion(IngestConfiguration())
  private static let verdict =
    #"{"requestDetails":{"requestPackageName":"a.b","requestHash":"aGVs","timestampMillis":"1777629590000"},"#
    + #""appIntegrity":{"appRecognitionVerdict":"PLAY_RECOGNIZED","versionCode":"42"},"deviceIntegrity":{}}"#

  private func evidence(_ message: String, _ source: IngestSource) throws(IngestRefusal) -> String {
    try ingestion.evidence(from: message.utf8, source: source, arrival: Callbacks.arrival)
  }

  @Test func verdictsAreTakenVerbatim() throws {
    let expected = #"{"device":{"play_integrity":\#(Self.verdict)}}"#
    #expect(try evidence(Self.verdict, .playIntegrity) == expected)
    #expect(try evidence(#"{"tokenPayloadExternal":\#(Self.verdict)}"#, .playIntegrity) == expected)
  }

  /// What the event said of its own verdict is not kept: the vendor left it out, and that is evidence.
  @Test func theEventAddsNothingToTheVerdict() throws {
    let message =
      #"{"event":{"id":"e1","type":"session.started","time":"2026-05-01T10:00:00Z","device":{"id":"d1","#
      + #""play_integrity":{"deviceIntegrity":{"deviceRecognitionVerdict":["MEETS_STRONG_INTEGRITY"]}}},"#
      + #""device.play_integrity.x":1},"tokenPayloadExternal":\#(Self.verdict)}"#
    let event = try ingestion.event(message, .playIntegrity)
    #expect(event.id == "e1" && event.type == "session.started")
    #expect(event.value["device"]?["id"]?.text == "d1")
    #expect(event.value["device"]?["play_integrity"]?.encoded() == Self.verdict)
    #expect(!event.json.contains("MEETS_STRONG_INTEGRITY") && !event.json.contains("play_integrity.x"))
    #expect(ingestion.refusal(Self.verdict, .playIntegrity)?.code == .noEvent)
    #expect(
      ingestion.refusal(#"{"event":{},"tokenPayloadExternal":\#(Self.verdict)}"#, .playIntegrity)?.code
        == .missingParameter)
  }

  @Test func verdictsOfAnotherFormAreRefused() {
    func code(_ from: String, _ to: String) -> IngestRefusal.Code? {
      do throws(IngestRefusal) {
        _ = try evidence(Self.verdict.replacing(from, with: to), .playIntegrity)
        return nil
      } catch {
        return error.code
      }
    }
    #expect(code("1777629590000", "1777629590") == .timeUnit)
    #expect(code(#""1777629590000""#, "1777629590000") == nil)
    #expect(code(#""PLAY_RECOGNIZED""#, "7") == .wrongType)
    #expect(
      code(#""deviceIntegrity":{}"#, #""deviceIntegrity":{"deviceRecognitionVerdict":"MEETS"}"#) == .wrongType
    )
    #expect(code(#""deviceIntegrity":{}"#, #""deviceIntegrity":null"#) == nil)
    #expect(code(#""deviceIntegrity":{}"#, #""deviceIntegrity":[]"#) == .wrongType)
    #expect(code(Self.verdict, "{}") == .missingParameter)
    #expect(code(Self.verdict, "[]") == .notJSON)
    #expect(code(#""deviceIntegrity":{}"#, #""appIntegrity":{}"#) == .notJSON)
    #expect(code(#"{}"#, String(repeating: "[", count: 100_000)) == .notJSON)
  }

  @Test(arguments: [
    (
      #"{"status":200,"body":"{\"bit0\":true,\"bit1\":false,\"last_update_time\":\"2018-10\"}"}"#,
      #"{"device":{"device_check":{"state":"set","bit0":true,"bit1":false,"last_update_time":"2018-10"}}}"#
    ),
    (#"{"status":200,"body":"Failed to find bit state"}"#, #"{"device":{"device_check":{"state":"unset"}}}"#),
    (#"{"status":200,"body":"Bit State Not Found"}"#, #"{"device":{"device_check":{"state":"unset"}}}"#),
  ])
  func deviceCheck(_ message: String, _ expected: String) throws {
    #expect(try evidence(message, .deviceCheck) == expected)
  }

  @Test(arguments: [
    (#"{"status":401,"body":""}"#, IngestRefusal.Code.vendorFailed),
    (#"{"status":400,"body":"Bad Device Token"}"#, .vendorFailed),
    (#"{"status":200,"body":""}"#, .missingParameter), (#"{"status":200}"#, .missingParameter),
    (#"{"body":"{}"}"#, .missingParameter), (#"{"status":200,"body":"<html>"}"#, .badValue),
    (#"{"status":200,"body":"{}"}"#, .missingParameter),
    (#"{"status":200,"body":"{\"bit0\":1,\"bit1\":false}"}"#, .wrongType),
    (#"{"status":200,"body":"{\"bit0\":true,\"bit1\":false,\"last_update_time\":\"2018-13\"}"}"#, .badValue),
    (#"{"status":200,"body":"{\"bit0\":true"}"#, .notJSON),
  ])
  func deviceCheckWithoutAnAnswer(_ message: String, _ code: IngestRefusal.Code) {
    do throws(IngestRefusal) {
      _ = try evidence(message, .deviceCheck)
      Issue.record("accepted")
    } catch {
      #expect(error.code == code)
    }
  }
}
