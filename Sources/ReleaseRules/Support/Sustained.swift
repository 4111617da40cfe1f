import ReleaseModel

extension Sustained {
  /// How long that is when conditions are judged once in `interval`. A count that no rollout could ever reach is cut.
  func length(checkedEvery interval: TimeSpan) -> TimeSpan {
    switch self {
    case .time(let span): return span
    case .checks(let count):
      let (product, overflow) = interval.milliseconds.multipliedReportingOverflow(by: count)
      // A century, the longest that a spec can write.
      return TimeSpan(milliseconds: overflow ? 3_155_760_000_000 : min(product, 3_155_760_000_000))
    }
  }
}
