import CEL
import Foundation
import Ingest
import OrderedJSON
import TestSupport
import Testing

@Suite struct AdMobTests {
  let callbacks: Callbacks
  init() throws { callbacks = try Callbacks() }

  @Test func aSignedCallbackBecomesAnEvent() throws {
    let event = try callbacks.ingestion.event(try callbacks.adMob(), .adMob)
    #expect(event.id == "admob:18fa792de1bca816048293fc71035638")
    #expect(
      event.json == #"{"id":"admob:18fa792de1bca816048293fc71035638","type":"reward.granted","#
        + #""time":"2026-05-01T10:00:00Z","content_digest":"a8958c4956ba4df1b9005e6218153457","user":{"id":"u1"},"ad":{"network":"admob","unit":"1234567890","#
        + #""source":"5450213213286189855","transaction_id":"18fa792de1bca816048293fc71035638","#
        + #""callback_at":1777629599000,"signed":true,"custom_data":"level 7, boss"},"#
        + #""reward":{"amount":10,"item":"Premium coins"}}"#)
  }

  @Test func anAddressWillDo() throws {
    let query = try callbacks.adMob()
    let event = try callbacks.ingestion.event(query, .adMob)
    for address in ["https://example.com/ssv?\(query)", "/ssv?\(query)#top", "?\(query)"] {
      #expect(try callbacks.ingestion.event(address, .adMob) == event)
    }
  }

  /// The same bytes in other letters: what was signed is the decoded text.
  @Test func otherEncodingsOfTheSameTextAreTheSame() throws {
    let query = try callbacks.adMob()
    let event = try callbacks.ingestion.event(query, .adMob)
    let other = query.replacing("+", with: "%20").replacing("ad_unit", with: "%61d_unit").replacing(
      "%2C", with: ",")
    #expect(other != query)
    #expect(try callbacks.ingestion.event(other, .adMob) == event)
  }

  @Test func aRetryKeepsItsArrival() throws {
    let query = try callbacks.adMob()
    let first = try callbacks.ingestion.event(query, .adMob)
    let later = Timestamp(seconds: 1_777_629_700)
    let again = try callbacks.ingestion.events(from: query.utf8, source: .adMob, arrival: later)
    #expect(again == [first])
  }

  private static let tampering: [(String, String, String, IngestRefusal.Code)] = [
    ("another amount", "reward_amount=10", "reward_amount=99", .wrongSignature),
    ("another user", "user_id=u1", "user_id=u2", .wrongSignature),
    ("encoded twice", "%20boss", "%2520boss", .wrongSignature),
    ("a parameter left out", "&reward_amount=10", "", .wrongSignature),
    ("a parameter added", "&user_id=u1", "&user_id=u1&zone=1", .unknownParameter),
    (
      "parameters exchanged", "ad_unit=1234567890&custom_data=level+7%2C%20boss",
      "custom_data=level+7%2C%20boss&ad_unit=1234567890", .parameterOrder
    ),
    ("a parameter twice", "&user_id=u1", "&user_id=u1&user_id=u2", .duplicateParameter),
    ("the signature twice", "&key_id", "&signature=MEQ&key_id", .duplicateParameter),
    ("an encoded ampersand", "10&reward_item", "10%26reward_item", .ambiguousParameter),
    ("an encoded equals sign in a name", "ad_unit=12", "ad_unit%3D12=", .ambiguousParameter),
    ("another key", "key_id=7", "key_id=8", .unknownKey),
    ("a key that is no number", "key_id=7", "key_id=07", .badValue),
    ("the end exchanged", "&key_id=7", "", .missingParameter),
    ("something behind the end", "&key_id=7", "&key_id=7&x=1", .parameterOrder),
    ("a hidden signature", "&signature=", "&%73ignature=", .parameterOrder),
    ("half an encoding", "%20boss", "%2", .badEncoding),
    ("no encoding", "%20boss", " boss", .badEncoding),
    ("no UTF-8", "%20boss", "%FFboss", .badEncoding),
    ("nothing", "&user_id=u1", "&&user_id=u1", .malformedQuery),
    ("no value", "&user_id=u1", "&user_id", .malformedQuery),
    ("no name", "&user_id=u1", "&=u1", .malformedQuery),
  ]

  @Test(arguments: tampering.indices) func tamperedCallbacksHaveTheirReason(_ index: Int) throws {
    let (what, from, to, code) = Self.tampering[index]
    let query = try callbacks.adMob()
    let tampered = query.replacing(from, with: to, maxReplacements: 1)
    #expect(tampered != query)
    #expect(callbacks.ingestion.refusal(tampered, .adMob)?.code == code, "\(what)")
  }

  @Test func theSignatureIsReadStrictly() throws {
    let query = try callbacks.adMob()
    let start = try #require(query.range(of: "&signature=")?.upperBound)
    let end = try #require(query.range(of: "&key_id=")?.lowerBound)
    func with(_ signature: String) -> String { query[..<start] + signature + query[end...] }
    let signature = String(query[start..<end])
    let padding = String(repeating: "=", count: (4 - signature.count % 4) % 4)
    #expect(callbacks.ingestion.refusal(with(signature + padding), .adMob) == nil)
    let encodedPadding = padding.replacing("=", with: "%3D")
    #expect(callbacks.ingestion.refusal(with(signature + encodedPadding), .adMob) == nil)
    let der = Data(base64Encoded: signature.replacing("-", with: "+").replacing("_", with: "/") + padding)
    let long = try #require(der) + [0]
    for broken in [
      signature + "====", signature + padding + "=", String(signature.dropLast()), "MEQ",
      "!" + signature.dropFirst(),
      long.base64EncodedString().replacing("=", with: ""),
      signature.replacing("M", with: "+", maxReplacements: 1),
    ] {
      #expect(callbacks.ingestion.refusal(with(broken), .adMob)?.code == .malformedSignature, "\(broken)")
    }
    #expect(callbacks.ingestion.refusal(with(""), .adMob)?.code == .missingParameter)
    let unsigned = query.replacing("&signature=" + signature, with: "")
    #expect(callbacks.ingestion.refusal(unsigned, .adMob)?.code == .unsigned)
  }

