import ReleaseModel

extension EnvironmentPlan {
  /// Everything that is asked of a metric or a check while a share of the traffic is held.
  var stepConditions: [PlannedCondition] { heldSteps.flatMap { $0.require + $0.failWhen } }
}
