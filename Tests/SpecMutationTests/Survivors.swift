/// Why what is not found is not found: each kind with a reason that a reader can judge.
enum Survivors {
  static func reason(for outcome: Outcome) -> String? {
    let mutation = outcome.mutation
    switch mutation.operation {
    case .widenScope:
      return "A secret whose only use is said in its purpose: nothing tells where it is needed."
    case .lengthen where mutation.path.pattern.hasPrefix("alerts"):
      return "An alert that comes later, but not as late as `late-alert` calls too late."
    case .lengthen:
      return "A condition that takes longer and still fits into the hold: found where a `detection-budget` is declared."
    case .scale, .changeUnit:
      return
        "A limit that stands alone: nothing else in the spec speaks of the same thing, so only a policy can judge it."
    case .swapOrder: return "An environment that comes after an earlier one, whose checks happen to be the same."
    case .dropElement where mutation.path.pattern == "secrets.*.in[]":
      return "A secret taken out of an environment in which nothing of the spec needs it."
    case .dropKey, .dropElement, .emptyList, .dropClause, .mixUp, .weakenCell, .moveWindow:
      return outcome.effect == .worse(Effect.idle)
        ? "What became idle is still named in a place that the rules take for a use."
        : "What is left is a whole of its own."
    case .repeatElement, .invert, .mergeApprovals, .swapSteps, .openTrigger, .misspell: return nil
    }
  }
}
