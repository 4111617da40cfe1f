import ReleaseModel
import TextLayout

/// The time at 100 % in which the version before can still come back at once.
extension RolloutScript {
  func stabilise(_ part: PlannedStabilisation) -> ShellFunction {
    let before = environment.steps.last?.hold ?? .zero
    let verified: Bash =
      part.verify.isEmpty
      ? .empty
      : """
      \(probes ? "PROBE_URL=${PUBLIC_URL}" : .empty as Bash)
      \(judged(part.verify, patience: 60, "at the end of the stabilisation"))
      """
    return ShellFunction(
      "stabilise", "100 % for \(part.step.hold), with the version before still there to go back to at once.",
      needs: [
        "own_release", "locate_candidate", "write_marker", "stop_release", "target_live_weight", "hold", "note", "now",
      ]
        + watched.functionNames + part.step.require.indices.map { "stabilise_\($0)" }
        + (part.verify.isEmpty ? [] : ["insist"] + part.verify.map { ShellName("check", of: $0.name).text }),
      body: """
        local live\(part.verify.isEmpty ? .empty : " outcome" as Bash)
        own_release
        locate_candidate
        write_marker state=verifying weight=100 || stop_release "the marker could not be written"
        live=$(target_live_weight) || stop_release "the traffic split cannot be read"
        if [[ ${live} != 100 ]]; then
          stop_release "this is for 100 %, and the new version has ${live} %"
        fi
        WEIGHT=100
        SETTLE=0
        # The last step has held 100 % for as long already.
        CHANGED_AT=$(($(now) - \(before.seconds)))
        note stabilising \("100 % for another \(part.step.hold), with the version before still there")
        hold "$(now)" \(part.step.hold.seconds) stabilise \(part.step.require.count) \(environment.holdAllowance(part.step).seconds)
        \(verified)
        note stabilised "the new version may become the only one"
        """)
  }
}
