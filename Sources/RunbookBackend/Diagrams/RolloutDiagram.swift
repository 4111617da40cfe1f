import ReleaseModel
import TextLayout

/// The states of one rollout, and the ways back.
enum RolloutDiagram {
  static func source(_ environment: EnvironmentPlan) -> String {
    var chart = Flowchart(direction: "TD")
    let noun = environment.operations.versionNoun
    var last = chart.node("Gates and approvals passed", .rounded)
    var beforeTraffic: [Flowchart.Node] = []
    var withTraffic: [Flowchart.Node] = []
    func add(_ text: String, to list: inout [Flowchart.Node]) {
      let node = chart.node(text)
      chart.connect(last, node)
      list.append(node)
      last = node
    }

    let checks = environment.preconditions.map(\.title)
    add((["Preflight"] + checks).joined(separator: "\n"), to: &beforeTraffic)
    if environment.spec.migration != nil { add("Migration", to: &beforeTraffic) }
    let candidate = "Verify\n" + environment.candidateChecks.map(\.title).joined(separator: "\n")
    switch environment.strategy {
    case .canary:
      add("Deploy the new \(noun), no traffic", to: &withTraffic)
      if !environment.candidateChecks.isEmpty { add(candidate, to: &withTraffic) }
      for step in environment.steps { add("\(step.weight)% for \(Words.time(step.hold))", to: &withTraffic) }
    case .blueGreen:
      add("Deploy the new \(noun) beside the old one", to: &withTraffic)
      if !environment.candidateChecks.isEmpty { add(candidate, to: &withTraffic) }
      for step in environment.steps {
        add("Switch all traffic, watch for \(Words.time(step.hold))", to: &withTraffic)
      }
    case .rolling:
      add("Replace the old \(noun)", to: &withTraffic)
      if !environment.candidateChecks.isEmpty { add(candidate, to: &withTraffic) }
      for step in environment.steps { add("Watch for \(Words.time(step.hold))", to: &withTraffic) }
    }
    if !environment.operations.finish.isEmpty { add("Finish: only the new \(noun) stays", to: &withTraffic) }
    if !environment.verify.isEmpty {
      add("Verify in \(environment.name)\n" + environment.verify.map(\.title).joined(separator: "\n"), to: &withTraffic)
    }
    if !environment.report.isEmpty {
      let node = chart.node("Report\n" + environment.report.map(\.title).joined(separator: "\n"))
      chart.connect(last, node)
      last = node
    }
    let done = chart.node("Done", .rounded)
    chart.connect(last, done)

    let stopped = chart.node("Stopped, no traffic moved", .rounded)
    for node in beforeTraffic { chart.connect(node, stopped, "fails", .dotted) }
    let back = chart.node("Roll back: all traffic to the previous \(noun)")
    for node in withTraffic { chart.connect(node, back, "fails", .dotted) }
    let restored = chart.node("Rolled back and verified", .rounded)
    chart.connect(back, restored)
    return chart.source
  }
}
