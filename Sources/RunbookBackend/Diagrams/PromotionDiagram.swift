import ReleaseModel
import TextLayout

/// The way of a version through the environments, with everything that it has to pass.
enum PromotionDiagram {
  static func source(_ plan: ReleasePlan) -> String {
    var chart = Flowchart(direction: "TD")
    var environments: [String: Flowchart.Node] = [:]
    let merge = plan.beforeMerge.map { merge in
      chart.node("Before merge\n" + merge.gates.map(\.title).joined(separator: "\n"), .question)
    }
    for environment in plan.environments {
      let start = chart.node(origin(environment.spec.trigger), .rounded)
      if let upstream = environment.upstream.flatMap({ environments[$0] }) {
        chart.connect(upstream, start, "proved")
      } else if let merge, environment.spec.trigger.push != nil {
        chart.connect(merge, start)
      }
      var last = start
      let blocking = environment.gates.filter {
        $0.requirement == .required || $0.requirement == .requiredForCandidates
      }
      if !blocking.isEmpty {
        let gates = chart.node("Gates\n" + blocking.map(\.title).joined(separator: "\n"), .question)
        chart.connect(last, gates)
        last = gates
      }
      for approval in environment.approvals {
        let titles = approval.roles.map(plan.title(ofRole:)).joined(separator: " or ")
        let person = chart.node("\(titles) approves", .question)
        chart.connect(last, person)
        last = person
      }
      let node = chart.node("\(environment.name)\n\(RolloutWords.short(environment))")
      chart.connect(last, node)
      environments[environment.name] = node
    }
    return chart.source
  }

  private static func origin(_ trigger: Trigger) -> String {
    var ways: [String] = []
    if let push = trigger.push { ways.append("Push to " + push.branches.map(\.value).joined(separator: ", ")) }
    if !trigger.tags.isEmpty { ways.append("Tag " + trigger.tags.map(\.value.filter).joined(separator: ", ")) }
    if let manual = trigger.manual {
      ways.append(
        manual.tags.isEmpty
          ? "Started by hand" : "Started by hand from tag " + manual.tags.map(\.value.filter).joined(separator: ", "))
    }
    return ways.joined(separator: "\nor ")
  }
}

enum RolloutWords {
  /// `canary 5% → 25% → 100%`
  static func short(_ environment: EnvironmentPlan) -> String {
    switch environment.strategy {
    case .canary: "canary " + environment.steps.map { "\($0.weight)%" }.joined(separator: " → ")
    case .blueGreen: "blue-green, watched for \(Words.time(environment.holdTotal))"
    case .rolling: "rolling, watched for \(Words.time(environment.holdTotal))"
    }
  }
}
