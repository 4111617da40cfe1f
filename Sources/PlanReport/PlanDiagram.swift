import ReleaseModel
import TextLayout

extension PlanReport {
  /// A Mermaid flowchart of the whole release: a row of phases for each environment, with times.
  public static func mermaid(_ plan: ReleasePlan) -> String {
    var chart = Flowchart(direction: "TD")
    var ends: [String: Flowchart.Node] = [:]
    for environment in plan.environments {
      let start = chart.node("\(environment.name)\n\(environment.bestCase) to \(environment.worstCase)", .rounded)
      if let upstream = environment.upstream, let before = ends[upstream] { chart.connect(before, start) }
      var last = start
      for row in rows(environment) {
        let node = chart.node("\(row.name)\n\(row.time)", row.phase.kind == .approval ? .question : .box)
        chart.connect(last, node)
        last = node
      }
      ends[environment.name] = last
    }
    return chart.source + "\n"
  }
}
