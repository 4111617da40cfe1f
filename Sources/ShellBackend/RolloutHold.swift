import ReleaseModel
import TextLayout

/// A person holds a release at the weight that it has, and lets it go on. Both are notes on the target: the run that does the
/// release may be anywhere, and reads them at the end of each step.
extension RolloutScript {
  /// What can be held, by the weight under which the marker knows it.
  private var holdable: [(weight: Int, allowance: TimeSpan)] {
    environment.heldSteps.map { ($0.weight, environment.holdAllowance($0)) }
  }

  private static let whose: Bash = #"""
    target_identify || die 3 "cannot find ${TARGET_TITLE}"
    read_marker || die 3 "the marker on ${TARGET_TITLE} cannot be read"
    case ${MARKER_STATE} in
      rolling-out | verifying) ;;
      *) die 3 "no release is being rolled out on ${TARGET_TITLE} (${MARKER_STATE:-no state}); nothing was touched" ;;
    esac
    """#

  var holdRelease: ShellFunction {
    // Of a step and the stabilisation behind it, which have one weight, the shorter allowance is what can be relied on.
    let allowances = Dictionary(holdable.map { ($0.weight, $0.allowance) }, uniquingKeysWith: min)
    let cases = allowances.sorted { $0.key < $1.key }.map { weight, allowance -> Bash in
      allowance > .zero
        ? "\(weight)) limit=\(allowance.seconds) ;;"
        : """
        \(weight)) die 3 "at ${MARKER_WEIGHT} % there is no time to hold it: the login of that step ends; abort it or let it go on" ;;
        """
    }
    return ShellFunction(
      "hold_release", "The release that is under way stays at its weight, watched, until `resume`.",
      needs: ["die", "note", "read_marker", "target_identify", "write_marker"],
      body: """
        local limit=0
        \(Self.whose)
        case ${MARKER_WEIGHT} in
          \(Bash.lines(cases))
          *) die 3 "nothing is held at ${MARKER_WEIGHT:-no} %; nothing was touched" ;;
        esac
        write_marker "hold=${GITHUB_ACTOR:-$(id -un)}" || die 1 "the marker could not be written: the release is not held"
        note hold "the release of run ${MARKER_RUN} stays at ${MARKER_WEIGHT} % after its step, for at most ${limit}s; then it is taken back"
        """)
  }

  var resumeRelease: ShellFunction {
    ShellFunction(
      "resume_release", "A release that is held goes on, once what its step requires is so.",
      needs: ["die", "note", "read_marker", "say", "target_identify", "write_marker"],
      body: """
        \(Self.whose)
        if [[ -z ${MARKER_HOLD} ]]; then
          say "nobody holds it; nothing was touched"
          return 0
        fi
        write_marker hold= || die 1 "the marker could not be written: the release is still held"
        note resume "the release of run ${MARKER_RUN} goes on"
        """)
  }
}
