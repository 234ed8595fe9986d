internal import Ingest
internal import NIOCore
internal import NIOHTTP1

/// The items of one message, decided in their order, with a line for each. Used on the loop only.
///
/// A batch waits in line where the store has no room, as a stream does: it takes no more than its share at once.
final class BatchDecisions {
  /// So many are decided before others of the loop have their turn.
  private static let perTurn = 64

  private let items: [Result<IngestedEvent, IngestRefusal>]
  private let loop: DecisionLoop
  private let exchange: Exchange
  private let finish: (Response) -> Void
  private var answers: [Answer?]
  private var next = 0
  /// Decisions that wait for the store.
  private var open = 0
  private var isAdvancing = false

  init(
    _ items: [Result<IngestedEvent, IngestRefusal>], _ loop: DecisionLoop, _ exchange: Exchange,
    finish: @escaping (Response) -> Void
  ) {
    (self.items, self.loop, self.exchange, self.finish) = (items, loop, exchange, finish)
    answers = Array(repeating: nil, count: items.count)
  }

  /// Decides what there is room for; answers when all are there.
  func advance() {
    // Who has gone, or was told that it takes too long, sends the message again.
    if isAdvancing || exchange.isFinished { return }
    isAdvancing = true
    defer { isAdvancing = false }
    let end = min(items.count, next + Self.perTurn)
    while next < end, open < loop.limits.inFlightPerConnectionMax {
      guard loop.hasRoom else {
        if open == 0 { loop.whenThereIsRoom { self.advance() } }
        return
      }
      let index = next
      next += 1
      answers[index] = begin(index)
      if answers[index] == nil { open += 1 }
    }
    if next == items.count {
      if open == 0 { finish(Response(lines: answers)) }
    } else if open < loop.limits.inFlightPerConnectionMax {
      let batch = NIOLoopBound(self, eventLoop: loop.eventLoop)
      loop.eventLoop.execute { batch.value.advance() }
    }
  }

  /// The answer for an item, if it is there at once.
  private func begin(_ index: Int) -> Answer? {
    switch items[index] {
    case .failure(let refusal): return .problem(Problem(refusal))
    case .success(let event):
      let batch = NIOLoopBound(self, eventLoop: loop.eventLoop)
      let json = Array(event.json.utf8)
      return loop.decide(json.span, parent: exchange.trace) { answer in
        let batch = batch.value
        batch.answers[index] = answer.placed(at: index)
        batch.open -= 1
        batch.advance()
      }
      .map { $0.placed(at: index) }
    }
  }
}

extension Answer {
  /// The same, saying of which item it is where nothing was decided.
  fileprivate func placed(at index: Int) -> Answer {
    guard case .problem(let problem) = self else { return self }
    return .problem(problem.placed(at: index))
  }
}

extension Response {
  /// Decisions and problems, one a line.
  fileprivate init(lines answers: [Answer?]) {
    var lines: [UInt8] = []
    var statuses: [Int?] = []
    for case let answer? in answers {
      answer.write(to: &lines)
      lines.append(UInt8(ascii: "\n"))
      if case .problem(let problem) = answer { statuses.append(problem.status) } else { statuses.append(nil) }
    }
    let status = BatchStatus(items: statuses)
    self.init(HTTPResponseStatus(statusCode: status.code), type: "application/x-ndjson", body: lines)
    if status.isToBeSentAgain { headers.add(name: "retry-after", value: "1") }
  }
}
