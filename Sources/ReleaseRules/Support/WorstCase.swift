import ReleaseModel

extension EnvironmentPlan {
  /// What `worstCase` is the sum of, for a person.
  var worstCaseText: String {
    let extensions = heldSteps.reduce(TimeSpan.zero) { $0 + $1.longestExtension }
    let extended = extensions == .zero ? "" : ", \(extensions) by which they are extended when data are missing"
    let rest = canRest ? ", \(spec.rollout.restLimit) of rest" : ""
    let migration = spec.migration == nil ? "" : ", the migration"
    return
      "counted are \(holdTotal) of holds\(extended)\(rest), all checks' timeouts\(migration), and what the platform needs"
  }
}
