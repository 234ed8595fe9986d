import Foundation
import Ingest
import OrderedJSON
import TestSupport
import Testing

@Suite struct LevelPlayTests {
  let callbacks: Callbacks
  init() throws { callbacks = try Callbacks() }

  @Test func aCallbackBecomesAnEvent() throws {
    let event = try callbacks.ingestion.event(Callbacks.levelPlay(), .levelPlay)
    #expect(
      event.json == #"{"id":"levelplay:ev123456","type":"reward.granted","time":"2026-05-01T10:00:00Z","#
        + #""content_digest":"a60b676e8d1fed1beda632c10da07296","user":{"id":"user17"},"ad":{"network":"levelplay","transaction_id":"ev123456","#
        + #""callback_at":1777629540000,"signed":true,"custom":{"level":"7"}},"#
        + #""reward":{"amount":5,"item":"gold bar"}}"#)
  }

  @Test func negativeRewardsTakeOneBack() throws {
    let event = try callbacks.ingestion.event(Callbacks.levelPlay(rewards: "-5", more: ""), .levelPlay)
    #expect(
      event.json == #"{"id":"levelplay:ev123456:reversed","type":"reward.reversed","#
        + #""time":"2026-05-01T10:00:00Z","content_digest":"a60b676e8d1fed1beda632c10da07296","#
        + #""reverses":"levelplay:ev123456","user":{"id":"user17"},"#
        + #""ad":{"network":"levelplay","transaction_id":"ev123456","callback_at":1777629540000,"signed":true},"#
        + #""reward":{"amount":5}}"#)
  }

  @Test func aPartOfARewardCanBeTakenBack() throws {
    let parts = try Callbacks {
      $0.replacing(#""levelplay": {"#, with: #""levelplay": {"reversals": "part", "#)
    }
    let event = try parts.ingestion.event(Callbacks.levelPlay(rewards: "-2"), .levelPlay)
    #expect(event.id == "levelplay:ev123456:reversed:2" && event.type == "reward.reversed")
    #expect(event.value["reverses"] == nil && event.value["reward"]?["amount"] == .number("2"))
  }

  /// The time, event, user, rewards and key side by side, as the sample code of ironSource's documentation has them; the
  /// digest of its example of a time was computed by another program.
  @Test func theDocumentedOrder() throws {
    let configuration = try IngestConfiguration(
      parsing: #"{"levelplay": {"private_key": {"env": "K"}, "ambiguous": "accept", "parameters": "#
        + #"{"USER_ID": "applicationUserId", "REWARDS": "rewards", "EVENT_ID": "eventId"}}}"#,
      folder: "", environment: ["K": "123456"])
    let query =
      "applicationUserId=user-7&rewards=25&eventId=ab12cd34&itemName=coins&timestamp=201001021455"
      + "&signature=8f67538987dccf014fa7b3a19664744e"
    #expect(try Ingestion(configuration).event(query, .levelPlay).id == "levelplay:ab12cd34")
    #expect(
      Ingestion(configuration).refusal(query.replacing("rewards=25", with: "rewards=52"), .levelPlay)?.code
        == .wrongSignature)
  }

  private static let tampering: [(String, String, String, IngestRefusal.Code)] = [
    ("more rewards", "rewards=5", "rewards=50", .wrongSignature),
    ("another user", "user17", "user18", .wrongSignature),
    ("another event", "ev123456", "ev123457", .wrongSignature),
    ("another time", "202605010959", "202605010958", .wrongSignature),
    ("a digit of the user's as rewards", "user17&rewards=5", "user1&rewards=75", .badValue),
    ("no signature", "&signature=", "&sign=", .unsigned),
    ("no user", "appUserId=", "userId=", .missingParameter),
    ("no time", "&timestamp=", "&time=", .missingParameter),
    ("a user twice", "&rewards", "&appUserId=user17&rewards", .duplicateParameter),
  ]

  @Test(arguments: tampering.indices) func tamperedCallbacksHaveTheirReason(_ index: Int) throws {
    let (what, from, to, code) = Self.tampering[index]
    let query = Callbacks.levelPlay()
    let tampered = query.replacing(from, with: to, maxReplacements: 1)
    #expect(tampered != query)
    #expect(callbacks.ingestion.refusal(tampered, .levelPlay)?.code == code, "\(what)")
  }

