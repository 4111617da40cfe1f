/// How a release ended: one of the four states in which it may be left, or none of them.
public enum Ending: String, Sendable, CaseIterable {
  case promoted
  case rolledBack = "rolled-back"
  case resting
  case stopped = "stopped-before-traffic"
  /// The traffic is somewhere, and nothing says that it should be there.
  case undeclared

  /// Whether it is a state that a release may be left in.
  public var isDeclared: Bool { self != .undeclared }

  public func words(weight: Int) -> String {
    switch self {
    case .promoted: "promoted and verified"
    case .rolledBack: "rolled back and verified"
    case .resting: "resting at \(weight) % and watched"
    case .stopped: "stopped before traffic moved"
    case .undeclared: "NOT in a declared state"
    }
  }
}
