import ReleaseModel
import TextLayout

extension PlanReport {
  /// For a terminal: for each environment a table of its phases, and one of how soon a bad version is found.
  public static func text(_ plan: ReleasePlan) -> String {
    plan.environments.map { section($0) }.joined(separator: "\n")
  }

  private static func section(_ environment: EnvironmentPlan) -> String {
    var text =
      "\(environment.name), \(origin(environment)): \(environment.bestCase) to \(environment.worstCase), once it may start\n\n"
    let rows = rows(environment).map { [$0.name, $0.time, $0.what].map(terminalText) }
    text += indented(textTable([["phase", "takes", "what happens"]] + rows))
    let detections = environment.detections
    guard !detections.isEmpty else { return text }
    let found = detections.map { detection in
      [
        detection.planned.condition.text, spoken(detection.fromShift.compactMap { $0 }.max()),
        spoken(detection.atWorst),
        spoken(detection.worstExposure),
      ].map(terminalText)
    }
    text += "\n"
    text += indented(
      textTable(
        [["a bad version is found by", "bad from a shift on", "bad at any time", "at most so much of all traffic"]]
          + found))
    text += "\n  no data: found within \(environment.noDataDetection)\n"
    if let exposure = environment.worstExposure {
      text += "  worst exposure: as if all traffic had met a bad version for \(exposure.rounded)\n"
    }
    return text
  }

  private static func spoken(_ time: TimeSpan?) -> String { time.map { "\($0.rounded)" } ?? "maybe never" }

  private static func indented(_ text: String) -> String {
    text.split(separator: "\n").map { "  \($0)\n" }.joined()
  }
}
