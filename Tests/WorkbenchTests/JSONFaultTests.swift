import TestSupport
import Testing
import Workbench

@Suite struct JSONFaultTests {
  private static let names: Set = ["id", "payout", "receiver", "payout.receiver"]

  private func fault(_ line: String) -> JSONFault? { JSONFault(in: Array(line.utf8), names: Self.names) }

  @Test func whatIsJSONHasNoFault() {
    for line in [#"{"id":"a","id":"b"}"#, "[]", "1e400", #"{"a":{"b":[1,null]}} "#] {
      #expect(fault(line) == nil)
    }
  }

  @Test func thePlaceIsTheFirstCharacterThatDoesNotFit() {
    #expect(fault(#"{"id": "ä" "b"}"#)?.column == 12)
    #expect(fault("")?.message == "the text ends where a value is needed, found the end of the line")
    let fault = fault(#"{"id":"a","payout":{"receiver":'ann'}}"#)
    #expect(fault?.excerpt == #"{"id":"…","payout":{"receiver":'aaa'}}"#)
    #expect(fault?.caret == 31)
  }

  /// What is no JSON at all shows what it looks like, and not what it says.
  @Test func textOutsideOfQuotesIsShownByItsShape() {
    #expect(fault("2026-01-05 ann@example.com pays 12.50")?.excerpt == "0000-00-00 aaa?aaaaaaa.aaa aaaa  …")
    #expect(fault("{'id': 'e1'}")?.excerpt == "{'id': 'a0'}")
    #expect(fault("receiver,payout,other")?.excerpt == "receiver,payout,aaaaa")
    let number = fault(#"{"id":0123456789012345678901234567890}"#)
    #expect(number?.excerpt == #"{"id":000000000000000000000000…}"#)
    #expect(number?.caret == 7)
  }

  /// However a line is broken, no part of a value can be read in what is shown of it.
  @Test func noValueIsEverShown() {
    let secret = "Zx9Qk7Wv3"
    let line = Array(#"{"id":"\#(secret)","payout":{"receiver":"\#(secret)@\#(secret)","n":[1,true]}}"#.utf8)
    let seed = UInt64.random(in: 0..<1_000_000_000)
    print("broken lines from seed \(seed)")
    var random = SeededGenerator(seed: seed)
    var faults = 0
    for _ in 0..<20_000 {
      var broken = line
      for _ in 0..<Int.random(in: 1...3, using: &random) {
        let place = Int.random(in: broken.indices, using: &random)
        switch Int.random(in: 0..<3, using: &random) {
        case 0: broken.remove(at: place)
        case 1: broken.insert(#""\\{}[]:, "#.utf8.randomElement(using: &random) ?? 0x20, at: place)
        default: broken[place] = UInt8.random(in: 0...255, using: &random)
        }
      }
      guard let fault = JSONFault(in: broken, names: Self.names) else { continue }
      faults += 1
      let shown = fault.excerpt + fault.message
      #expect(!shown.contains { "ZQW973@".contains($0) }, "\(shown)")
      #expect(fault.caret <= fault.excerpt.count && fault.excerpt.count < 100)
    }
    #expect(faults > 10_000)
  }
}
