internal import RewardsSimulator
internal import Workbench

/// A table as values, for text and Markdown.
struct FigureTable {
  let title: String
  let heads: [String]
  var rows: [[String]] = []
}

extension WorthReport {
  /// All tables in the order in which they are shown.
  var tables: [FigureTable] { [fraudTable, paceTable, honestTable, ruleTable] }

  /// What was asked for, and where the money went: asked = caught + lost + allowed after the stop.
  private var fraudTable: FigureTable {
    var table = FigureTable(
      title: "Frauds: what was caught",
      heads: [
        "fraud", "accounts", "stopped", "blocked", "events raised", "payouts held", "asked for", "caught",
        "lost",
        "allowed after the stop",
      ])
    for fraud in frauds + [all] {
      table.rows.append([
        fraud.name, String(fraud.players), Figures.percentWithInterval(fraud.playerRecall),
        String(fraud.blockedPlayers), "\(fraud.raisedEvents) of \(fraud.events)",
        "\(fraud.caught.count) of \(fraud.asked.count)", Figures.money(fraud.asked.amount),
        Figures.money(fraud.caught.amount), Figures.money(fraud.lost.amount),
        Figures.money(fraud.afterStop.amount),
      ])
    }
    return table
  }

  /// How often and how long a fraud was paid.
  private var paceTable: FigureTable {
    var table = FigureTable(
      title: "Frauds: how soon",
      heads: [
        "fraud", "paid more than \(Self.paidMax) times before stopped", "paid, never stopped",
        "paid before stopped: mean", "most", "most by operation", "paid in all: most",
        "paid before blocked: mean", "most", "amount before blocked: mean", "until stopped", "until blocked",
      ])
    for fraud in frauds + [all] {
      table.rows.append([
        fraud.name, String(fraud.beyond(Self.paidMax)), String(fraud.paidAndNeverStopped),
        Figures.mean(fraud.paidBeforeStopMean), String(fraud.paidBeforeStopMax),
        String(fraud.paidByOperationMax), String(fraud.paidInAllMax), Figures.mean(fraud.paidBeforeBlockMean),
        String(fraud.paidBeforeBlockMax), Figures.money(Int(fraud.amountBeforeBlockMean)),
        Figures.span(fraud.untilStopMedian), Figures.span(fraud.untilBlockMedian),
      ])
    }
    return table
  }

  private var honestTable: FigureTable {
    FigureTable(
      title: "In all",
      heads: ["figure", "value"],
      rows: [
        ["events decided", String(eventCount)],
        ["honest players", String(honest.players)],
        ["of them ever reviewed or blocked", Figures.percentWithInterval(honest.reviewed, places: 2)],
        ["of them ever blocked", Figures.percentWithInterval(honest.blocked, places: 2)],
        ["honest payouts held", Figures.percentWithInterval(honest.held, places: 2)],
        [
          "the same, of how many and how much",
          "\(honest.heldPayouts) of \(honest.payouts), \(Figures.money(honest.heldAmount))",
        ],
        ["accounts that are frauds'", Figures.percentWithInterval(prevalence)],
        ["of them without an event of the fraud", String(idleFraudsters)],
        ["precision, events", Figures.percentWithInterval(eventPrecision)],
        ["precision, payouts", Figures.percentWithInterval(payoutPrecision)],
        ["precision, accounts", Figures.percentWithInterval(playerPrecision)],
        ["the same, were one account in a hundred a fraud's", Figures.percent(playerPrecision(at: 0.01))],
        ["recall, events", Figures.percentWithInterval(all.eventRecall)],
        ["recall, payouts", Figures.percentWithInterval(all.payoutRecall)],
        ["recall, accounts stopped", Figures.percentWithInterval(all.playerRecall)],
        ["asked for by frauds", Figures.money(all.asked.amount)],
        ["caught", Figures.money(all.caught.amount)],
        ["lost before the stop", Figures.money(all.lost.amount)],
        ["allowed after the stop", Figures.money(all.afterStop.amount)],
      ])
  }

  private var ruleTable: FigureTable {
    var table = FigureTable(
      title: "Rules",
      heads: [
        "rule", "frauds' events", "honest events", "frauds' accounts", "honest players", "only it: events",
        "honest events", "accounts", "amount",
      ])
    for rule in rules {
      table.rows.append([
        rule.id + (rule.isShadow ? " (shadow)" : ""), String(rule.fraudEvents), String(rule.honestEvents),
        String(rule.fraudPlayers), String(rule.honestPlayers), String(rule.onlyFraudEvents),
        String(rule.onlyHonestEvents), String(rule.onlyFraudPlayers), Figures.money(rule.onlyAmount),
      ])
    }
    return table
  }

  /// What the tables do not say of themselves. Whether a rule catches anything that others do not is judged on training
  /// seeds alone.
  var remarks: [String] {
    var remarks = [
      "seeds \(plan.seeds.map(String.init).joined(separator: ", ")), of each \(plan.players) honest players and "
        + "\(plan.days) days, strength \(plan.strength), camouflage \(plan.camouflage)",
      "rule set `\(ruleSet)`, version `\(version)`, streams of the simulator `\(Simulation.fingerprint)`",
    ]
    remarks += misses.map { "not reached: \($0)" }
    if plan.isForTraining, !idleRules.isEmpty {
      remarks.append("rules that catch nothing more: \(idleNames)")
    }
    return remarks
  }

  /// The rules that catch nothing more, as a page lists them.
  package var idleNames: String { idleRules.map { "`\($0)`" }.joined(separator: ", ") }
}
