internal import RuleSets

/// What decisions cost, as far as whoever reads the report says so: the page lets them be changed.
package struct CostInputs: Sendable, Equatable {
  /// What looking at one event costs, in major units of the main currency.
  package var review = 2.0
  /// The percentage of a fraud's amount that is lost when it is allowed.
  package var lossPercent = 100.0
  /// What blocking one honest customer costs, in major units of the main currency.
  package var blockedHonest = 20.0
  /// Nobody gave them: they are examples.
  package var isExample = true

  /// Examples.
  package init() {}

  /// The largest number that is taken: what is above is a mistake of units.
  private static let valueMax = 1_000_000_000.0

  /// Why a text says nothing of costs.
  package struct Mistake: Error, Hashable, Sendable {
    package let message: String
    package let hint: String
  }

  /// Reads `review=1.50,loss=80,block=25`; what is left out keeps its example.
  package init(parsing text: String) throws(Mistake) {
    isExample = false
    var seen: Set<Substring> = []
    for part in text.split(separator: ",", omittingEmptySubsequences: false) {
      let pair = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      guard pair.count == 2 else { throw Self.mistake("`\(part)` is no cost") }
      guard seen.insert(pair[0]).inserted else { throw Self.mistake("`\(pair[0])` is given twice") }
      guard let value = Self.number(pair[1]) else {
        throw Self.mistake("`\(pair[1])` is no number from 0 to \(grouped(Int(Self.valueMax)))")
      }
      switch pair[0] {
      case "review": review = value
      case "loss" where value > 100: throw Self.mistake("more than 100 % of an amount cannot be lost")
      case "loss": lossPercent = value
      case "block": blockedHonest = value
      default: throw Self.mistake("`\(pair[0])` is no cost that the report knows")
      }
    }
  }

  /// Digits and a decimal point only, as a page's inputs have them.
  private static func number(_ text: Substring) -> Double? {
    guard
      text.utf8.allSatisfy({ $0 == UInt8(ascii: ".") || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
      )
    else { return nil }
    return Double(text).flatMap { $0 <= valueMax ? $0 : nil }
  }

  private static func mistake(_ message: String) -> Mistake {
    Mistake(
      message: message,
      hint:
        "write `--cost review=2,loss=100,block=20`: a review, the percentage of a fraud's amount that is lost, a "
        + "blocked honest customer")
  }
}

extension CostInputs {
  /// What the decisions of a report cost in one currency.
  package struct Bill: Sendable, Equatable {
    package var reviews: Double
    package var losses: Double
    package var blockedHonest: Double
    package var total: Double { reviews + losses + blockedHonest }
  }

  /// The bill of decisions in a currency; reviewers are taken to recognise every fraud that they see.
  package func bill(_ standing: Standing, digits: Int) -> Bill {
    let minorPerMajor = (0..<max(0, digits)).reduce(1.0) { scale, _ in scale * 10 }
    return Bill(
      reviews: Double(standing.count(.review)) * review,
      losses: Double(standing.amount(.allow, .fraud)) / minorPerMajor * lossPercent / 100,
      blockedHonest: Double(standing.count(.block, .honest)) * blockedHonest)
  }
}
