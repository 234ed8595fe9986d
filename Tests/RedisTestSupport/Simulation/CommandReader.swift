/// Reads commands as they go over the wire.
enum CommandReader {
  /// The arguments of each command; nil when the bytes are no commands.
  static func commands(_ bytes: [UInt8]) -> [[[UInt8]]]? {
    var commands: [[[UInt8]]] = []
    var offset = 0
    while offset < bytes.count {
      guard let count = number("*", bytes, &offset) else { return nil }
      var arguments: [[UInt8]] = []
      for _ in 0..<count {
        guard let length = number("$", bytes, &offset), bytes.count - offset >= length + 2 else { return nil }
        arguments.append(Array(bytes[offset..<offset + length]))
        guard bytes[offset + length] == 13, bytes[offset + length + 1] == 10 else { return nil }
        offset += length + 2
      }
      commands.append(arguments)
    }
    return commands
  }

  private static func number(_ sign: Unicode.Scalar, _ bytes: [UInt8], _ offset: inout Int) -> Int? {
    guard bytes[offset] == UInt8(ascii: sign), let end = bytes[offset...].firstIndex(of: 13) else {
      return nil
    }
    let number = Int(String(decoding: bytes[offset + 1..<end], as: UTF8.self))
    offset = end + 2
    return number.flatMap { $0 >= 0 ? $0 : nil }
  }
}
