/// What became of each command of a group that was not answered all at once: some were executed where they were sent
/// first, others were refused and are sent on, and the replies are put together in the group's order.
///
/// What only reads, and `WAIT`, is sent again with a refused command that stood before it: its reply is to tell of the
/// state after that command.
struct GroupProgress {
  private enum Effect { case writes, reads, waits }

  private struct Command {
    /// Places of its arguments, the name first, among the bytes of the group.
    var arguments: [Range<Int>]
    var effect: Effect
  }

  /// Names of what may be repeated without effect, as the windows use them.
  private static let reading: Set = ["GETRANGE", "GET", "STRLEN", "EXISTS", "PTTL", "TYPE", "TIME", "PING"]

  private let commands: [Command]
  private var answers: [ReplyTape?]
  /// The fewest replicas that any server acknowledged, by command.
  private var acknowledged: [Int: Int64] = [:]
  /// The commands that are still to be answered.
  private var open: [Int]

  /// A group of which nothing was answered.
  init(_ group: CommandBuffer) {
    let bytes = group.bytes
    var reader = CommandPlaces(bytes: bytes)
    var commands: [Command] = []
    while let arguments = reader.next() {
      let name = arguments.first.map { String(decoding: bytes[$0], as: UTF8.self) } ?? ""
      let effect: Effect = name == "WAIT" ? .waits : Self.reading.contains(name) ? .reads : .writes
      commands.append(Command(arguments: arguments, effect: effect))
    }
    self.commands = commands
    answers = Array(repeating: nil, count: commands.count)
    open = Array(commands.indices)
  }

  /// Whether all commands have their replies.
  var isDone: Bool { open.isEmpty }

  /// Whether all commands are still to be answered.
  var isUntouched: Bool { open.count == commands.count }

  /// Whether a command that changes something was executed.
  var hasRun: Bool {
    commands.indices.contains { answers[$0] != nil && commands[$0].effect == .writes }
  }

  /// The commands that are still to be answered; with `asking` each after an `ASKING` of its own.
  func unanswered(of group: CommandBuffer, asking: Bool) -> CommandBuffer {
    var buffer = CommandBuffer()
    for index in open {
      if asking {
        buffer.begin(1)
        buffer.argument("ASKING")
      }
      buffer.begin(commands[index].arguments.count)
      for place in commands[index].arguments {
        let argument = group.rawBytes.extracting(place)
        if place == group.key { buffer.key(argument) } else { buffer.argument(argument) }
      }
    }
    return buffer
  }

  /// Takes the replies to `unanswered`.
  mutating func take(_ replies: Replies, asked: Bool, isRefusal: (String) -> Bool) {
    var place = replies.first
    var isAnyRefused = false
    var stillOpen: [Int] = []
    for index in open {
      if asked { place = replies.tape.next(after: place) }
      let start = place
      place = replies.tape.next(after: place)
      if replies.kind(start) == .error && isRefusal(replies.text(start)) {
        isAnyRefused = true
        stillOpen.append(index)
        continue
      }
      if commands[index].effect == .waits {
        acknowledged[index] = min(acknowledged[index] ?? .max, replies.integer(start))
      }
      if isAnyRefused && commands[index].effect != .writes {
        stillOpen.append(index)
      } else {
        let answer = ReplyTape()
        answer.append(copyOf: replies, start..<place)
        answers[index] = answer
      }
    }
    open = stillOpen
    // Replicas that acknowledged nothing of this group say nothing about it.
    if !hasRun { acknowledged = [:] }
  }

  /// All replies in the group's order.
  func whole() -> Replies {
    let tape = ReplyTape()
    for index in commands.indices {
      guard let answer = answers[index] else {
        tape.append(.null)
        continue
      }
      if let fewest = acknowledged[index], answer.place(0).kind == .integer {
        tape.append(.integer, integer: min(fewest, answer.place(0).integer))
      } else {
        tape.append(copyOf: Replies(tape: answer, first: 0), 0..<answer.placeCount)
      }
    }
    return Replies(tape: tape, first: 0)
  }
}

extension ReplyTape {
  fileprivate func append(copyOf replies: Replies, _ range: Range<Int>) {
    for place in range {
      let kind = replies.kind(place)
      switch kind {
      case .null, .integer, .array: append(kind, integer: replies.integer(place))
      case .status, .error, .bytes: replies.withBytes(place) { append(kind, $0) }
      }
    }
  }
}

/// Finds the arguments of commands that this process wrote itself.
private struct CommandPlaces {
  let bytes: [UInt8]
  private var index = 0

  init(bytes: [UInt8]) { self.bytes = bytes }

  /// The places of the next command's arguments.
  mutating func next() -> [Range<Int>]? {
    guard index < bytes.count else { return nil }
    let count = number()
    var arguments: [Range<Int>] = []
    for _ in 0..<count {
      let length = number()
      guard length <= bytes.count - index else { return nil }
      arguments.append(index..<index + length)
      index += length + 2
    }
    return arguments
  }

  /// The number between a sign of the protocol and the line's end.
  private mutating func number() -> Int {
    var value = 0
    index += 1
    while index < bytes.count, bytes[index] != UInt8(ascii: "\r") {
      value = value &* 10 &+ Int(bytes[index] &- UInt8(ascii: "0"))
      index += 1
    }
    index += 2
    return value
  }
}
