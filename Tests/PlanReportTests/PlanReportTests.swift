import Foundation
import PlanReport
import ReleaseModel
import Testing

@Suite struct PlanReportTests {
  @Test func theTextSaysWhatHappensAndHowSoonABadVersionIsFound() throws {
    #expect(
      PlanReport.text(try plan(smallSpec())) == """
        prod, from a tag: 45m to 1h10m, once it may start

          phase                   takes        what happens
          ──────────────────────  ───────────  ───────────────────────────────────────────────
          deploy                  at most 20m  the new version of the target of ops/prod.sh
          verify the new version  at most 5m   smoke
          10%                     15m          judged every 30s
          100%                    30m          judged every 30s
          finish                  –            the version before goes away, and can come back

          a bad version is found by  bad from a shift on  bad at any time  at most so much of all traffic
          ─────────────────────────  ───────────────────  ───────────────  ──────────────────────────────
          error-rate > 3% over 5m    2m58s                8m43s            6m13s

          no data: found within 4m58s
          worst exposure: as if all traffic had met a bad version for 6m13s

        """)
  }

  @Test(arguments: exampleNames) func theJSONHasEveryEnvironmentAndPhase(name: String) throws {
    let plan = try examplePlan(name)
    let data = Data(PlanReport.json(plan).utf8)
    let object = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
    #expect(object["version"] as? Int == 1)
    #expect(object["service"] as? String == plan.service)
    let environments = try #require(object["environments"] as? [[String: Any]])
    #expect(environments.map { $0["name"] as? String } == plan.environments.map(\.name))
    for (value, environment) in zip(environments, plan.environments) {
      let phases = try #require(value["phases"] as? [[String: Any]])
      #expect(phases.map { $0["kind"] as? String } == environment.phases.map(\.kind.rawValue))
      #expect(value["longestSeconds"] as? Int == environment.worstCase.seconds)
      let detections = try #require(value["detections"] as? [[String: Any]])
      #expect(detections.map { $0["atWorstSeconds"] as? Int } == environment.detections.map { $0.atWorst?.seconds })
    }
  }

  @Test(arguments: exampleNames) func theDiagramHasANodeForEachPhase(name: String) throws {
    let plan = try examplePlan(name)
    let lines = PlanReport.mermaid(plan).split(separator: "\n")
    #expect(lines.first == "flowchart TD")
    let nodes = lines.filter { $0.contains(/^  n\d+[\[(\{]/) }
    #expect(nodes.count == plan.environments.reduce(0) { $0 + 1 + $1.phases.count })
    for line in lines.dropFirst() { #expect(line.contains(/^  n\d+([\[(\{].*[\])\}]| -->(\|.*\|)? n\d+)$/), "\(line)") }
  }

  /// What a terminal would obey never gets there.
  @Test func titlesCannotMoveTheCursor() throws {
    let text = smallSpec().replacingOccurrences(of: "smoke: { probe", with: "smoke: { title: \"a\\u001B[2Jb\", probe")
      .replacingOccurrences(of: "      rollback:", with: "      verify: [smoke]\n      rollback:")
    let report = PlanReport.text(try plan(text))
    #expect(report.contains("a [2Jb"))
    #expect(!report.unicodeScalars.contains("\u{1B}"))
  }
}
