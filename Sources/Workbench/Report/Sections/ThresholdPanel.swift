internal import RuleSets

/// The two sliders and the figures that follow them; stays in sight while the charts that follow them are read.
struct ThresholdPanel {
  let context: ReportContext

  var markup: Markup {
    let thresholds = context.report.identity.thresholds
    return """
      <div class="panel" id="panel" role="region" aria-label="Thresholds">
      <div class="sliders">
      \(slider("review", "Review from score", thresholds.review))
      \(slider("block", "Block from score", thresholds.block))
      </div>
      <div><dl class="tiles">\(tiles)</dl>
      <p class="actions"><button type="button" id="reset" disabled>Back to the rules’ own thresholds</button>\
      \(currencies)</p></div>
      </div>

      """
  }

  private func slider(_ name: String, _ label: Markup, _ value: Int) -> Markup {
    """
    <div class="slider"><label for="\(name)">\(label)</label>\
    <output for="\(name)" id="\(name)-value" data-figure="\(name)-from">\(grouped(value))</output>
    <input type="range" id="\(name)" min="0" max="\(context.axis.end)" step="1" value="\(value)" autocomplete="off"></div>
    """
  }

  private var currencies: Markup {
    let currencies = context.report.currencies
    guard currencies.count > 1 else { return "" }
    let options = currencies.indices.map {
      "<option value=\"\($0)\">\(currencies[$0].name)</option>" as Markup
    }
    return """
       <label>Amounts in <select id="currency" autocomplete="off">\(options)</select></label>
      """
  }

  private var tiles: Markup {
    var tiles = tile("Flagged", "alerts-share", note: "\(context.live("alerts")) events")
    guard context.report.hasLabels else {
      return tiles
        + tile("Reviewed", "review", note: "\(context.live("review-share")) of events")
        + tile("Blocked", "block", note: "\(context.live("block-share")) of events")
    }
    tiles += tile("Precision", "precision", note: "95 %: \(context.live("precision-range"))")
    tiles += tile("Frauds caught", "recall", note: "\(context.live("caught")) of \(context.live("frauds"))")
    if context.report.hasAmounts {
      tiles += tile("Amount caught", "amount-recall", note: "\(context.live("amount-caught"))")
    }
    return tiles + tile("False alerts", "false-alerts", note: "honest events flagged")
  }

  /// `was` shows when a slider has moved.
  private func tile(_ name: Markup, _ figure: String, note: Markup) -> Markup {
    """
    <div><dt>\(name)</dt><dd>\(context.live(figure))\
    <span class="was" aria-hidden="true">was \(context.figures[figure])</span></dd>\
    <dd class="note">\(note)</dd></div>
    """
  }
}

extension ReplayReport.Currency {
  /// How the currency is called where amounts have none.
  var name: String { code.isEmpty ? "units" : code }
}