  /// What a player puts into a value never becomes a parameter, although AdMob's signature would cover it.
  @Test(arguments: [
    "ad_network=1&ad_unit=2&custom_data=x%26reward_amount=999%26reward_item=coins&reward_amount=1&reward_item=coins"
      + "&timestamp=1777629599000&transaction_id=ab&user_id=u1",
    "ad_network=1&ad_unit=2&custom_data=x%26user_id=victim&reward_amount=1&timestamp=1777629599000&transaction_id=ab",
    "ad_network=1&ad_unit=2&custom_data=x%26transaction_id=cd&reward_amount=1&timestamp=1777629599000&transaction_id=ab",
    "ad_network=1&ad_unit=2&reward_amount=1&timestamp=1777629599000&transaction_id=ab&user_id=victim%26z=1",
    "ad_network=1&ad_unit=2&custom_data=%7B%22uid%22:%22v%22%7D%26d=1&reward_amount=1&timestamp=1777629599000&transaction_id=ab",
  ])
  func aValueSmugglesNoParameter(_ query: String) throws {
    let genuine = try callbacks.adMob(query)
    #expect(callbacks.ingestion.refusal(genuine, .adMob)?.code == .ambiguousParameter)
    let twin = genuine.replacing("%26", with: "&")
    let refusal = try #require(callbacks.ingestion.refusal(twin, .adMob))
    #expect([.duplicateParameter, .parameterOrder, .unknownParameter].contains(refusal.code))
  }

  @Test func whatIsMissingIsNamed() throws {
    for name in ["ad_network", "ad_unit", "timestamp", "transaction_id"] {
      let parts = Callbacks.adMobQuery.split(separator: "&")
      let without = parts.filter { !$0.hasPrefix(name + "=") }.joined(separator: "&")
      let empty = parts.map { $0.hasPrefix(name + "=") ? "\(name)=" : String($0) }.joined(separator: "&")
      for query in [without, empty] {
        let refusal = callbacks.ingestion.refusal(try callbacks.adMob(query), .adMob)
        #expect(refusal?.code == .missingParameter)
        #expect(refusal?.parameter == name)
      }
    }
  }

  @Test func timesInOtherUnitsAreToldByTheirUnit() throws {
    for (text, unit) in [
      ("1777629599", "seconds"), ("29627159", "minutes"), ("1777629599000000", "microseconds"),
      ("1777629599000000000", "nanoseconds"),
    ] {
      let query = Callbacks.adMobQuery.replacing("1777629599000", with: text)
      let refusal = try #require(callbacks.ingestion.refusal(try callbacks.adMob(query), .adMob))
      #expect(refusal.code == .timeUnit)
      #expect(refusal.message.contains("counts \(unit), not milliseconds"), "\(refusal.message)")
    }
    for text in ["0", "1000000000000000000000", "-5", "1e12", "soon"] {
      let query = Callbacks.adMobQuery.replacing("1777629599000", with: text)
      let code = try #require(callbacks.ingestion.refusal(try callbacks.adMob(query), .adMob)?.code)
      #expect(code == .badTime || code == .badValue, "\(text)")
    }
  }

  @Test func theUserMayBeElsewhere() throws {
    let callbacks = try Callbacks {
      $0.replacing(
        #""keys.json""#,
        with: #""keys.json", "user": {"parameter": "custom_data", "member": "uid", "absent": "nobody"}"#)
    }
    func user(_ custom: String) throws(IngestRefusal) -> String? {
      let parts = Callbacks.adMobQuery.split(separator: "&").map {
        $0.hasPrefix("custom_data=") ? "custom_data=\(custom)" : String($0)
      }
      guard let query = try? callbacks.adMob(parts.joined(separator: "&")) else { return nil }
      return try callbacks.ingestion.event(query, .adMob).value["user"]?["id"]?.text
    }
    #expect(try user("%7B%22uid%22:%22D268%22,%22type%22:%22points%22%7D") == "D268")
    #expect(try user("%7B%22uid%22:17%7D") == "17")
    #expect(try user("%7B%7D") == "nobody")
    #expect(throws: IngestRefusal.self) { try user("points") }
    #expect(throws: IngestRefusal.self) { try user("%7B%22uid%22:%5B%5D%7D") }
  }

  @Test func bounds() throws {
    let many = (0..<70).map { "p\($0)=1" }.joined(separator: "&")
    #expect(callbacks.ingestion.refusal(many, .adMob)?.code == .tooManyParameters)
    let long = "a=" + String(repeating: "x", count: 1_000_000)
    #expect(callbacks.ingestion.refusal(long, .adMob)?.code == .tooLarge)
    #expect(callbacks.ingestion.refusal("", .adMob)?.code == .malformedQuery)
    #expect(callbacks.ingestion.refusal("https://example.com/", .adMob)?.code == .malformedQuery)
    let bytes = try? callbacks.ingestion.events(
      from: [0xFF, 0x00], source: .adMob, arrival: Callbacks.arrival)
    #expect(bytes == nil)
  }
}
