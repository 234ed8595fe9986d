internal import Events
internal import Glibc
internal import NIOCore

/// Events in, one a line, and answers out in the same order, over whatever carries the bytes. Used on the loop only.
final class EventStream {
  private let loop: DecisionLoop
  /// The trace that the events are a part of.
  private let parent: TraceContext?
  /// Called once a turn of the loop when answers came that nobody waited for.
  private let wake: () -> Void
  private var unread = ByteBuffer()
  /// The line that comes is too long: its bytes are dropped up to its end.
  private var skipsLine = false
  /// No more bytes will come.
  private(set) var isEnded = false
  private var isWaking = false
  /// The stream is woken when the store is less busy: no answer of its own would do that.
  private var isInLine = false
  private var answers = OrderedAnswers()
  private var line: [UInt8] = []

  init(_ loop: DecisionLoop, parent: TraceContext? = nil, wake: @escaping () -> Void) {
    (self.loop, self.parent, self.wake) = (loop, parent, wake)
  }

  /// No more is to be read until some answers are there, or the store is less busy.
  var isFull: Bool {
    answers.count >= loop.limits.inFlightPerConnectionMax || isInLine || answers.count > 0 && !loop.hasRoom
  }
  /// No answer is owed.
  var owesNothing: Bool { answers.count == 0 && !isInLine }
  /// Nothing waits: neither a line nor an answer.
  var isIdle: Bool { answers.count == 0 && unread.readableBytes == 0 }
  /// Nothing that has come waits to be decided.
  var isDecided: Bool { unread.readableBytes == 0 }
  /// All has come and all is answered.
  var isComplete: Bool { isEnded && isIdle }

  /// Takes what has come.
  func receive(_ bytes: inout ByteBuffer) {
    if unread.readableBytes == 0 { swap(&unread, &bytes) } else { unread.writeBuffer(&bytes) }
  }

  /// No more bytes will come.
  func end() { isEnded = true }

  /// Appends the answers that are there, in order, and decides what can be decided.
  func advance(to output: inout ByteBuffer) {
    while let answer = answers.take() { write(answer, to: &output) }
    while !isFull, let end = lineEnd() {
      guard loop.hasRoom else {
        standInLine()
        break
      }
      decide(end, to: &output)
    }
    unread.discardReadBytes()
  }

  private func standInLine() {
    isInLine = true
    loop.whenThereIsRoom { [self] in
      isInLine = false
      wakeLater()
    }
  }

  /// How many bytes the next line has, its end not counted; nil when it is not there yet.
  private func lineEnd() -> Int? {
    let found = unsafe unread.withUnsafeReadableBytes { bytes -> Int? in
      guard let start = bytes.baseAddress, let end = unsafe memchr(start, 0x0A, bytes.count) else {
        return nil
      }
      return unsafe UnsafeRawPointer(end) - start
    }
    if let found { return found }
    if isEnded && unread.readableBytes > 0 { return unread.readableBytes }
    if unread.readableBytes > EventLimits.bytesMax {
      skipsLine = true
      unread.clear()
    }
    return nil
  }

  /// Answers the line of `length` bytes that `unread` begins with.
  private func decide(_ length: Int, to output: inout ByteBuffer) {
    defer { unread.moveReaderIndex(forwardBy: min(length + 1, unread.readableBytes)) }
    if skipsLine || length > EventLimits.bytesMax {
      skipsLine = false
      return place(.problem(.lineTooLong), to: &output)
    }
    let line = unread.readableBytesUInt8Span.extracting(first: length)
    if line.isBlank { return }
    let number = answers.open()
    let stream = NIOLoopBound(self, eventLoop: loop.eventLoop)
    let answer = loop.decide(line, parent: parent) { answer in
      stream.value.answers.fill(number, answer)
      stream.value.wakeLater()
    }
    guard let answer else { return }
    if answers.count == 1 {
      answers.closeLast()
      write(answer, to: &output)
    } else {
      answers.fill(number, answer)
    }
  }

  private func place(_ answer: Answer, to output: inout ByteBuffer) {
    if answers.count == 0 { write(answer, to: &output) } else { answers.fill(answers.open(), answer) }
  }

  private func write(_ answer: Answer, to output: inout ByteBuffer) {
    line.removeAll(keepingCapacity: true)
    answer.write(to: &line)
    line.append(UInt8(ascii: "\n"))
    output.writeBytes(line)
  }

  /// Answers that come in one turn of the loop go out together.
  private func wakeLater() {
    if isWaking { return }
    isWaking = true
    let stream = NIOLoopBound(self, eventLoop: loop.eventLoop)
    loop.eventLoop.execute {
      stream.value.isWaking = false
      stream.value.wake()
    }
  }
}

extension Problem {
  /// A line that is longer than an event may be.
  static var lineTooLong: Problem {
    Problem(
      413, "too-large", "the line has more than \(EventLimits.bytesMax) bytes",
      hint: "send less, an event a line")
  }
}

extension Span<UInt8> {
  /// Only spaces, tabs and a carriage return.
  fileprivate var isBlank: Bool {
    for index in indices where self[index] != 0x20 && self[index] != 0x0D && self[index] != 0x09 {
      return false
    }
    return true
  }
}
