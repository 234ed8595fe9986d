import CEL
import Crypto
import Foundation
import Ingest
import OrderedJSON
import TestSupport
import Testing

/// Callbacks as the vendors would make them, with keys of the tests' own.
struct Callbacks {
  static let eventKey = "the event key of a test"
  static let privateKey = "the private key of a test"
  /// 2026-05-01T10:00:00Z.
  static let arrival = Timestamp(milliseconds: 1_777_629_600_000)
  static let adMobKeyID = 7

  let adMobKey = P256.Signing.PrivateKey()
  let ingestion: Ingestion

  /// A configuration of all three networks; `change` has the last word on its text.
  init(_ change: (String) -> String = { $0 }) throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "assay-ingest-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let keys = Self.keyFile([(Self.adMobKeyID, adMobKey.publicKey)])
    try Data(keys.utf8).write(to: folder.appending(path: "keys.json"))
    ingestion = Ingestion(
      try IngestConfiguration(
        parsing: change(Self.configuration), folder: folder.path,
        environment: ["EVENT_KEY": Self.eventKey, "PRIVATE_KEY": Self.privateKey]))
  }

  static let configuration = """
    {"admob-ssv": {"keys": "keys.json"},
     "applovin-max": {"event_key": {"env": "EVENT_KEY"},
       "parameters": {"USER_ID": "uid", "EVENT_ID": "event", "AMOUNT": "amount", "CURRENCY": "currency",
         "TS": "ts", "CC": "cc", "IP": "ip", "EVENT_TOKEN": "token", "EVENT_TOKEN_ALL": "all"},
       "forms": {"CURRENCY": {"values": ["coins", "gems"]}, "IP": {"values": ["162.1.1.1", "", "fe80::890a\\n", "somewhere"]}}},
     "levelplay": {"private_key": {"env": "PRIVATE_KEY"},
       "parameters": {"USER_ID": "appUserId", "REWARDS": "rewards", "EVENT_ID": "eventId", "ITEM_NAME": "itemName"},
       "forms": {"EVENT_ID": {"length": 8}, "USER_ID": {"length": 6}}}}
    """

  /// Google's form of a file of keys.
  static func keyFile(_ keys: [(id: Int, key: P256.Signing.PublicKey)]) -> String {
    let entries = keys.map { id, key in
      let pem = key.pemRepresentation.split(separator: "\n").joined(separator: "\\n")
      return #"{"keyId":\#(id),"pem":"\#(pem)\n","base64":"\#(key.derRepresentation.base64EncodedString())"}"#
    }
    return #"{"keys":[\#(entries.joined(separator: ","))]}"#
  }

  static let adMobQuery =
    "ad_network=5450213213286189855&ad_unit=1234567890&custom_data=level+7%2C%20boss&reward_amount=10"
    + "&reward_item=Premium+coins&timestamp=1777629599000&transaction_id=18fa792de1bca816048293fc71035638&user_id=u1"

  /// `query` with AdMob's signature over its decoded form.
  func adMob(_ query: String = adMobQuery, signing decoded: String? = nil) throws -> String {
    let plain = decoded ?? query.replacing("+", with: " ").removingPercentEncoding ?? ""
    let signature = try adMobKey.signature(for: Data(plain.utf8)).derRepresentation.base64EncodedString()
    let text = signature.replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
    return "\(query)&signature=\(text)&key_id=\(Self.adMobKeyID)"
  }

  /// The address that the configuration's names make, with the tokens of these values.
  static func appLovin(_ values: [String: String] = [:]) -> String {
    let standard = [
      "AMOUNT": "100", "CC": "gb", "CURRENCY": "coins", "TS": "1777629599000", "USER_ID": "user 7",
      "IP": "162.1.1.1", "EVENT_ID": "14a97273742c0c9e8864fe40193dad5506e930bc",
    ]
    let values = standard.merging(values) { $1 }
    let names = [
      "USER_ID": "uid", "EVENT_ID": "event", "AMOUNT": "amount", "CURRENCY": "currency", "TS": "ts",
      "CC": "cc",
      "IP": "ip",
    ]
    let all = values.keys.sorted().compactMap { values[$0] }.joined() + eventKey
    let token = Insecure.SHA1.hash(data: Data(((values["EVENT_ID"] ?? "") + eventKey).utf8))
    let parts = names.sorted { $0.value < $1.value }.map { "\($1)=\(encoded(values[$0] ?? ""))" }
    return "https://example.com/reward?\(parts.joined(separator: "&"))&token=\(hex(token))"
      + "&all=\(hex(SHA256.hash(data: Data(all.utf8))))"
  }

  /// A callback with LevelPlay's signature; `more` is not covered by it.
  static func levelPlay(
    user: String = "user17", rewards: String = "5", event: String = "ev123456", time: String = "202605010959",
    more: String = "&itemName=gold%20bar&custom_level=7"
  ) -> String {
    let signature = Insecure.MD5.hash(data: Data((time + event + user + rewards + privateKey).utf8))
    return "appUserId=\(encoded(user))&rewards=\(rewards)&eventId=\(event)\(more)&timestamp=\(time)"
      + "&signature=\(hex(signature))"
  }

  static func encoded(_ text: String) -> String {
    text.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? ""
  }

  static func hex(_ digest: some Sequence<UInt8>) -> String {
    digest.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
  }
}

extension Ingestion {
  /// The event of a message that stands for one, come at the tests' moment.
  func event(_ message: String, _ source: IngestSource) throws(IngestRefusal) -> IngestedEvent {
    let events = try events(from: message.utf8, source: source, arrival: Callbacks.arrival)
    guard let event = events.first, events.count == 1 else {
      Issue.record("\(events.count) events")
      return IngestedEvent(id: "", type: "", value: .null)
    }
    return event
  }

  /// Why a message is refused; nil when it is none.
  func refusal(_ message: String, _ source: IngestSource) -> IngestRefusal? {
    do throws(IngestRefusal) {
      _ = try events(from: message.utf8, source: source, arrival: Callbacks.arrival)
      return nil
    } catch {
      return error
    }
  }
}
