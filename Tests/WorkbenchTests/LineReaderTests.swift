import TestSupport
import Testing
import Workbench

@Suite struct LineReaderTests {
  private struct Line: Equatable, CustomStringConvertible {
    let number: Int
    let text: String
    var description: String { "\(number):\(text.prefix(40))" }
  }

  private func lines(_ bytes: [UInt8]) throws -> (lines: [Line], mark: Bool, bufferBytes: Int) {
    let folder = try TemporaryFolder()
    var reader = try LineReader(opening: folder.write("file", bytes))
    var result: [Line] = []
    while let found = try reader.next() {
      switch found {
      case .line:
        var text: [UInt8] = []
        for index in reader.line.indices { text.append(reader.line[index]) }
        result.append(Line(number: reader.number, text: String(decoding: text, as: UTF8.self)))
      case .tooLong(let bytes):
        result.append(Line(number: reader.number, text: "too long: \(bytes)"))
      }
    }
    return (result, reader.hasByteOrderMark, reader.bufferBytes)
  }

  private func texts(_ text: String) throws -> [Line] { try lines(Array(text.utf8)).lines }

  @Test func linesEndWithLineFeedCarriageReturnOrTheFile() throws {
    #expect(try texts("") == [])
    #expect(try texts("\n\r\n\n") == [])
    #expect(
      try texts("a\nb\r\n\nlast") == [
        Line(number: 1, text: "a"), Line(number: 2, text: "b"), Line(number: 4, text: "last"),
      ])
  }

  @Test func aByteOrderMarkIsSkippedAndTold() throws {
    let read = try lines([0xEF, 0xBB, 0xBF] + Array("{}\n".utf8))
    #expect(read.lines == [Line(number: 1, text: "{}")])
    #expect(read.mark)
    #expect(try !lines(Array("{}\n".utf8)).mark)
  }

  @Test func theLimitIsExact() throws {
    let longest = String(repeating: "x", count: LineReader.lineBytesMax)
    for end in ["\n", "\r\n", ""] {
      #expect(try texts("a\n" + longest + end).map(\.number) == [1, 2])
      #expect(try texts("a\n" + longest + end).last?.text.utf8.count == LineReader.lineBytesMax)
      #expect(
        try texts("a\n" + longest + "x" + end).last
          == Line(number: 2, text: "too long: \(LineReader.lineBytesMax + 1)"))
    }
  }

  @Test func aHugeLineIsDroppedInConstantMemory() throws {
    let huge = [UInt8](repeating: UInt8(ascii: "x"), count: 100_000_000)
    let read = try lines(Array("first\n".utf8) + huge + Array("\nlast\n".utf8))
    #expect(
      read.lines == [
        Line(number: 1, text: "first"), Line(number: 2, text: "too long: 100000000"),
        Line(number: 3, text: "last"),
      ])
    #expect(read.bufferBytes <= 4 << 20)
  }

  @Test func randomLinesComeBackWhateverTheirLengths() throws {
    let seed: UInt64 = .random(in: .min ... .max)
    var generator = SeededGenerator(seed: seed)
    var content: [UInt8] = []
    var expected: [Line] = []
    for number in 1...300 {
      let length = Int.random(in: 0...(Bool.random(using: &generator) ? 20 : 90_000), using: &generator)
      let text = String(repeating: "é", count: length / 2) + "\(number)"
      content += Array(text.utf8) + [UInt8(ascii: "\n")]
      expected.append(Line(number: number, text: text))
    }
    #expect(try lines(content).lines == expected, "seed \(seed)")
    #expect(try lines(StoredGzip.member(content)).lines == expected, "seed \(seed)")
  }
}
