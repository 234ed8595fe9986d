/// Pieces of SVG. Charts are as wide as the page, in percent, and as high as they say, in pixels, so that neither text nor
/// lines are stretched on any screen.
enum Drawing {
  /// A chart within its frame: axes stand in the frame's margin.
  static func chart(
    _ name: String, title: Markup, description: Markup, height: Int, _ content: Markup
  ) -> Markup {
    """
    <div class="frame"><svg class="chart" id="chart-\(name)" width="100%" height="\(height)" role="img" \
    aria-labelledby="chart-\(name)-title chart-\(name)-description">
    <title id="chart-\(name)-title">\(title)</title><desc id="chart-\(name)-description">\(description)</desc>
    \(content)</svg></div>

    """
  }

  /// 12.345 percent of a share; three decimals are finer than any screen.
  static func percent(_ share: Double) -> Markup { "\(decimal(share * 100))%" }

  /// At most three decimals, the same on every machine.
  static func decimal(_ value: Double) -> Markup {
    guard value.magnitude < 1e12 else { return "0" }
    let thousandths = Int((value * 1_000).rounded())
    let (whole, rest) = thousandths.magnitude.quotientAndRemainder(dividingBy: 1_000)
    let sign = thousandths < 0 ? "-" : ""
    if rest == 0 { return "\(sign)\(Int(whole))" }
    var digits = String(rest + 1_000).dropFirst()
    while digits.last == "0" { digits.removeLast() }
    return "\(sign)\(Int(whole)).\(String(digits))"
  }

  /// Names under the chart for the scores of `axis`.
  static func scoreTicks(_ axis: ScoreAxis, height: Int) -> Markup {
    let labels = axis.ticks.enumerated().map { index, score -> Markup in
      let place = percent(axis.place(score))
      let kind: Markup = index % 2 == 1 ? " class=\"minor\"" : ""
      return """
        <g\(kind)><line class="tick" x1="\(place)" x2="\(place)" y1="\(height)" y2="\(height + 5)"/>\
        <text class="axis" x="\(place)" y="\(height + 18)">\(grouped(score))</text></g>
        """
    }
    return
      "<line class=\"axis-line\" x1=\"0\" x2=\"100%\" y1=\"\(height)\" y2=\"\(height)\"/>\(Array(labels))"
  }

  /// Horizontal lines with their names at the left: shares of `height` from the bottom.
  static func grid(_ lines: [(Double, String)], height: Int) -> Markup {
    .joined(
      lines.map { share, name in
        let place = decimal(Double(height) * (1 - share))
        return """
          <line class="grid" x1="0" x2="100%" y1="\(place)" y2="\(place)"/>\
          <text class="axis left" x="-8" y="\(place)" dy="4">\(name)</text>
          """
      })
  }

  /// The two thresholds, which the page's script moves.
  static func thresholdLines(_ axis: ScoreAxis, review: Int, block: Int, height: Int) -> Markup {
    func line(_ name: String, _ score: Int) -> Markup {
      let place = percent(axis.place(score))
      return "<line class=\"threshold \(name)\" x1=\"\(place)\" x2=\"\(place)\" y1=\"0\" y2=\"\(height)\"/>"
    }
    return "\(line("review", review))\(line("block", block))"
  }

  /// A line of steps through a field of 1000 by 1000 that is stretched over the chart.
  static func field(height: Int, _ paths: [Markup]) -> Markup {
    "<svg viewBox=\"0 0 1000 1000\" preserveAspectRatio=\"none\" width=\"100%\" height=\"\(height)\">\(paths)</svg>"
  }

  /// Each value holds to its place from the place before; nil is a gap. Places and values are 0 to 1.
  static func steps(_ points: [(Double, Double?)]) -> Markup {
    var path = Markup()
    var from = 0.0
    var isDrawing = false
    for (place, value) in points {
      if let value {
        let (x, y) = (decimal(from * 1_000), decimal((1 - value) * 1_000))
        path += isDrawing ? "V\(y)H\(decimal(place * 1_000))" : "M\(x) \(y)H\(decimal(place * 1_000))"
        isDrawing = true
      } else {
        isDrawing = false
      }
      from = place
    }
    return path
  }
}