  /// Without forms the signature of `user17` and `5` is that of `user1` and `75` too.
  @Test func aSignatureOfOtherValuesTooProvesNothing() throws {
    func with(_ more: String) throws -> Callbacks {
      try Callbacks { text in
        guard let start = text.range(of: ",\n   \"forms\": {\"EVENT_ID\"")?.lowerBound else { return text }
        return text[..<start] + more + "}}"
      }
    }
    let open = try with("")
    let query = Callbacks.levelPlay()
    #expect(open.ingestion.refusal(query, .levelPlay)?.code == .ambiguousSignature)
    let moved = query.replacing("user17&rewards=5", with: "user1&rewards=75")
    #expect(open.ingestion.refusal(moved, .levelPlay)?.code == .ambiguousSignature)
    let risky = try with(#", "ambiguous": "accept""#)
    // The event may be taken, and was signed for these values or for others.
    #expect(try risky.ingestion.event(query, .levelPlay).value["ad"]?["signed"] == .bool(false))
    #expect(try callbacks.ingestion.event(query, .levelPlay).value["ad"]?["signed"] == .bool(true))
  }

  @Test func unsignedCallbacks() throws {
    let query = "appUserId=user17&rewards=5&eventId=ev123456"
    #expect(callbacks.ingestion.refusal(query, .levelPlay)?.code == .unsigned)
    let accepting = try Callbacks {
      $0.replacing(#""levelplay": {"#, with: #""levelplay": {"unsigned": "accept", "#)
    }
    let event = try accepting.ingestion.event(query, .levelPlay)
    #expect(event.value["ad"]?["signed"] == .bool(false))
    #expect(event.value["ad"]?["callback_at"] == nil)
    // A signature that is there has to be right all the same.
    #expect(
      accepting.ingestion.refusal(query + "&timestamp=202605010959&signature=00", .levelPlay)?.code
        == .wrongSignature)
    #expect(
      try accepting.ingestion.event(Callbacks.levelPlay(), .levelPlay).value["ad"]?["signed"] == .bool(true))
    let keyless = try Callbacks {
      $0.replacing(#""private_key": {"env": "PRIVATE_KEY"}"#, with: #""unsigned": "accept""#)
    }
    #expect(
      try keyless.ingestion.event(Callbacks.levelPlay(), .levelPlay).value["ad"]?["signed"] == .bool(false))
  }

  @Test func values() {
    func code(_ query: String) -> IngestRefusal.Code? { callbacks.ingestion.refusal(query, .levelPlay)?.code }
    #expect(code(Callbacks.levelPlay(time: "1777629599")) == .timeUnit)
    #expect(code(Callbacks.levelPlay(time: "202613010959")) == .badValue)
    #expect(code(Callbacks.levelPlay(time: "202602300959")) == .badValue)
    #expect(code(Callbacks.levelPlay(time: "199902010959")) == .badTime)
    #expect(code(Callbacks.levelPlay(rewards: "1.5")) == .badValue)
    #expect(code(Callbacks.levelPlay(rewards: "007")) == .badValue)
    #expect(code(Callbacks.levelPlay(rewards: "9223372036854775808")) == .badValue)
    #expect(code(Callbacks.levelPlay(rewards: "-9223372036854775808")) == .badValue)
    #expect(code(Callbacks.levelPlay(event: "ev 23456")) == .badEncoding)
  }

  @Test func epochTimesAreToldByTheirUnit() throws {
    let accepting = try Callbacks {
      $0.replacing(#""levelplay": {"#, with: #""levelplay": {"unsigned": "accept", "#)
    }
    for (text, unit) in [
      ("1777629599", "seconds"), ("1777629599000", "milliseconds"), ("29627159", "minutes"),
    ] {
      let query = "appUserId=user17&rewards=5&eventId=ev123456&timestamp=\(text)"
      let refusal = try #require(accepting.ingestion.refusal(query, .levelPlay))
      #expect(refusal.code == .timeUnit)
      #expect(refusal.message.contains("counts \(unit) since 1970"))
    }
  }
}
