import RedisWindows
import TestSupport
import Testing

/// Replies read from bytes that come in any pieces.
struct ReplyReaderTests {
  /// Reads `text` in pieces that end at `cuts` and renders what was read; not `inPlace`, all of it with hiredis.
  private func read(
    _ text: String, cuts: [Int] = [], limits: ReplyLimits = ReplyLimits(bytesMax: 1_000),
    inPlace: Bool = true
  ) -> [String] {
    read(Array(text.utf8), cuts: cuts, limits: limits, inPlace: inPlace)
  }

  private func read(_ bytes: [UInt8], cuts: [Int], limits: ReplyLimits, inPlace: Bool) -> [String] {
    let reader = ReplyReader(limits: limits)
    var lines: [String] = []
    var start = 0
    for end in cuts + [bytes.count] {
      let piece = bytes.span.bytes.extracting(start..<end)
      var offset = 0
      if !inPlace { reader.feed(piece) }
      start = end
      steps: while true {
        switch inPlace ? reader.next(from: piece, at: &offset) : reader.next() {
        case .reply:
          lines += TransportHarness.lines(Replies(tape: reader.tape, first: 0), count: 1)
          reader.removeAll()
        case .incomplete: break steps
        case .failed(let failure):
          #expect(failure.code == .garbled && failure.mayHaveRun)
          return lines + ["! \(failure.message)"]
        }
      }
    }
    return lines
  }

  private static let all =
    "+OK\r\n:-42\r\n:9223372036854775807\r\n$5\r\nhe\r\no\r\n$0\r\n\r\n$-1\r\n*-1\r\n*0\r\n"
    + "-WRONGTYPE no\r\n*3\r\n:1\r\n*2\r\n$1\r\na\r\n$-1\r\n+x\r\n*1\r\n*1\r\n*1\r\n:7\r\n"
  private static let allLines = [
    "+OK", ":-42", ":9223372036854775807", "he\r\no", "", "nil", "nil", "[]", "-WRONGTYPE no",
    "[:1 [a nil] +x]", "[[[:7]]]",
  ]

  @Test func everyKindIsRead() {
    #expect(read(Self.all) == Self.allLines)
    #expect(read(Self.all, inPlace: false) == Self.allLines)
  }

