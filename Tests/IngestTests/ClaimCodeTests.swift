import Foundation
import Ingest
import OrderedJSON
import TestSupport
import Testing

/// Whoever reads a gift card's code can spend it.
@Suite struct ClaimCodeTests {
  private static let code = "LJ49-AKDUV6-UYCP"
  private let ingestion = Ingestion(IngestConfiguration())

  private static func message(_ event: String, id: String = "EG3bd0001") -> String {
    #"{"event":\#(event),"request":{"creationRequestId":"\#(id)"},"answer":{"status":"SUCCESS","gcId":"55","#
      + #""gcClaimCode":"\#(code)"}}"#
  }

  @Test func aCallersEventMayNotHaveOneInAnyDepth() throws {
    let events = [
      #"{"gcClaimCode":"\#(Self.code)"}"#, #"{"payout":{"gcClaimCode":"\#(Self.code)"}}"#,
      #"{"answers":[[{"a":{"gc_claim_code":"x"}}]]}"#, #"{"GC-CLAIM-CODE":null}"#, #"{"payout.claimCode":1}"#,
      #"{"claimCode \#(Self.code)":true}"#,
      // Under another name it is the answer's code all the same.
      #"{"note":"\#(Self.code)"}"#, #"{"note":["your code is lj49akduv6uycp!"]}"#, #"{"\#(Self.code)":1}"#,
    ]
    for event in events {
      let refusal = try #require(ingestion.refusal(Self.message(event), .giftCard), "\(event)")
      #expect(refusal.code == .claimCode, "\(event)")
      #expect(!"\(refusal)".contains("LJ49") && !"\(refusal)".contains("akduv6"))
    }
    #expect(ingestion.refusal(Self.message("{}", id: "LJ49AKDUV6UYCP"), .giftCard)?.code == .claimCode)
    #expect(ingestion.refusal(Self.message(#"{"user":{"id":"u1"}}"#), .giftCard) == nil)
  }

  @Test func otherSourcesNeither() throws {
    let event = #""event":{"id":"e1","type":"session.started","x":{"gcClaimCode":"\#(Self.code)"}}"#
    let verdict = #"{\#(event),"deviceIntegrity":{}}"#
    #expect(ingestion.refusal(verdict, .playIntegrity)?.code == .claimCode)
    let item = "{\(event)," + PayoutTests.item("SUCCESS").dropFirst()
    #expect(ingestion.refusal(item, .payPalBatch)?.code == .claimCode)
    let base = try JSONValue(parsing: #"{"claim_code":"\#(Self.code)"}"#)
    let callbacks = try Callbacks()
    #expect(throws: IngestRefusal.self) {
      try callbacks.ingestion.items(
        from: Callbacks.levelPlay().utf8, source: .levelPlay, base: base, arrival: Callbacks.arrival)
    }
  }

  /// Below a claim code's key everything is a code, however deep; and what is written like one is one under any key.
  @Test func theAnswersCodeIsFoundInWhateverFormItIsIn() {
    func code(_ answer: String, _ event: String) -> IngestRefusal.Code? {
      let message = #"{"event":\#(event),"answer":{"creationRequestId":"E1","status":"SUCCESS",\#(answer)}}"#
      return ingestion.refusal(message, .giftCard)?.code
    }
    let answers = [
      #""gcClaimCode":["\#(Self.code)"]"#, #""gcClaimCode":{"value":{"text":"\#(Self.code)"}}"#,
      #""gcClaimCode":[[null,{"a":true},{"b":["\#(Self.code)"]}]]"#, #""gcClaimCode":{"\#(Self.code)":1}"#,
      #""cardInfo":{"claim_code":["lj49akduv6uycp"]}"#, #""voucher":"\#(Self.code)""#,
      #""message":"the code is \#(Self.code), spend it""#,
    ]
    for answer in answers {
      for event in [#"{"note":"LJ49AKDUV6UYCP"}"#, #"{"a":[{"b":"(lj49 akduv6 uycp)"}]}"#] {
        #expect(code(answer, event) == .claimCode, "\(answer) \(event)")
      }
      #expect(code(answer, #"{"user":{"id":"u1"}}"#) == nil, "\(answer)")
    }
    let number = #""gcClaimCode":[12345678901234]"#
    for event in [#"{"note":12345678901234}"#, #"{"note":"1234-567890-1234"}"#, #"{"12345678901234":1}"#] {
      #expect(code(number, event) == .claimCode, "\(event)")
    }
    #expect(code(number, #"{"note":1234567890123}"#) == nil)
    #expect(code(#""gcClaimCode":null"#, #"{"note":"LJ49AKDUV6UYCP"}"#) == nil)
  }

  /// Without an answer nothing tells the code but how it is written.
  @Test func whatIsWrittenLikeOneIsOne() {
    func code(_ event: String) -> IngestRefusal.Code? {
      ingestion.refusal(#"{"event":\#(event),"request":{"creationRequestId":"E1"}}"#, .giftCard)?.code
    }
    for event in [
      #"{"voucher":"\#(Self.code)"}"#, #"{"a":[{"b":"code: \#(Self.code)."}]}"#, #"{"\#(Self.code)":null}"#,
    ] { #expect(code(event) == .claimCode, "\(event)") }
    for event in [
      #"{"device":{"id":"38400000-8CF0-11BD-B23E-10B96E40000D"}}"#, #"{"user":{"id":"user-123456-abcd"}}"#,
      #"{"ip":"203.0.113.5"}"#, #"{"a":"ABCD-EFGHIJ-KLMN-OPQR"}"#,
    ] { #expect(code(event) == nil, "\(event)") }
  }

  @Test func thereAreNotAnyNumberOfThem() {
    let codes = (0..<20).map { #""claimCode\#($0)":"ABCD-EFGHIJ-00\#(10 + $0)""# }.joined(separator: ",")
    let message = #"{"request":{"creationRequestId":"E1",\#(codes)}}"#
    #expect(ingestion.refusal(message, .giftCard)?.code == .tooLarge)
  }
}
