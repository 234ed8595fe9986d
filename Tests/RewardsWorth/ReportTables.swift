/// A table as values, for text and Markdown.
struct FigureTable {
  let title: String
  let heads: [String]
  var rows: [[String]] = []
}

extension WorthReport {
  /// All tables in the order in which they are shown.
  var tables: [FigureTable] { [fraudTable, honestTable, ruleTable] }

  private var fraudTable: FigureTable {
    var table = FigureTable(
      title: "Frauds",
      heads: [
        "fraud", "players", "stopped", "blocked", "events raised", "payouts stopped", "asked for", "caught",
        "lost",
        "paid before stopped: mean", "most", "most by operation", "paid before blocked: mean", "most",
        "amount before blocked: mean", "until stopped", "until blocked",
      ])
    for fraud in frauds + [all] {
      table.rows.append([
        fraud.name, String(fraud.players), Figures.percentWithInterval(fraud.playerRecall),
        String(fraud.blockedPlayers),
        "\(fraud.raisedEvents) of \(fraud.events)", "\(fraud.stoppedPayouts) of \(fraud.payouts)",
        Figures.money(fraud.amount), Figures.money(fraud.stoppedAmount), Figures.money(fraud.lostAmount),
        Figures.mean(fraud.paidBeforeStopMean),
        String(fraud.paidBeforeStopMax), String(fraud.paidByOperationMax),
        Figures.mean(fraud.paidBeforeBlockMean),
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
        [
          "honest payouts held",
          "\(honest.stoppedPayouts) of \(honest.payouts), \(Figures.money(honest.stoppedAmount))",
        ],
        ["precision, events", Figures.percentWithInterval(eventPrecision)],
        ["precision, payouts", Figures.percentWithInterval(payoutPrecision)],
        ["precision, players", Figures.percentWithInterval(playerPrecision)],
        ["recall, events", Figures.percentWithInterval(all.eventRecall)],
        ["recall, payouts", Figures.percentWithInterval(all.payoutRecall)],
        ["recall, players stopped", Figures.percentWithInterval(all.playerRecall)],
        ["amount asked for by frauds", Figures.money(all.amount)],
        ["amount caught", Figures.money(all.stoppedAmount)],
        ["amount lost before they were stopped", Figures.money(all.lostAmount)],
      ])
  }

  private var ruleTable: FigureTable {
    var table = FigureTable(
      title: "Rules",
      heads: [
        "rule", "frauds' events", "honest events", "frauds' players", "honest players", "only it: events",
        "honest events", "players", "amount",
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

  /// What the tables do not say of themselves.
  var remarks: [String] {
    var remarks = [
      "seeds \(plan.seeds.map(String.init).joined(separator: ", ")), of each \(plan.players) honest players and "
        + "\(plan.days) days, strength \(plan.strength), camouflage \(plan.camouflage)"
    ]
    remarks += misses.map { "not reached: \($0)" }
    if !idleRules.isEmpty {
      remarks.append("rules that catch nothing more: " + idleRules.map { "`\($0)`" }.joined(separator: ", "))
    }
    return remarks
  }
}
