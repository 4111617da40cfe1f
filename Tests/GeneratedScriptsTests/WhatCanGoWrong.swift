import ReleaseModel

extension EnvironmentPlan {
  /// Everything in a release of this environment that can be answered badly, as `kind: name`. A suite that trips each of
  /// them compares its table with this, so that whatever is added to a spec needs a test.
  var whatCanGoWrong: [String] {
    func each(_ kind: String, _ names: [String]) -> [String] { names.map { "\(kind): \($0)" } }
    let held = steps.enumerated().flatMap { index, step in
      each("step \(index + 1)", step.require.map(\.condition.text))
        + each("step \(index + 1) fails", step.failWhen.map(\.condition.text))
    }
    return each("gate", gates.map(\.name)) + each("approval", approvals.map(\.environment))
      + (spec.window == nil ? [] : ["window"]) + each("freeze", freezes.map(\.reason))
      + each("check", preconditions.map(\.name)) + each("candidate", candidateChecks.map(\.name)) + held
      + each("stabilise", stabilisation?.step.require.map(\.condition.text) ?? [])
      + each("stabilise", stabilisation?.verify.map(\.name) ?? []) + each("verify", verify.map(\.name))
      + each("when", rollbackWhen.filter { !$0.condition.isManual }.map(\.condition.text))
      + each("rollback", rollbackVerify.map(\.name)) + each("recovered", recovered.map(\.condition.text))
  }
}
