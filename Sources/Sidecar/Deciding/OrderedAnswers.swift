internal import NIOCore

/// Answers in the order of their questions, in whatever order they come.
struct OrderedAnswers {
  private var waiting: CircularBuffer<Answer?> = []
  /// The number of the first one that waits.
  private var first = 0

  /// How many questions have no answer that was taken.
  var count: Int { waiting.count }

  /// A place for the answer to the next question.
  mutating func open() -> Int {
    waiting.append(nil)
    return first + waiting.count - 1
  }

  /// Puts an answer into its place.
  mutating func fill(_ number: Int, _ answer: Answer) {
    waiting[waiting.index(waiting.startIndex, offsetBy: number - first)] = answer
  }

  /// The next answer in order, if it is there.
  mutating func take() -> Answer? {
    guard let answer = waiting.first ?? nil else { return nil }
    waiting.removeFirst()
    first += 1
    return answer
  }

  /// Takes the place back that was opened last: its answer came at once, and no other is before it.
  mutating func closeLast() { waiting.removeLast() }
}
