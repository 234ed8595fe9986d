internal import OrderedJSON

/// What Apple's `query_two_bits` answered: `{"status": 200, "body": "…"}`.
enum DeviceCheckAnswer {
  private static let textBytesMax = 200

  /// `state` and, where the device was seen before, the bits and the month of their last change.
  static func fields(_ message: JSONMessage) throws(IngestRefusal) -> JSONValue {
    guard let status = try message.digits("status") else { throw message.missing("status") }
    guard status == "200" else {
      throw IngestRefusal(
        .vendorFailed, "status", "Apple did not answer with 200: nothing is known of the device",
        hint: "400 is a bad token or the other environment, 401 a bad key; the evidence is missing")
    }
    guard case .string(let body)? = message.member("body"), !body.isEmpty else {
      throw message.missing("body")
    }
    guard body.utf8.first == UInt8(ascii: "{") else {
      // `Failed to find bit state`; a page of somebody between would begin with a tag.
      guard body.utf8.count <= textBytesMax, body.utf8.first != UInt8(ascii: "<") else {
        throw .badValue("body", "Apple's answer")
      }
      return .object([.init("state", .string("unset"))])
    }
    let answer = try JSONMessage(Array(body.utf8))
    guard let first = try answer.bool("bit0") else { throw answer.missing("bit0") }
    guard let second = try answer.bool("bit1") else { throw answer.missing("bit1") }
    var members: [JSONValue.Member] = [
      .init("state", .string("set")), .init("bit0", .bool(first)), .init("bit1", .bool(second)),
    ]
    if let month = try answer.text("last_update_time") {
      guard month.wholeMatch(of: /[0-9]{4}-(0[1-9]|1[0-2])/) != nil else {
        throw .badValue("last_update_time", "a month such as 2026-05")
      }
      members.append(.init("last_update_time", .string(month)))
    }
    return .object(members)
  }
}
