import Assay
import Foundation
import Testing

/// Verdicts of Play Integrity as Google documents them, as a phone got them, and as another service tests with them:
/// each becomes an event and a decision.
@Suite struct PlayIntegrityPayloadTests {
  /// What a peer's verdicts come to here, and whether the peer rejects them.
  private static let peers: [String: (fired: [String], outcome: Outcome, peerRejects: Bool)] = [
    "request_hash_mismatch": (["request-hash"], .block, true),
    "package_mismatch": (["foreign-package"], .block, true),
    "device_integrity_unmet": (["empty-integrity", "no-device-integrity"], .block, true),
    // A licence alone is 20 points here: other stores are no fraud.
    "unlicensed": (["unlicensed"], .allow, true),
    "app_unrecognized": (["foreign-package"], .block, true),
    "success_integrity": ([], .allow, false),
    "emulated_device_meets_integrity": ([], .allow, false),
    "emulated_device_unmet": (["no-device-integrity", "virtual-device"], .block, true),
    "unlicensed_and_device_error_integrity": (
      ["empty-integrity", "no-device-integrity", "unlicensed"], .block, true
    ),
  ]

  @Test func aPeersVerdictsComeToWhatThePeerExpects() throws {
    guard let file = try RewardsService.payloads("play_integrity_peer_fixtures.json") else { return }
    let cases = try file.object("cases")
    #expect(Set(cases.keys) == Set(Self.peers.keys))
    for (name, expected) in Self.peers {
      let this = try cases.object(name)
      let answer = try #require((this["expected"] as? [Any])?.first as? String)
      #expect(answer.contains("reject") == expected.peerRejects, "\(name)")
      var verdict = try this.object("payload").object("tokenPayloadExternal")
      // The peer's verdicts are of a build that the store does not know, at which it does not look.
      let asItIs = try decide(verdict, file)
      #expect(asItIs.outcome == .block)
      #expect(asItIs.firedRules == (expected.fired + ["app-tampered"]).sorted(), "\(name)")
      var app = try verdict.object("appIntegrity")
      app["appRecognitionVerdict"] = "PLAY_RECOGNIZED"
      verdict["appIntegrity"] = app
      let recognized = try decide(verdict, file)
      #expect(recognized.firedRules == expected.fired.sorted(), "\(name)")
      #expect(recognized.outcome == expected.outcome, "\(name)")
      // What was not evaluated is neither good nor bad.
      #expect(
        recognized.unansweredRules.isSuperset(of: ["hyperactive", "play-protect-high", "remote-control"]))
    }
  }

  private func decide(_ verdict: [String: Any], _ file: [String: Any]) throws -> Decision {
    let milliseconds = try #require(Int64(try verdict.object("requestDetails").text("timestampMillis")))
    var event = RewardsService.payout(
      at: milliseconds,
      device: [
        "os": "android", "expected_request_hash": try file.text("request_hash"), "play_integrity": verdict,
      ])
    event["app"] = ["package": try file.text("package")]
    return try RewardsService().decide(event)
  }

  @Test func everyDocumentedVerdictIsDecided() throws {
    guard let file = try RewardsService.payloads("play_integrity_docs.json") else { return }
    let devices = try file.objects("deviceIntegrity_variants")
    let environments = try file.objects("environmentDetails_variants")
    #expect(devices.count == 7 && environments.count == 3)
    for (deviceIndex, device) in devices.enumerated() {
      for (environmentIndex, environment) in environments.enumerated() {
        let decision = try decide(file, "requestDetails_standard", device, environment)
        // The first environment has an unknown app that may read the screen; the last device has no label at all, although
        // the app was looked at.
        let isSilent = device.isEmpty
        var fired = isSilent ? ["unlabelled-device"] : []
        if (device["deviceRecall"] as? [String: Any])?["values"] as? [String: Bool] == [
          "bitFirst": true, "bitSecond": false, "bitThird": true,
        ] {
          fired.append("recalled-device")
        }
        #expect(decision.firedRules == fired, "device \(deviceIndex), environment \(environmentIndex)")
        #expect(decision.shadow.map(\.rule) == (environmentIndex == 0 ? ["capture-overlay"] : []))
        #expect(decision.unansweredRules.contains("no-device-integrity") == isSilent)
        #expect(decision.outcome == (fired.isEmpty ? .allow : .review), "device \(deviceIndex)")
      }
    }
  }

  /// A classic request has a nonce in place of a hash; the one documented gives its time in seconds, which is old.
  @Test func aClassicVerdictIsDecided() throws {
    guard let file = try RewardsService.payloads("play_integrity_docs.json") else { return }
    let device = try #require(file.objects("deviceIntegrity_variants").first)
    let decision = try decide(file, "requestDetails_classic", device, [:])
    #expect(decision.firedRules == ["stale-verdict"])
    #expect(decision.outcome == .review)
  }

  private func decide(
    _ file: [String: Any], _ request: String, _ device: [String: Any], _ environment: [String: Any]
  ) throws -> Decision {
    let verdict: [String: Any] = [
      "requestDetails": try file.object(request), "appIntegrity": try file.object("appIntegrity"),
      "deviceIntegrity": device, "accountDetails": try file.object("accountDetails"),
      "environmentDetails": environment,
    ]
    var event = RewardsService.payout(
      at: 1_675_655_009_345,
      device: [
        "os": "android", "expected_request_hash": "aGVsbG8gd29scmQgdGhlcmU", "play_integrity": verdict,
      ])
    event["app"] = ["package": "com.package.name"]
    return try RewardsService().decide(event)
  }

  @Test func aRealVerdictIsDecided() throws {
    guard let file = try RewardsService.payloads("play_integrity_docs.json") else { return }
    let verdict = try file.object("real_verdict").object("payload").object("tokenPayloadExternal")
    let nonce = try verdict.object("requestDetails").text("nonce")
    var event = RewardsService.payout(
      at: 1_751_089_185_015,
      device: ["os": "android", "expected_request_hash": nonce, "play_integrity": verdict])
    event["app"] = ["package": "dev.keiji.deviceintegrity"]
    let decision = try RewardsService().decide(event)
    #expect(decision.firedRules == ["app-tampered"])
    #expect(decision.outcome == .block)
    #expect(
      decision.unansweredRules.isSuperset(of: [
        "unlicensed", "hyperactive", "play-protect-high", "remote-control", "verdict-replayed",
      ]))
  }

  @Test func everyDocumentedMemberIsKnown() throws {
    guard let file = try RewardsService.payloads("play_integrity_docs.json") else { return }
    let fields = try RewardsService().engine.rules.schema.fields
    let paths = [
      "appRecognitionVerdict": "appIntegrity", "deviceRecognitionVerdict": "deviceIntegrity",
      "appLicensingVerdict": "accountDetails", "playProtectVerdict": "environmentDetails",
      "appsDetected": "environmentDetails.appAccessRiskVerdict",
    ]
    let enums = try file.object("enums")
    for (name, group) in paths {
      let path = "device.play_integrity.\(group).\(name)"
      let field = try #require(fields.first { $0.path == path }, "\(path)")
      let known: [String]
      switch field.type {
      case .enumeration(let members), .list(.enumeration(let members)): known = members + field.missing
      default: known = []
      }
      let documented = try #require(enums[name] as? [String])
      #expect(documented.filter { !known.contains($0) } == [], "\(path)")
    }
  }
}
