/// Why what is not found is not found: each kind with a reason that a reader can judge.
enum Survivors {
  static func reason(for outcome: Outcome) -> String? {
    let mutation = outcome.mutation
    return nil
  }
}
