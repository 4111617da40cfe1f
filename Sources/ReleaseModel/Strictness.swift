/// How much a cell of the promotion matrix asks, from the least to the most.
public enum Strictness: Int, Sendable, Comparable, CaseIterable {
  case notApplicable
  /// Runs when asked.
  case optional
  /// Runs and reports, and does not block.
  case recommended
  /// Blocks release candidates, and is optional for any other ref.
  case requiredForCandidates
  case required

  public static func < (left: Strictness, right: Strictness) -> Bool { left.rawValue < right.rawValue }

  /// As a policy writes it.
  public var word: String {
    switch self {
    case .notApplicable: "not-applicable"
    case .optional: "optional"
    case .recommended: "recommended"
    case .requiredForCandidates: "required-for-candidates"
    case .required: "required"
    }
  }
}

extension PromotionCell {
  /// How much it asks. Approvals and a soak that blocks ask as much as `required`; what they ask for is another question.
  public var strictness: Strictness {
    switch self {
    case .notApplicable: .notApplicable
    case .optional: .optional
    case .recommended, .soak(_, isRequired: false): .recommended
    case .requiredForCandidates: .requiredForCandidates
    case .required, .soak(_, isRequired: true), .approvals: .required
    }
  }
}
