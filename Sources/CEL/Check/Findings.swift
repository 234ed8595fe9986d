/// What a check found so far; capped, so that a long expression full of mistakes costs no more than a short one.
struct Findings {
  /// Findings of each severity that are kept.
  static let countMax = 20

  private var errors: [ExpressionDiagnostic] = []
  private var warnings: [ExpressionDiagnostic] = []

  /// Whether another error would be kept; asked before a hint is worked out at some cost.
  var hasRoom: Bool { errors.count < Self.countMax }

  /// The same for warnings.
  var hasRoomForWarnings: Bool { warnings.count < Self.countMax }

  mutating func add(
    _ code: ExpressionDiagnostic.Code, severity: ExpressionDiagnostic.Severity = .error, _ span: Range<Int>,
    _ message: String, hint: String? = nil
  ) {
    guard (severity == .error ? errors : warnings).count < Self.countMax else { return }
    let finding = ExpressionDiagnostic(code, severity: severity, span, message, hint: hint)
    if severity == .error { errors.append(finding) } else { warnings.append(finding) }
  }

  /// In the order of their places.
  func sorted(of severity: ExpressionDiagnostic.Severity) -> [ExpressionDiagnostic] {
    (severity == .error ? errors : warnings).sorted {
      ($0.span.lowerBound, $0.span.upperBound, $0.code) < ($1.span.lowerBound, $1.span.upperBound, $1.code)
    }
  }
}
