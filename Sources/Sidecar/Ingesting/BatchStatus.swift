/// What whoever sent a batch has to do, as a status of HTTP.
package struct BatchStatus: Hashable, Sendable {
  package let code: Int
  /// Something is not decided and can be: all of it is to be sent again, since what is decided stays so.
  package let isToBeSentAgain: Bool

  /// Of the items' problems, by their statuses; nil is a decision.
  ///
  /// 503 where an item is undecided for now: the store, or the time, was not enough. Any other problem stays as it is
  /// however often the item comes, one with a status of 500 too: it is the batch's own where all items have it, and
  /// otherwise 207 says to look at the lines.
  package init(items: [Int?]) {
    isToBeSentAgain = items.contains { $0 == 503 || $0 == 504 }
    if isToBeSentAgain {
      code = 503
    } else if let first = items.first, items.allSatisfy({ $0 == first }) {
      code = first ?? 200
    } else {
      code = items.isEmpty ? 200 : 207
    }
  }
}
