internal import Crypto
internal import Foundation

/// The page about a replay: one HTML file that needs nothing else.
///
/// It forbids itself every request. Of scripts and styles it allows only its own, by their hashes: a text that came from an
/// event could not become one even if it were not escaped.
package struct ReportPage {
  private let context: ReportContext

  /// The page that shows `report`.
  package init(_ report: ReplayReport) { context = ReportContext(report) }

  /// The whole file.
  package var html: String {
    let data = Markup(trusted: ReportData.json(context.report, context.axis).encodedForScript())
    let page: Markup = """
      <!DOCTYPE html>
      <html lang="en">
      <head>
      <meta charset="utf-8">
      <meta http-equiv="Content-Security-Policy" content="\(Self.policy)">
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <meta name="color-scheme" content="light dark">
      <meta name="referrer" content="no-referrer">
      <title>\(context.report.identity.name): replay report</title>
      <style>\(Markup(trusted: Self.style))</style>
      </head>
      <body>
      \(Self.patterns)<main>
      \(content)</main>
      <script type="application/json" id="data">\(data)</script>
      <script>\(Markup(trusted: Self.script))</script>
      </body>
      </html>

      """
    return page.text
  }

  private var content: Markup {
    let context = context
    let opening = OpeningSection(context: context).markup
    let rest: Markup = """
      \(ChangeSection(context: context).markup)\(KindSection(context: context).markup)\
      \(RuleSection(context: context).markup)\
      \(OverlapSection(context: context).markup)\(HealthSection(context: context).markup)\
      \(IdentitySection(context: context).markup)
      """
    guard context.standing.events > 0 else {
      return "\(opening)\(HealthSection(context: context).markup)\(IdentitySection(context: context).markup)"
    }
    return """
      \(opening)<div class="experiment">
      \(ThresholdPanel(context: context).markup)\(OutcomeSection(context: context).markup)\
      \(ScoreSection(context: context).markup)\(CurveSection(context: context).markup)\
      \(CostSection(context: context).markup)\(DaySection(context: context).markup)</div>
      \(rest)
      """
  }

  private static let style = String(decoding: PackageResources.report_css, as: UTF8.self)
  private static let script = String(decoding: PackageResources.report_js, as: UTF8.self)

  private static var policy: Markup {
    """
    default-src 'none'; script-src 'sha256-\(hash(script))'; style-src 'sha256-\(hash(style))'; base-uri 'none'; \
    form-action 'none'
    """
  }

  private static func hash(_ text: String) -> String {
    Base64.text(Array(SHA256.hash(data: Array(text.utf8))))
  }

  /// Hatches, so that colours are not all that tells things apart.
  private static let patterns: Markup = """
    <svg class="patterns" width="0" height="0" aria-hidden="true"><defs>
    <pattern id="hatch-fraud" width="5" height="5" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">\
    <rect width="5" height="5" class="ground"/><rect width="2.5" height="5" class="ink"/></pattern>
    <pattern id="hatch-review" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(-45)">\
    <rect width="6" height="6" class="ground"/><rect width="2" height="6" class="ink"/></pattern>
    <pattern id="dots-unknown" width="5" height="5" patternUnits="userSpaceOnUse">\
    <rect width="5" height="5" class="ground"/><circle cx="2.5" cy="2.5" r="1.2" class="ink"/></pattern>
    </defs></svg>

    """
}

/// Bytes as text, for hashes.
enum Base64 {
  private static let digits = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")

  static func text(_ bytes: [UInt8]) -> String {
    var result = ""
    for start in stride(from: 0, to: bytes.count, by: 3) {
      let group = (0..<3).map { start + $0 < bytes.count ? Int(bytes[start + $0]) : 0 }
      let bits = group[0] << 16 | group[1] << 8 | group[2]
      for place in 0..<4 {
        result.append(start + place > bytes.count ? "=" : digits[bits >> (18 - 6 * place) & 63])
      }
    }
    return result
  }
}
