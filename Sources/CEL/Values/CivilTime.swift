/// A timestamp as calendar and clock show it, some seconds east of UTC.
package struct CivilTime: Hashable, Sendable {
  package let date: CivilDate
  package let hour: Int
  package let minute: Int
  package let second: Int
  package let nanoseconds: Int

  package init(_ timestamp: Timestamp, offsetSeconds: Int) {
    let local = Int(timestamp.seconds) + offsetSeconds
    var days = local / 86_400
    var rest = local % 86_400
    if rest < 0 {
      rest += 86_400
      days -= 1
    }
    date = CivilDate(daysSinceEpoch: days)
    hour = rest / 3_600
    minute = rest / 60 % 60
    second = rest % 60
    nanoseconds = Int(timestamp.nanoseconds)
  }
}
