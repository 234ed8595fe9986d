internal import CEL
internal import OrderedJSON

/// What Google decodes from a Play Integrity token: `{"tokenPayloadExternal": {…}}`, or the content of that.
enum PlayIntegrityVerdict {
  private static let member = "tokenPayloadExternal"
  /// Members by what they must be; all may be absent.
  private static let groups = [
    "requestDetails", "appIntegrity", "deviceIntegrity", "accountDetails", "environmentDetails",
    "testingDetails",
  ]

  /// The verdict as Google gave it, once its groups and its time are what they must be.
  static func fields(_ message: JSONMessage, arrival: Timestamp) throws(IngestRefusal) -> JSONValue {
    let verdict = try message.object(member) ?? message
    guard groups.contains(where: { verdict.member($0) != nil }) else {
      throw verdict.missing("requestDetails")
    }
    for group in groups { _ = try verdict.object(group) }
    if let details = try verdict.object("requestDetails") {
      for key in ["requestPackageName", "requestHash", "nonce"] { _ = try details.text(key) }
      if let digits = try details.digits("timestampMillis") {
        _ = try VendorTime(digits, details.name("timestampMillis"), in: .milliseconds, arrival: arrival)
      }
    }
    _ = try verdict.object("testingDetails")?.bool("isTestingResponse")
    try expectTexts("appRecognitionVerdict", of: try verdict.object("appIntegrity"))
    try expectTexts("appLicensingVerdict", of: try verdict.object("accountDetails"))
    let environment = try verdict.object("environmentDetails")
    try expectTexts("playProtectVerdict", of: environment)
    try expectList("appsDetected", of: try environment?.object("appAccessRiskVerdict"))
    let device = try verdict.object("deviceIntegrity")
    try expectList("deviceRecognitionVerdict", of: device)
    try expectList("legacyDeviceRecognitionVerdict", of: device)
    try expectTexts("deviceActivityLevel", of: try device?.object("recentDeviceActivity"))
    // The base event of an envelope is none of the verdict's.
    guard case .object(let members) = verdict.value else { return verdict.value }
    return .object(members.filter { $0.key != Envelope.event })
  }

  private static func expectTexts(_ key: String, of group: JSONMessage?) throws(IngestRefusal) {
    _ = try group?.text(key)
  }

  private static func expectList(_ key: String, of group: JSONMessage?) throws(IngestRefusal) {
    guard let group, let found = group.member(key) else { return }
    guard let elements = found.array, elements.allSatisfy({ $0.text != nil }) else {
      throw group.wrong(key, "a list of texts")
    }
  }
}

/// What a caller adds to a vendor's message.
enum Envelope {
  /// The event that the message's fields are put into.
  static let event = "event"
}
