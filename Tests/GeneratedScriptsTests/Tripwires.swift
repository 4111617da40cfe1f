import ReleaseModel

extension EnvironmentPlan {
  /// Everything in the plan that can stop a release of this environment or take it back by itself, a line each. Tests of an example
  /// trip them one by one, and compare what they trip with this: what is added to a spec needs a test.
  var tripwires: Set<String> {
    var found: [String] = gates.map { "gate \($0.name)" } + approvals.map { "approval \($0.environment)" }
    if spec.window != nil { found.append("window") }
    found += freezes.map { "freeze \($0.reason)" }
    found += preconditions.map { "precondition \($0.name)" }
    found += candidateChecks.map { "candidate \($0.name)" }
    for (index, step) in steps.enumerated() {
      found += step.require.map { "step \(index + 1) requires \($0.condition.text)" }
      found += step.failWhen.map { "step \(index + 1) fails when \($0.condition.text)" }
    }
    found += rollbackWhen.filter { !$0.condition.isManual }.map { "rollback when \($0.condition.text)" }
    if let stabilisation {
      found += stabilisation.step.require.map { "stabilisation requires \($0.condition.text)" }
      found += stabilisation.step.failWhen.map { "stabilisation fails when \($0.condition.text)" }
      found += stabilisation.verify.map { "stabilisation verifies \($0.name)" }
    }
    found += verify.map { "verify \($0.name)" } + report.map { "report \($0.name)" }
    found += rollbackVerify.map { "rollback verifies \($0.name)" } + recovered.map { "recovered \($0.condition.text)" }
    return Set(found)
  }
}
