import Ingest
import OrderedJSON
import TestSupport
import Testing

@Suite struct AppLovinTests {
  let callbacks: Callbacks
  init() throws { callbacks = try Callbacks() }

  @Test func aCallbackBecomesAnEvent() throws {
    let event = try callbacks.ingestion.event(Callbacks.appLovin(), .appLovin)
    #expect(
      event.json == #"{"id":"applovin:14a97273742c0c9e8864fe40193dad5506e930bc","type":"reward.granted","#
        + #""time":"2026-05-01T10:00:00Z","content_digest":"52c8cb7a2b83f5e620eeafbce320eeba","user":{"id":"user 7"},"ad":{"network":"applovin","#
        + #""transaction_id":"14a97273742c0c9e8864fe40193dad5506e930bc","callback_at":1777629599000,"signed":true,"#
        + #""country":"GB"},"reward":{"amount":100,"currency":"coins"},"ip":"162.1.1.1"}"#)
  }

  /// The one pair of key and token that AppLovin has published.
  @Test func thePublishedToken() throws {
    let configuration = try IngestConfiguration(
      parsing: #"{"applovin-max": {"event_key": {"env": "K"}, "token": "event", "#
        + #""parameters": {"EVENT_ID": "event", "EVENT_TOKEN": "token"}}}"#,
      folder: "",
      environment: [
        "K": "uHXOnmfO2f3wd-syBwXxsj7m53qiJoI9VzXTvE8LOSnIWjS6zzxS8HgSIBJSbQWdS1czmgwXSWDaKwehtjyYl_"
      ])
    let query =
      "event=14a97273742c0c9e8864fe40193dad5506e930bc&token=3724081c17d32a66276ffff2a14b124a278934e9"
    let ingestion = Ingestion(configuration)
    #expect(try ingestion.event(query, .appLovin).id == "applovin:14a97273742c0c9e8864fe40193dad5506e930bc")
    #expect(
      ingestion.refusal(query.replacing("event=1", with: "event=2"), .appLovin)?.code == .wrongSignature)
    #expect(ingestion.refusal(query.replacing("934e9", with: "934E9"), .appLovin) == nil)
    // Whoever has a callback may add what its address has no place for: nobody hears it.
    let added = try ingestion.event(query + "&USER_ID=victim&user_id=victim", .appLovin)
    #expect(!added.json.contains("victim"))
    // The token proves the id, and nothing of whose reward it is and how much.
    #expect(added.value["ad"]?["signed"] == .bool(false))
    #expect(
      try callbacks.ingestion.event(Callbacks.appLovin(), .appLovin).value["ad"]?["signed"] == .bool(true))
  }

  private static let tampering: [(String, String, String, IngestRefusal.Code)] = [
    ("another amount", "amount=100", "amount=1000", .wrongSignature),
    ("another user", "uid=user%207", "uid=user%208", .wrongSignature),
    ("another event", "event=14", "event=24", .wrongSignature),
    ("a token cut off", "token=", "token=0", .wrongSignature),
    ("an amount left out", "amount=100&", "", .missingParameter),
    ("a token left out", "&token=", "&other=", .unsigned),
    ("the other token left out", "&all=", "&other=", .unsigned),
    ("an amount twice", "amount=100", "amount=100&amount=100", .duplicateParameter),
  ]

  @Test(arguments: tampering.indices) func tamperedCallbacksHaveTheirReason(_ index: Int) throws {
    let (what, from, to, code) = Self.tampering[index]
    let address = Callbacks.appLovin()
    let tampered = address.replacing(from, with: to, maxReplacements: 1)
    #expect(tampered != address)
    #expect(callbacks.ingestion.refusal(tampered, .appLovin)?.code == code, "\(what)")
  }

  @Test func whatTheTokenCoversIsOnlyThisWayOrRefused() throws {
    // `CC` and `CURRENCY` stand side by side: with free currencies `gb` and `coins` may be nothing and `gbcoins`.
    let free = try Callbacks { $0.replacing(#""CURRENCY": {"values": ["coins", "gems"]}, "#, with: "") }
    #expect(free.ingestion.refusal(Callbacks.appLovin(), .appLovin)?.code == .ambiguousSignature)
    let shifted = Callbacks.appLovin().replacing("amount=100", with: "amount=10").replacing(
      "cc=gb", with: "cc=0gb")
    #expect(callbacks.ingestion.refusal(shifted, .appLovin)?.code == .badValue)
    let other = Callbacks.appLovin(["CURRENCY": "pearls"])
    #expect(callbacks.ingestion.refusal(other, .appLovin)?.code == .badValue)
  }

  @Test func valuesAreRead() throws {
    func code(_ values: [String: String]) -> IngestRefusal.Code? {
      callbacks.ingestion.refusal(Callbacks.appLovin(values), .appLovin)?.code
    }
    #expect(code(["CC": "", "IP": ""]) == nil)
    // AppLovin's own example of an address ends with a line feed.
    #expect(code(["IP": "fe80::890a\n"]) == nil)
    #expect(code(["IP": "somewhere"]) == .badValue)
    #expect(code(["AMOUNT": "-1"]) == .badValue)
    #expect(code(["AMOUNT": "ten"]) == .badValue)
    #expect(code(["AMOUNT": ""]) == .badValue)
    #expect(code(["TS": "1777629599"]) == .timeUnit)
    #expect(code(["TS": "9777629599000"]) == .badTime)
    let seconds1970 = callbacks.ingestion.refusal(Callbacks.appLovin(["TS": "1777629599"]), .appLovin)
    #expect(seconds1970?.hint?.contains(#"`applovin-max.time_unit` is `"s"`"#) == true)
    let pearls = callbacks.ingestion.refusal(Callbacks.appLovin(["CURRENCY": "pearls"]), .appLovin)
    #expect(pearls?.hint?.contains("`applovin-max.forms.CURRENCY`") == true)
    #expect(code(["EVENT_ID": "short"]) == nil, "its own token proves it")
    #expect(code(["EVENT_ID": "a b"]) == .badValue)
    let seconds = try Callbacks {
      $0.replacing(#""forms": {"CURR"#, with: #""time_unit": "s", "forms": {"CURR"#)
    }
    let event = try seconds.ingestion.event(Callbacks.appLovin(["TS": "1777629599"]), .appLovin)
    #expect(event.value["ad"]?["callback_at"] == .number("1777629599000"))
  }
}
