import RedisWindows
import Testing

/// Commands as they go over the wire.
struct CommandBufferTests {
  @Test func commandsAreWrittenAsTheProtocolSays() {
    var commands = CommandBuffer()
    let key = Array("k{1}".utf8)
    commands.begin(4)
    commands.argument("GETRANGE")
    commands.key(key.span.bytes)
    commands.argument(-12)
    commands.argument(1_000_000)
    #expect(
      String(decoding: commands.bytes, as: UTF8.self)
        == "*4\r\n$8\r\nGETRANGE\r\n$4\r\nk{1}\r\n$3\r\n-12\r\n$7\r\n1000000\r\n")
    #expect(commands.count == 1)
    #expect(Array(commands.bytes[commands.key]) == key)
  }

  @Test func numbersAreWrittenInDigits() {
    let numbers = [
      0, 5, 9, 10, 99, 100, 101, 999, 1_000, -1, -10, -100, 10_000, 99_999, 100_000, 1_234_567, 99_999_999,
      100_000_000,
      123_456_789, .max, .min,
    ]
    for number in numbers {
      var commands = CommandBuffer()
      commands.argument(number)
      let text = "\(number)"
      #expect(String(decoding: commands.bytes, as: UTF8.self) == "$\(text.utf8.count)\r\n\(text)\r\n")
    }
  }
}
