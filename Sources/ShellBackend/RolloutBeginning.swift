import ReleaseModel
import TextLayout

/// The first write on the target, and the change of the database.
extension RolloutScript {
  /// Whether a check decides what becomes of the schema when the release is taken back.
  var hasDatabaseBranch: Bool { environment.spec.migration != nil && environment.database != nil }
  var canRest: Bool { environment.canRest }

  var beginRelease: ShellFunction {
    let takesOver: Bash =
      canRest
      ? """
      elif [[ ${MARKER_STATE} == resting ]]; then
        take_over_rest
      """ : .empty
    let knownSchema: Bash = hasDatabaseBranch ? "SCHEMA=${SCHEMA:-${MARKER_SCHEMA}}" : .empty
    // Without a migration nothing has changed the schema, whatever the release before said of it.
    let schema: Bash =
      hasDatabaseBranch ? " \"schema=${SCHEMA}\"" : environment.database != nil ? " schema=" : .empty
    return ShellFunction(
      "begin_release",
      "Takes the target: sets PREVIOUS to the version to go back to, and notes both on the target before anything changes.",
      needs: [
        "die", "stop_release", "write_marker", "target_identify", "read_marker", "is_unfinished", "target_find_live",
      ] + (canRest ? ["take_over_rest"] : []),
      body: """
        target_identify || die 3 "cannot find ${TARGET_TITLE}"
        read_marker || die 3 "the marker on ${TARGET_TITLE} cannot be read"
        if \(isOfAnother); then
          die 3 "run ${MARKER_RUN} (commit ${MARKER_COMMIT:-unknown}) has left ${TARGET_TITLE} unfinished (${MARKER_STATE}); finish that first"
        fi
        if is_unfinished && [[ ${MARKER_RUN} == "${RUN}" ]]; then
          # This run was stopped and started again: the live version may be the candidate by now.
          PREVIOUS=${MARKER_PREVIOUS}
          \(knownSchema)
        \(takesOver)
        else
          target_find_live || stop_release "the live version cannot be read; nothing was touched"
        fi
        if [[ -z ${PREVIOUS} ]]; then
          stop_release "nothing is live on ${TARGET_TITLE}, so there would be nothing to go back to: bring the first version up by hand"
        fi
        printf '%s\\n' "${RUN}" >"${STATE}/begun"
        write_marker state=deploying "run=${RUN}" "previous=${PREVIOUS}" candidate= weight=0 incident= hold= "commit=${GITHUB_SHA:-}"\(schema) ||
          stop_release "the marker could not be written; nothing was touched"
        """)
  }

  /// A test: the marker is that of another run's release, which nobody may begin on top of.
  var isOfAnother: Bash {
    canRest
      ? #"is_unfinished && [[ ${MARKER_RUN} != "${RUN}" && ${MARKER_STATE} != resting ]]"#
      : #"is_unfinished && [[ ${MARKER_RUN} != "${RUN}" ]]"#
  }

  func migrate(_ migration: Migration) -> ShellFunction {
    var words = migration.command.value
    if let path = words.first { words[0] = "./" + path }
    let stop: Bash =
      hasDatabaseBranch
      ? #"stop_release "the migration failed; no traffic was touched""#
      : #"stop_release "the migration failed, and no traffic was touched; see what it left""#
    let branch = environment.database.map { database -> Bash in
      hasDatabaseBranch ? decide(database.compatible) : .empty
    }
    return ShellFunction(
      "migrate", "Changes the database before the version that needs it.",
      needs: ["within_time", "stop_release", "note"]
        + (hasDatabaseBranch
          ? ["target_identify", "read_marker", "is_unfinished", "die", "begin_release"]
            + [ShellName("check", of: environment.database?.compatible.name ?? "").text] : []),
      body: """
        \(branch ?? .empty)
        within_time \(migration.timeout.seconds) \(words: words) || \(stop)
        note migrated "the migration is done"
        """)
  }

  /// Asked before the change, and not again after it: then the answer could be another.
  private func decide(_ check: NamedCheck) -> Bash {
    """
    local outcome=0
    target_identify || die 3 "cannot find ${TARGET_TITLE}"
    read_marker || die 3 "the marker on ${TARGET_TITLE} cannot be read"
    if is_unfinished && [[ ${MARKER_RUN} == "${RUN}" && -n ${MARKER_SCHEMA} ]]; then
      SCHEMA=${MARKER_SCHEMA}
    else
      \(ShellName("check", of: check.name).bash) || outcome=$?
      case ${outcome} in
        0)
          SCHEMA=compatible
          note passed \("\(check.name): the version before can work with the new schema, so a rollback keeps it")
          ;;
        1)
          SCHEMA=incompatible
          note incompatible \("\(check.name): the version before cannot work with the new schema, so a rollback takes it back first")
          ;;
        *) stop_release \("\(check.name) is unknown, so nobody could say what a rollback does to the database; nothing was touched") ;;
      esac
    fi
    # From here on the database may be changed, and the marker says so.
    begin_release
    """
  }
}
