import Assay
import Foundation
import Testing

/// Apple's answers about two bits, as a service gets them and puts them into an event.
@Suite struct DeviceCheckPayloadTests {
  /// What a service sends of an answer. Only an answer of 200 tells anything; one whose text is no JSON tells that the
  /// phone was never marked.
  private static func deviceCheck(status: Int, body: String) -> [String: Any]? {
    guard status == 200 else { return nil }
    guard let json = try? JSONSerialization.jsonObject(with: Data(body.utf8)),
      var bits = json as? [String: Any]
    else { return ["state": "unset"] }
    bits["state"] = "set"
    return bits
  }

  @Test func everyAnswerIsDecided() throws {
    guard let file = try RewardsService.payloads("devicecheck.json") else { return }
    let responses = try file.objects("responses")
    let expected: [(fired: [String], outcome: Outcome, isAnswered: Bool)] = [
      ([], .allow, true), (["device-check-bit"], .review, true), ([], .allow, false), ([], .allow, false),
      ([], .allow, false), ([], .allow, false),
    ]
    #expect(responses.count == expected.count)
    for (response, wanted) in zip(responses, expected) {
      let status = try #require(response["http"] as? Int)
      let body = try response.text("body")
      var device: [String: Any] = ["os": "ios", "app_attest": ["result": "valid"]]
      device["device_check"] = Self.deviceCheck(status: status, body: body)
      let decision = try RewardsService().decide(
        RewardsService.payout(at: 1_767_614_400_000, device: device))
      #expect(decision.firedRules == wanted.fired, "\(status) \(body)")
      #expect(decision.outcome == wanted.outcome, "\(status) \(body)")
      #expect(decision.unansweredRules.contains("device-check-bit") != wanted.isAnswered, "\(status) \(body)")
    }
  }

  /// The answer's text itself is no event member: a service that sends it is told.
  @Test func anAnswerThatIsNoJSONIsNoEvent() throws {
    let event = RewardsService.payout(
      at: 1_767_614_400_000, device: ["os": "ios", "device_check": ["bit0": "Failed to find bit state"]])
    let service = try RewardsService()
    let refusal = #expect(throws: EventRefusal.self) { try service.decide(event) }
    #expect(refusal?.message == "`device.device_check.bit0` must be true or false, found text")
  }
}