  @Test func whatIsReadInPlaceIsWhatHiredisReads() {
    let seed = UInt64.random(in: 0...UInt64.max)
    var random = SeededGenerator(seed: seed)
    let limits = ReplyLimits(bytesMax: 100_000, elementsMax: 64)
    let kinds = [
      "+OK\r\n", ":0\r\n", ":17\r\n", ":-3\r\n", ":007\r\n", ":999999999999999999\r\n", "$-1\r\n",
      "$0\r\n\r\n",
      "$1\r\na\r\n", "$3\r\n\r\n\r\r\n", "-ERR no\r\n", "*2\r\n:1\r\n$2\r\nab\r\n", "*0\r\n", "$02\r\nab\r\n",
      "+\(String(repeating: "s", count: 40))\r\n",
    ]
    for round in 0..<4_000 {
      var text = ""
      for _ in 0..<Int.random(in: 1...12, using: &random) {
        let count = Int.random(in: 2...300, using: &random)
        let long = "$\(count)\r\n\(String(repeating: "x", count: count))\r\n"
        text += Int.random(in: 0..<3, using: &random) == 0 ? long : kinds.randomElement(using: &random) ?? ""
      }
      var bytes = Array(text.utf8)
      if round % 4 == 0 {
        bytes[Int.random(in: bytes.indices, using: &random)] = UInt8.random(in: .min ... .max, using: &random)
      }
      let cuts = (0..<Int.random(in: 0...4, using: &random))
        .map { _ in Int.random(in: 0...bytes.count, using: &random) }.sorted()
      #expect(
        read(bytes, cuts: cuts, limits: limits, inPlace: true)
          == read(bytes, cuts: cuts, limits: limits, inPlace: false),
        "seed \(seed), round \(round)")
    }
  }

  @Test func repliesCutAtEveryByteAreTheSame() {
    let count = Self.all.utf8.count
    for cut in 0...count {
      #expect(read(Self.all, cuts: [cut]) == Self.allLines, "cut at \(cut)")
      #expect(read(Self.all, cuts: [cut], inPlace: false) == Self.allLines, "cut at \(cut)")
    }
    #expect(read(Self.all, cuts: Array(0...count)) == Self.allLines)
  }

  @Test(arguments: [
    ("*100000000\r\n", "a reply announces more than 65536 elements"),
    ("*2147483648\r\n", "what came is no reply of the protocol: multi-bulk length out of range"),
    ("*-2\r\n", "what came is no reply of the protocol: multi-bulk length out of range"),
    ("*65536\r\n*1\r\n", "a reply announces more than 65536 elements"),
    ("$9223372036854775807\r\n", "a reply has more than 1000 bytes"),
    ("$1001\r\n", "a reply has more than 1000 bytes"),
    ("$99999999999999999999999999", "a length has no end"),
    ("$-7\r\n", "what came is no reply of the protocol: bulk string length out of range"),
    ("*aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "a length has no end"),
    (
      "HTTP/1.1 400 Bad Request\r\n",
      "what came is no reply of the protocol: protocol error, got \"H\" as reply type byte"
    ),
    (String(repeating: "*1\r\n", count: 20), "arrays are nested too deep in a reply"),
    ("+" + String(repeating: "a", count: 70_000), "a line has more than 65536 bytes"),
    ("-" + String(repeating: "a", count: 2_000) + "\r\n", "a reply has more than 1000 bytes"),
  ]) func whatIsNoReplyOrTooLargeIsRefused(_ text: String, _ message: String) {
    #expect(read(text) == ["! \(message)"])
    let cuts = Array(stride(from: 1, to: min(text.utf8.count, 100), by: 1))
    #expect(read(text, cuts: cuts) == ["! \(message)"])
  }

  @Test func aReaderThatFailedReadsNothingMore() {
    let reader = ReplyReader(limits: ReplyLimits(bytesMax: 100))
    reader.feed(Array("?\r\n".utf8).span.bytes)
    guard case .failed(let first) = reader.next() else { return #expect(Bool(false), "`?` begins no reply") }
    reader.feed(Array("+OK\r\n".utf8).span.bytes)
    #expect(reader.next() == .failed(first))
  }

  @Test func theLimitHoldsForAllRepliesOfAGroup() {
    let reader = ReplyReader(limits: ReplyLimits(bytesMax: 100, elementsMax: 3))
    reader.feed(Array("$60\r\n\(String(repeating: "a", count: 60))\r\n$60\r\n".utf8).span.bytes)
    #expect(reader.next() == .reply)
    guard case .failed(let failure) = reader.next() else {
      return #expect(Bool(false), "120 bytes are too many")
    }
    #expect(failure.message == "a reply has more than 100 bytes")
  }

  @Test func randomBytesNeverEndTheProcess() {
    let seed = UInt64.random(in: 0...UInt64.max)
    var random = SeededGenerator(seed: seed)
    let alphabet = Array("+-:$*0123459\r\n\r\nab".utf8)
    for _ in 0..<20_000 {
      let reader = ReplyReader(limits: ReplyLimits(bytesMax: 64, elementsMax: 16, lineBytesMax: 32))
      let bytes = (0..<Int.random(in: 1...60, using: &random)).map { _ in
        alphabet.randomElement(using: &random) ?? 0
      }
      reader.feed(bytes.span.bytes)
      var steps = 0
      while case .reply = reader.next() { steps += 1 }
      #expect(steps <= bytes.count && reader.tape.placeCount <= bytes.count + 16, "seed \(seed)")
    }
  }

  @Test func placesThatDoNotExistAreNull() {
    let replies = Replies(tape: ReplyTape(), first: 0)
    #expect(replies.kind(3) == .null && replies.kind(-1) == .null)
    #expect(replies.text(7) == "" && replies.integer(0) == 0 && replies.byteCount(2) == 0)
  }
}
