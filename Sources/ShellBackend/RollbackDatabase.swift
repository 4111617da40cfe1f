import ReleaseModel
import TextLayout

/// The schema goes back before the traffic does, when the version before cannot work with the new one.
///
/// When that fails, the traffic stays: a version that cannot read the schema is broken for everybody, and may write what
/// nobody can read afterwards. Whoever knows better says `--keep-schema`.
extension RollbackScript {
  /// What decides about the schema; nothing without a migration, which alone changes it.
  var database: Rollback.DatabaseBranch? {
    environment.spec.migration == nil ? nil : environment.database?.branch
  }

  func takeSchemaBack(_ branch: Rollback.DatabaseBranch) -> ShellFunction {
    var words = branch.otherwise.value
    if let path = words.first { words[0] = "./" + path }
    return ShellFunction(
      "take_schema_back", "Runs the way back of the database, if this release needs it and it has not been gone yet.",
      needs: ["write_marker", "note", "say", "complain", "within_time", "lease"],
      body: """
        # The marker speaks of the schema only while it speaks of the version that is taken back.
        if [[ ${CANDIDATE} != "${MARKER_CANDIDATE}" || ${PREVIOUS} == "${MARKER_CANDIDATE}" || ${MARKER_STATE} == rolled-back ]]; then
          return 0
        fi
        case ${MARKER_SCHEMA} in
          incompatible | restoring | restore-failed) ;;
          *) return 0 ;;
        esac
        if [[ -n ${KEEP_SCHEMA} ]]; then
          complain "the schema stays as it is, as you asked; ${PREVIOUS} was said to be unable to work with the new one"
          return 0
        fi
        if [[ -n ${DRY_RUN} ]]; then
          printf '  %s    # first: the schema goes back, at most %ss\\n' \(literal(words)) \(branch.timeout.seconds)
          return 0
        fi
        if [[ ${MARKER_SCHEMA} == restore-failed && -n ${IF_NEEDED} ]]; then
          complain "taking the schema back has failed before; a person decides whether it is tried again"
          return 1
        fi
        write_marker state=rolling-back "run=${RUN}" "previous=${PREVIOUS}" "candidate=${CANDIDATE}" schema=restoring "$(lease $((LEASE + \(branch.timeout.seconds))))" ||
          complain "the marker could not be written; going on"
        note restoring-schema "the schema goes back before the traffic does"
        if ! within_time \(branch.timeout.seconds) \(words: words); then
          write_marker schema=restore-failed || say "the marker does not know that it failed"
          return 1
        fi
        note restored-schema "the schema is back"
        write_marker schema=restored || complain "the marker does not know that the schema is back: add --keep-schema when you run this again"
        """)
  }

  /// Goes before the traffic is moved.
  func schemaFirst(_ branch: Rollback.DatabaseBranch) -> Bash {
    let last =
      branch.lastResort.map { "Last resort: " + $0.value.joined(separator: " ") + ". " }
      ?? "Bring the schema back by hand. "
    return """
      if ! take_schema_back; then
        note rollback-failed "the schema could not be taken back"
        leave_note "NOT DONE: the schema could not be taken back, so the traffic was left where it is"
        give_up 6 \("THE SCHEMA COULD NOT BE TAKEN BACK, so the traffic was left where it is: the version before cannot work with it. \(last)When the schema is back, or to move the traffic all the same, run this again with --keep-schema (keep-schema in the rollback workflow)")
      fi
      """
  }

  /// One word: how a person would type it.
  private func literal(_ words: [String]) -> Bash { "\(Bash("\(words: words)").source)" }
}
