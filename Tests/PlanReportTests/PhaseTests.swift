import ReleaseModel
import Testing

@Suite struct PhaseTests {
  /// The phases that the job of a rollout goes through, as the plan counts them elsewhere.
  @Test(arguments: exampleNames) func thePhasesOfARolloutTakeAsLongAsItsWorstCase(name: String) throws {
    let before: Set<Phase.Kind> = [.gates, .approval, .window]
    for environment in try examplePlan(name).environments {
      let phases = environment.phases.filter { !before.contains($0.kind) }
      let longest = phases.reduce(TimeSpan.zero) { $0 + ($1.longest ?? .zero) }
      #expect(longest == environment.worstCase, "\(environment.name)")
      let shortest = phases.reduce(TimeSpan.zero) { $0 + $1.shortest }
      #expect(shortest == environment.bestCase, "\(environment.name)")
      #expect(phases.allSatisfy { $0.longest != nil })
    }
  }

  @Test(arguments: exampleNames) func everythingThatIsAskedIsInAPhase(name: String) throws {
    for environment in try examplePlan(name).environments {
      let phases = environment.phases
      let checks = phases.flatMap { $0.checks.map(\.name) }
      let expected =
        environment.preconditions + environment.candidateChecks + (environment.stabilisation?.verify ?? [])
        + environment.verify + environment.report
      for check in expected { #expect(checks.contains(check.name), "\(environment.name): \(check.name)") }
      #expect(phases.filter { $0.kind == .step }.map(\.weight) == environment.steps.map(\.weight))
      #expect(phases.filter { $0.kind == .approval }.count == environment.approvals.count)
      let required = phases.flatMap { $0.required.map(\.condition.text) }
      #expect(required == environment.heldSteps.flatMap { $0.require.map(\.condition.text) })
    }
  }

  /// Twenty minutes for the platform, five for the check of the candidate, and the holds.
  @Test func whatAddsUpIsWhatAPersonWouldAdd() throws {
    let usual = try #require(try plan(smallSpec()).environment("prod")).worstCase
    #expect(usual == .minutes(20 + 5 + 15 + 30))
  }
}
