package import RuleSets

/// The numbers of the page that follow the thresholds, as they read, by name: what the page's script computes anew when a
/// slider moves.
package struct FigureTexts: Sendable {
  /// In the order in which they are computed.
  package private(set) var names: [String] = []
  private var texts: [String: String] = [:]

  /// What a figure reads; a dash where the report has none of this name.
  package subscript(name: String) -> String { texts[name] ?? Figure.none }

  /// The figures of a report under `thresholds`; amounts of the currency at that index.
  package init(_ report: ReplayReport, thresholds: Thresholds, currency: Int = 0) {
    let standing = Standing(report.profiles, thresholds: thresholds, currency: currency)
    let money = report.currencies.indices.contains(currency) ? report.currencies[currency] : nil
    set("review-from", grouped(thresholds.review))
    set("block-from", grouped(thresholds.block))
    for outcome in Outcome.allCases { describe(outcome, standing, money) }
    set("alerts", grouped(standing.alerts))
    set("alerts-share", Figure.percent(Share(standing.alerts, of: standing.events)))
    if report.hasLabels { describeTruth(standing, money) }
    describeDays(report, thresholds)
    if report.hasLabels, let money { describe(report.costs.bill(standing, digits: money.digits), money) }
  }

  private mutating func set(_ name: String, _ text: String) {
    if texts.updateValue(text, forKey: name) == nil { names.append(name) }
  }

  private mutating func describe(
    _ outcome: Outcome, _ standing: Standing, _ money: ReplayReport.Currency?
  ) {
    let name = outcome.rawValue
    set(name, grouped(standing.count(outcome)))
    set(name + "-share", Figure.percent(Share(standing.count(outcome), of: standing.events)))
    set(name + "-fraud", grouped(standing.count(outcome, .fraud)))
    set(name + "-honest", grouped(standing.count(outcome, .honest)))
    set(name + "-unknown", grouped(standing.count(outcome, .unknown)))
    guard let money else { return }
    set(name + "-amount", Figure.amount(standing.amount(outcome), money))
    set(name + "-fraud-amount", Figure.amount(standing.amount(outcome, .fraud), money))
  }

  private mutating func describeTruth(_ standing: Standing, _ money: ReplayReport.Currency?) {
    set("precision", Figure.percent(standing.precision))
    set("precision-range", Figure.interval(standing.precision))
    set("recall", Figure.percent(standing.recall))
    set("recall-range", Figure.interval(standing.recall))
    set("caught", grouped(standing.caught))
    set("frauds", grouped(standing.frauds))
    set("false-alerts", grouped(standing.falseAlerts))
    guard let money else { return }
    set("amount-recall", Figure.percent(standing.amountRecall))
    set("amount-caught", Figure.amount(standing.amountCaught, money))
    set("fraud-amount", Figure.amount(standing.fraudAmount, money))
  }

  private mutating func describeDays(_ report: ReplayReport, _ thresholds: Thresholds) {
    let load = WorkLoad(report.days, thresholds: thresholds)
    set("busiest-day", grouped(load.busiest))
    guard let capacity = report.capacity?.perDay else { return }
    set("days-above", grouped(load.daysAbove(capacity)))
    set("longest-queue", grouped(load.longestQueue(capacity)))
  }

  private mutating func describe(_ bill: CostInputs.Bill, _ money: ReplayReport.Currency) {
    set("cost-review", Figure.cost(bill.reviews, money))
    set("cost-loss", Figure.cost(bill.losses, money))
    set("cost-block", Figure.cost(bill.blockedHonest, money))
    set("cost-total", Figure.cost(bill.total, money))
  }
}

extension Figure {
  /// An amount of money that was computed, rounded half up to the currency's minor unit.
  static func cost(_ major: Double, _ currency: ReplayReport.Currency) -> String {
    let scale = (0..<max(0, currency.digits)).reduce(1.0) { product, _ in product * 10 }
    let minor = (major * scale + 0.5).rounded(.down)
    guard minor.magnitude < 1e30 else { return none }
    return amount(Int128(minor), currency)
  }
}
